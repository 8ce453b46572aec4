"""`relitu user`, `audit`, `backup`, `restore`: what they do, and that every failure is a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

import webmap.cli
import webmap.cli.user
from geo.store import Store
from geo.store.accounts import Accounts, LoginRefused, Role
from geo.store.database import writing
from webmap.cli.failing import failure_of
from webmap.config import Config, load_config

GOOD = "Correct-Horse-9"


def relitu(*args: str, stdin: str = "") -> Result:
    return CliRunner().invoke(webmap.cli.relitu, list(args), input=stdin, env={"LC_ALL": "zh_CN.UTF-8"})


def sentence(result: Result) -> str:
    """What `main` would say of the failure."""
    assert result.exception is not None
    found = failure_of(result.exception)
    assert found is not None, result.exception
    return found[0].zh


@pytest.fixture
def folder(tmp_path: Path) -> str:
    Store.create(load_config(tmp_path, {}).store_url).close()
    return str(tmp_path)


def accounts(folder: str) -> Accounts:
    return Accounts(Store.open(load_config(Path(folder), {}).store_url).engine)


def test_the_first_administrator(folder: str) -> None:
    made = relitu(
        "user", "add", "chef", "--role", "admin", "--all", "--password-stdin", "--data", folder, stdin=f"{GOOD}\n"
    )
    assert made.exit_code == 0, made.output
    person = accounts(folder).login("chef", GOOD)
    assert (person.role, person.scope, person.must_change) == (Role.ADMIN, ("*",), True)
    assert "chef" in relitu("user", "list", "--data", folder).output
    assert relitu("user", "disable", "chef", "--data", folder).exit_code == 0
    with pytest.raises(LoginRefused):
        accounts(folder).login("chef", GOOD)
    relitu("user", "enable", "chef", "--data", folder)
    relitu("user", "reset", "chef", "--password-stdin", "--data", folder, stdin="Neues-Wort-88\n")
    assert accounts(folder).login("chef", "Neues-Wort-88").must_change


def test_counties_by_code_or_name_and_a_password_asked_for_twice(folder: str) -> None:
    made = relitu(
        *("user", "add", "li", "--role", "editor", "--county", "411082", "--county", "许昌市", "--keep-password"),
        *("--data", folder),
        stdin=f"{GOOD}\n{GOOD}\n",
    )
    assert made.exit_code == 0, made.output
    assert GOOD not in made.output
    person = accounts(folder).get("li")
    assert person is not None
    assert (person.scope, person.must_change) == (("411082", "411000"), False)


@pytest.mark.parametrize(
    ("args", "stdin", "told"),
    [
        (("user", "add", "x1", "--role", "editor", "--password-stdin"), GOOD, "--county"),
        (("user", "add", "x1", "--role", "editor", "--all", "--county", "411082", "--password-stdin"), GOOD, "--all"),
        (("user", "add", "x1", "--role", "editor", "--county", "999999", "--password-stdin"), GOOD, "999999"),
        (("user", "add", "x1", "--role", "editor", "--all", "--password-stdin"), "kurz", "至少 10 位"),
        (("user", "add", "X 1", "--role", "editor", "--all", "--password-stdin"), GOOD, "账号只能用"),
        (("user", "disable", "niemand"), "", "没有账号 niemand"),
        (("restore", __file__), "", "不是空文件夹"),
        (("restore", __file__, "--force"), "", "不是完整的备份"),
        (("backup", "/nowhere/at/all.tar"), "", "没有文件夹"),
    ],
)
def test_a_failure_is_a_sentence(args: tuple[str, ...], stdin: str, told: str, folder: str) -> None:
    assert told in sentence(relitu(*args, "--data", folder, stdin=stdin))


@pytest.mark.parametrize("args", [("user", "list"), ("audit", "verify"), ("user", "disable", "x")])
def test_without_an_installation_the_way_out_is_named(args: tuple[str, ...], tmp_path: Path) -> None:
    assert "relitu init" in sentence(relitu(*args, "--data", str(tmp_path)))
    assert not list(tmp_path.iterdir())


def test_verify_finds_what_was_altered(folder: str) -> None:
    relitu("user", "add", "chef", "--role", "admin", "--all", "--password-stdin", "--data", folder, stdin=GOOD)
    relitu("user", "disable", "chef", "--data", folder)
    sound = relitu("audit", "verify", "--data", folder)
    assert (sound.exit_code, "完整，共 2 条" in sound.output) == (0, True)
    store = Store.open(load_config(Path(folder), {}).store_url)
    with writing(store.engine) as connection:
        connection.execute(text("UPDATE audit SET actor = 'x' WHERE number = 1"))
    store.close()
    broken = relitu("audit", "verify", "--data", folder)
    assert broken.exit_code == 1
    assert "第 1 条被改动" in broken.output


def test_a_backup_comes_back_published(config: Config, tmp_path: Path) -> None:
    file, there = tmp_path / "all.tar", tmp_path / "there"
    assert relitu("backup", str(file), "--data", str(config.data_dir)).exit_code == 0
    assert file.stat().st_mode & 0o077 == 0
    restored = relitu("restore", str(file), "--data", str(there))
    assert restored.exit_code == 0, restored.output
    pointer = (there / "snapshots" / "CURRENT").read_text()
    assert pointer == (config.snapshots / "CURRENT").read_text()  # the same content gives the same version
    assert "不是空文件夹" in sentence(relitu("restore", str(file), "--data", str(there)))
    assert relitu("restore", str(file), "--force", "--data", str(there)).exit_code == 0
