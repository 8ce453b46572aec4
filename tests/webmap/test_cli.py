"""The command: what it does, and that every failure a person can mend is a sentence and an exit status."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from webmap.config import Config

NOBODY = {"LANG": "zh_CN.UTF-8", "PATH": os.environ["PATH"]}


def relitu(*args: str, lang: str = "zh_CN.UTF-8") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from webmap.cli import main; main()", *args]
    environment = {**os.environ, "LC_ALL": lang, "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False, encoding="utf-8")


def test_init_fills_a_folder_and_again_changes_nothing(tmp_path: Path) -> None:
    first = relitu("init", "--data", str(tmp_path))
    assert first.returncode == 0, first.stderr
    assert "演示数据 0 项" in first.stdout
    pointer = (tmp_path / "snapshots" / "CURRENT").read_text()
    again = relitu("init", "--data", str(tmp_path))
    assert "新修订 0 项" in again.stdout
    assert (tmp_path / "snapshots" / "CURRENT").read_text() == pointer


def test_demonstration_data_come_and_go(tmp_path: Path) -> None:
    assert "演示数据 189 项" in relitu("init", "--data", str(tmp_path), "--demo").stdout
    assert "189 demonstration" in relitu("init", "--data", str(tmp_path), "--demo", lang="C.UTF-8").stdout
    facts_only = relitu("init", "--data", str(tmp_path), "--no-demo").stdout
    assert "新修订 189 项，其中演示数据 0 项" in facts_only


def test_if_empty_leaves_what_is_published(tmp_path: Path) -> None:
    assert relitu("init", "--data", str(tmp_path), "--demo").returncode == 0
    pointer = (tmp_path / "snapshots" / "CURRENT").read_text()
    assert relitu("init", "--data", str(tmp_path), "--if-empty").returncode == 0
    assert (tmp_path / "snapshots" / "CURRENT").read_text() == pointer


def test_facts_check_reports_and_succeeds() -> None:
    answer = relitu("facts", "check")
    assert answer.returncode == 0, answer.stderr
    assert "138.9" in answer.stdout
    assert "处不一致或存疑" in answer.stdout


def test_doctor_is_content_with_a_sound_installation(config: Config) -> None:
    answer = relitu("doctor", "--data", str(config.data_dir))
    assert answer.returncode == 0, answer.stdout
    assert "✗" not in answer.stdout


def test_doctor_names_what_is_missing(tmp_path: Path) -> None:
    answer = relitu("doctor", "--data", str(tmp_path / "nothing"), lang="C.UTF-8")
    assert answer.returncode == 1
    assert "run relitu init" in answer.stdout
    assert "Traceback" not in answer.stdout + answer.stderr


@pytest.mark.parametrize("lang", ["zh_CN.UTF-8", "C.UTF-8"])
def test_serving_before_init_says_what_to_do(tmp_path: Path, lang: str) -> None:
    answer = relitu("serve", "--data", str(tmp_path), lang=lang)
    assert answer.returncode == 1
    assert "relitu init" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_port_in_use_is_named(config: Config) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = relitu("serve", "--data", str(config.data_dir), "--port", str(port))
    assert answer.returncode == 1
    assert str(port) in answer.stderr
    assert "--port" in answer.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere; the file in the way is tested below")
def test_an_unwritable_folder_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    answer = relitu("init", "--data", str(tmp_path / "data"))
    assert answer.returncode == 1
    assert "不可写" in answer.stderr


def test_a_file_in_the_way_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    answer = relitu("init", "--data", str(tmp_path / "file" / "data"))
    assert answer.returncode == 1
    assert "不可写" in answer.stderr
    assert "--data" in answer.stderr


def test_a_malformed_configuration_is_named(tmp_path: Path) -> None:
    (tmp_path / "relitu.toml").write_text("base_map = [", encoding="utf-8")
    for command in ("init", "serve"):
        answer = relitu(command, "--data", str(tmp_path))
        assert answer.returncode == 1
        assert "relitu.toml" in answer.stderr


def test_a_damaged_snapshot_is_named(tmp_path: Path) -> None:
    relitu("init", "--data", str(tmp_path))
    version = (tmp_path / "snapshots" / "CURRENT").read_text()
    (tmp_path / "snapshots" / version / "project.bin").write_bytes(b"")
    answer = relitu("serve", "--data", str(tmp_path))
    assert answer.returncode == 1
    assert "project.bin" in answer.stderr
    assert relitu("init", "--data", str(tmp_path)).returncode == 0
