"""The configuration of one installation: a TOML file in its data folder, overridden by environment variables."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal

from datasets.labels import Label
from geo.crs import LocalParameters
from webmap import local_parameters

CONFIG_FILE = "relitu.toml"
BASE_MAPS = ("none", "tianditu", "amap")
METRICS = ("loopback", "open", "off")
ENVIRONMENT_PREFIX = "RELITU_"

# Whole numbers: the least and the greatest value that makes sense.
LIMITS = {
    "proxy_hops": (0, 8),
    "password_min_length": (8, 128),
    "password_min_classes": (1, 4),
    "login_max_failures": (1, 100),
    "login_lock_minutes": (1, 24 * 60),
    "login_address_failures": (1, 10_000),
    "login_window_minutes": (1, 24 * 60),
    "session_idle_minutes": (1, 24 * 60),
    "session_hours": (1, 24 * 7),
    "snapshots_every_s": (1, 3600),
}
YES_NO = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


class ConfigError(ValueError):
    """A setting that cannot be used: which file, which key, what is wrong, what to write instead."""

    def __init__(self, label: Label) -> None:
        super().__init__(label.en)
        self.label = label


@dataclass(frozen=True)
class Config:
    """Settings of an installation; docs/configuration.md lists them for operators.

    title_zh, title_en: the site's name. base_map: none, tianditu (needs tianditu_key) or amap. map_approval: the 审图号
    that every public map shows. frame_ancestors: origins that may frame /embed. licence, licence_url: under
    which terms the published data may be used. boundary_file, chain_file: own data
    instead of the packaged ones. database_url: the system of record, SQLite in the data folder by default.
    local_parameters: datum (Xian80, Beijing54) → the seven parameters; without them such files are refused.
    staff_enabled: whether /staff is served. metrics: who may read /metrics: this machine, everybody, nobody.
    snapshots_from: a folder elsewhere (file://, s3:// …) whose snapshots are served here, by a node without staff.
    snapshots_to: a folder elsewhere to which each new snapshot is brought. snapshots_every_s: seconds between looks. proxy_hops: how many proxies of the operator stand before the server. The
    others are the rules for passwords, logins and sessions (`LIMITS` has their bounds).
    """

    data_dir: Path
    title_zh: str = "招商合作热力图"
    title_en: str = "Investment Map"
    base_map: Literal["none", "tianditu", "amap"] = "none"
    tianditu_key: str = field(default="", repr=False)
    map_approval: str = ""
    frame_ancestors: tuple[str, ...] = ()
    licence: str = ""
    licence_url: str = ""
    boundary_file: Path | None = None
    chain_file: Path | None = None
    database_url: str = ""
    local_parameters: Mapping[str, LocalParameters] = field(default_factory=dict)
    staff_enabled: bool = True
    metrics: Literal["loopback", "open", "off"] = "loopback"
    snapshots_from: str = field(default="", repr=False)
    snapshots_to: str = field(default="", repr=False)
    snapshots_every_s: int = 3
    proxy_hops: int = 0
    password_min_length: int = 10
    password_min_classes: int = 3
    login_max_failures: int = 5
    login_lock_minutes: int = 15
    login_address_failures: int = 30
    login_window_minutes: int = 15
    session_idle_minutes: int = 30
    session_hours: int = 12

    @property
    def title(self) -> Label:
        """The site's name."""
        return Label(self.title_zh, self.title_en)

    @property
    def store_url(self) -> str:
        """Where the revisions are."""
        return self.database_url or f"sqlite:///{self.data_dir / 'relitu.sqlite'}"

    @property
    def snapshots(self) -> Path:
        """Where the published snapshots are."""
        return self.data_dir / "snapshots"


def load_config(data_dir: Path, environment: Mapping[str, str] | None = None) -> Config:
    """The configuration of the installation in `data_dir`. Raises ConfigError naming file, key and the way out."""
    environment = os.environ if environment is None else environment
    config = Config(data_dir=data_dir)
    path = data_dir / CONFIG_FILE
    if path.exists():
        config = _apply(config, _read(path), str(path))
    settings = {
        name: environment[f"{ENVIRONMENT_PREFIX}{name.upper()}"]
        for name in _settable()
        if f"{ENVIRONMENT_PREFIX}{name.upper()}" in environment
    }
    config = _apply(config, settings, "environment")
    _check_whole(config)
    return config


def _settable() -> tuple[str, ...]:
    return tuple(entry.name for entry in fields(Config) if entry.name != "data_dir")


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(
            Label(
                f"{path} 不是有效的 TOML 配置：{error}。请改正该行。",
                f"{path} is not valid TOML: {error}. Mend that line.",
            )
        ) from error
    except OSError as error:
        raise ConfigError(Label(f"无法读取 {path}：{error}", f"{path} cannot be read: {error}")) from error


def _apply(config: Config, settings: Mapping[str, Any], origin: str) -> Config:
    values: dict[str, Any] = {}
    for name, raw in settings.items():
        if name not in _settable():
            known = ", ".join(_settable())
            raise ConfigError(
                Label(
                    f"{origin}：没有名为 {name} 的设置；可用：{known}",
                    f"{origin}: no setting named {name}; known are {known}",
                )
            )
        values[name] = _value(name, raw, origin)
    return replace(config, **values)


def _value(name: str, raw: Any, origin: str) -> Any:
    if name == "frame_ancestors":
        items = re.split(r"[\s,]+", raw.strip()) if isinstance(raw, str) else raw
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            raise _wrong(origin, name, raw, "应为来源列表", "a list of origins is expected")
        origins = tuple(item for item in items if item)
        for item in origins:
            if not re.fullmatch(r"https?://(\*\.)?[A-Za-z0-9.-]+(:\d+)?", item):
                raise _wrong(origin, name, item, "应写作 https://example.gov.cn", "write it as https://example.gov.cn")
        return origins
    if name == "local_parameters":
        try:
            return local_parameters.read(raw)
        except local_parameters.BadParameters as fault:
            raise _wrong(origin, name, raw, fault.label.zh, fault.label.en) from fault
    if name in LIMITS:
        return _whole(name, raw, origin)
    if name == "staff_enabled":
        value = raw if isinstance(raw, bool) else YES_NO.get(str(raw).strip().lower())
        if value is None:
            raise _wrong(origin, name, raw, "应为 true 或 false", "true or false is expected")
        return value
    if not isinstance(raw, str):
        raise _wrong(origin, name, raw, "应为文字", "a text is expected")
    if name.endswith("_file"):
        return Path(raw).expanduser() if raw else None
    return raw


def _whole(name: str, raw: Any, origin: str) -> int:
    low, high = LIMITS[name]
    text = "" if isinstance(raw, bool | float) else str(raw).strip()
    if not re.fullmatch(r"\d{1,9}", text) or not low <= int(text) <= high:
        raise _wrong(
            origin, name, raw, f"应为 {low} 到 {high} 的整数", f"a whole number from {low} to {high} is expected"
        )
    return int(text)


def _wrong(origin: str, name: str, raw: Any, zh: str, en: str) -> ConfigError:
    return ConfigError(
        Label(f"{origin}：{name} = {raw!r} 无效，{zh}", f"{origin}: {name} = {raw!r} is not valid, {en}")
    )


def _check_whole(config: Config) -> None:
    if config.base_map not in BASE_MAPS:
        known = ", ".join(BASE_MAPS)
        raise _wrong("base_map", "base_map", config.base_map, f"可用：{known}", f"known are {known}")
    if config.metrics not in METRICS:
        known = ", ".join(METRICS)
        raise _wrong("metrics", "metrics", config.metrics, f"可用：{known}", f"known are {known}")
    _check_following(config)
    if config.base_map == "tianditu" and not config.tianditu_key:
        raise ConfigError(
            Label(
                "base_map = tianditu 需要 tianditu_key；请申请密钥，或把 base_map 设为 none",
                "base_map = tianditu needs tianditu_key; obtain a key or set base_map to none",
            )
        )
    if config.base_map == "tianditu" and not re.fullmatch(r"[0-9a-fA-F]{16,64}", config.tianditu_key):
        raise _wrong("tianditu_key", "tianditu_key", "…", "密钥应为十六进制字符", "a key is hexadecimal")
    if config.licence_url and not re.fullmatch(r"https?://[^\s<>\"]+", config.licence_url):
        raise _wrong("licence_url", "licence_url", config.licence_url, "应写作 https://…", "write it as https://…")
    for name in ("boundary_file", "chain_file"):
        path = getattr(config, name)
        if path is not None and not path.is_file():
            raise _wrong(name, name, str(path), "文件不存在", "there is no such file")


def _check_following(config: Config) -> None:
    if config.snapshots_from and config.snapshots_to:
        raise ConfigError(
            Label(
                "snapshots_from 与 snapshots_to 不能同时设置：一个节点或取或推",
                "snapshots_from and snapshots_to exclude each other: a node takes snapshots or gives them",
            )
        )
    if config.snapshots_from and config.staff_enabled:
        raise ConfigError(
            Label(
                "snapshots_from 需要 staff_enabled = false：此节点只展示别处发布的内容",
                "snapshots_from needs staff_enabled = false: such a node shows what others publish",
            )
        )
