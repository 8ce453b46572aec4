"""Configuration: every bad setting is one sentence that names file, key and the way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from webmap.config import ConfigError, load_config


def write(folder: Path, text: str) -> Path:
    (folder / "relitu.toml").write_text(text, encoding="utf-8")
    return folder


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    config = load_config(tmp_path, {})
    assert config.base_map == "none"
    assert config.store_url == f"sqlite:///{tmp_path}/relitu.sqlite"
    assert config.frame_ancestors == ()


def test_the_file_is_read_and_the_environment_goes_first(tmp_path: Path) -> None:
    write(tmp_path, 'title_zh = "许昌热力图"\nmap_approval = "豫S(2026)001号"\nframe_ancestors = ["https://a.gov.cn"]')
    config = load_config(
        tmp_path, {"RELITU_TITLE_ZH": "长葛", "RELITU_FRAME_ANCESTORS": "https://b.gov.cn https://*.c.cn"}
    )
    assert config.title.zh == "长葛"
    assert config.map_approval == "豫S(2026)001号"
    assert config.frame_ancestors == ("https://b.gov.cn", "https://*.c.cn")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("title_zh = ", "relitu.toml"),
        ('colour = "red"', "colour"),
        ("title_zh = 3", "title_zh"),
        ('base_map = "google"', "tianditu"),
        ('base_map = "tianditu"', "tianditu_key"),
        ('base_map = "tianditu"\ntianditu_key = "not hex; script-src *"', "tianditu_key"),
        ('frame_ancestors = ["javascript:alert(1)"]', "frame_ancestors"),
        ('frame_ancestors = ["https://a.cn; script-src *"]', "frame_ancestors"),
        ("frame_ancestors = 3", "frame_ancestors"),
        ('boundary_file = "nowhere.geojson"', "nowhere.geojson"),
    ],
)
def test_a_bad_setting_is_named(text: str, named: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as fault:
        load_config(write(tmp_path, text), {})
    assert named in fault.value.label.zh
    assert named in fault.value.label.en


SEVEN = "dx = 1\ndy = 2\ndz = 3\nrx = 0.1\nry = 0.2\nrz = 0.3\nk = 4.5"


def test_local_parameters_are_read_by_datum(tmp_path: Path) -> None:
    found = load_config(write(tmp_path, f"[local_parameters.Xian80]\n{SEVEN}"), {}).local_parameters
    assert list(found) == ["Xian80"]
    assert (found["Xian80"].dx, found["Xian80"].rz, found["Xian80"].k) == (1, 0.3, 4.5)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (f"[local_parameters.WGS84]\n{SEVEN}", "Xian80"),
        ("[local_parameters.Xian80]\ndx = 1", "rz"),
        (f"[local_parameters.Xian80]\n{SEVEN}\nscale = 1", "dx"),
        (f"[local_parameters.Xian80]\n{SEVEN.replace('= 1', '= nan')}", "dx"),
        (f'[local_parameters.Xian80]\n{SEVEN}\nconvention = "mine"', "position_vector"),
        ('local_parameters = "all"', "Xian80"),
    ],
)
def test_bad_local_parameters_are_named(text: str, named: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as fault:
        load_config(write(tmp_path, text), {})
    assert named in fault.value.label.zh
    assert "local_parameters" in fault.value.label.en


def test_a_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "relitu.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match=r"relitu\.toml"):
        load_config(tmp_path, {})


def test_the_key_does_not_show_in_logs(tmp_path: Path) -> None:
    config = load_config(tmp_path, {"RELITU_BASE_MAP": "tianditu", "RELITU_TIANDITU_KEY": "abcdef0123456789"})
    assert "abcdef0123456789" not in repr(config)


def test_rules_for_logins_are_numbers_and_may_come_as_texts(tmp_path: Path) -> None:
    write(tmp_path, "password_min_length = 12\nstaff_enabled = false")
    config = load_config(tmp_path, {"RELITU_SESSION_IDLE_MINUTES": "15", "RELITU_STAFF_ENABLED": "yes"})
    assert (config.password_min_length, config.session_idle_minutes, config.staff_enabled) == (12, 15, True)


@pytest.mark.parametrize(
    "text",
    [
        "password_min_length = 3",
        "password_min_length = true",
        "password_min_length = 12.5",
        'session_hours = "lang"',
        "login_max_failures = 0",
        'staff_enabled = "vielleicht"',
        "proxy_hops = -1",
    ],
)
def test_a_bad_rule_is_named(text: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as fault:
        load_config(write(tmp_path, text), {})
    assert text.split(" ", maxsplit=1)[0] in fault.value.label.zh
