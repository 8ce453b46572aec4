"""Failures that a person can mend: a sentence in his language naming the cause and the way out."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping

import click
from sqlalchemy.exc import DBAPIError

from datasets.errors import DatasetError
from datasets.labels import Label
from geo.publish import DamagedSnapshot, NoSnapshot, PublishFailed
from geo.store import OutdatedStore, StoreUnreachable, UnusableDatabase
from geo.store.accounts import BadAccount
from geo.store.backup import BackupError
from geo.store.transfer import TransferRefused
from seeds.pour import UnfitFacts
from webmap.config import ConfigError
from webmap.serving.remote import RemoteTrouble
from webmap.static_site.refusals import SiteRefused


def shell_language(environment: Mapping[str, str] | None = None) -> str:
    """The language of the shell: Chinese where the locale says so, English elsewhere."""
    environment = os.environ if environment is None else environment
    locale = environment.get("LC_ALL") or environment.get("LC_MESSAGES") or environment.get("LANG") or ""
    return "zh" if locale.lower().startswith("zh") else "en"


def say(label: Label, *, error: bool = False) -> None:
    """Print in the shell's language."""
    click.echo(label.text(shell_language()), err=error)


class Unmendable(Exception):
    """A failure that the command has put into words itself."""

    def __init__(self, label: Label) -> None:
        super().__init__(label.en)
        self.label = label


# Failures that carry the sentence for whoever runs the command.
SAYING_THEMSELVES = (
    ConfigError,
    DatasetError,
    UnfitFacts,
    Unmendable,
    BadAccount,
    BackupError,
    UnusableDatabase,
    TransferRefused,
    RemoteTrouble,
    PublishFailed,
    SiteRefused,
)


def failure_of(error: BaseException) -> list[Label] | None:
    """The sentences for a known failure; None for one that is a fault of ours."""
    if isinstance(error, SAYING_THEMSELVES):
        return [error.label]
    if isinstance(error, StoreUnreachable):
        return [error.details]
    if isinstance(error, NoSnapshot):
        return [
            Label(
                f"{error} 中还没有已发布的数据；请先运行 relitu init",
                f"nothing is published in {error} yet; run relitu init first",
            )
        ]
    if isinstance(error, DamagedSnapshot):
        return [
            Label(
                f"数据快照已损坏（{error}）；请运行 relitu init 重新发布",
                f"the snapshot is damaged ({error}); run relitu init to publish it anew",
            )
        ]
    if isinstance(error, OutdatedStore):
        return [
            Label(
                f"数据库版本为 {error.found or '无'}，需要 {error.expected}；请运行 relitu init 升级",
                f"the database is at version {error.found or 'none'}, {error.expected} is needed; run relitu init",
            )
        ]
    if isinstance(error, DBAPIError) and isinstance(error.orig, sqlite3.Error):
        return [Label(f"数据库无法使用：{error.orig}", f"the database cannot be used: {error.orig}")]
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return [
            Label(
                f"{where}{error.strerror or error}；请检查路径和权限，或用 --data 指定其他文件夹",
                f"{where}{error.strerror or error}; check path and rights, or name another folder with --data",
            )
        ]
    return None
