"""An installation as one file, taken while it serves, and put back."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from datasets.labels import Label

DATABASE = "relitu.sqlite"
FILES = "files"
CONFIG = "relitu.toml"
CONTENTS = "contents.json"


class BackupError(RuntimeError):
    """A backup that cannot be taken or put back; the label says why and what to do."""

    def __init__(self, label: Label) -> None:
        super().__init__(label.en)
        self.label = label


def backup(data_dir: Path, target: Path) -> int:
    """Write database, kept files and configuration of `data_dir` into the tar file `target`; its bytes.

    The database is copied by SQLite's own online backup, so a server may go on writing. The file is verified before it
    gets its name. Raises BackupError.
    """
    if not (data_dir / DATABASE).is_file():
        raise BackupError(
            Label(f"{data_dir} 中没有数据库 {DATABASE}", f"there is no database {DATABASE} in {data_dir}")
        )
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as scratch:
        folder = Path(scratch)
        _copy_database(data_dir / DATABASE, folder / DATABASE)
        members = {DATABASE: folder / DATABASE}
        members |= {f"{FILES}/{path.name}": path for path in _kept(data_dir / FILES)}
        if (data_dir / CONFIG).is_file():
            members[CONFIG] = data_dir / CONFIG
        contents = {
            "made_at": datetime.now(UTC).isoformat(),
            "members": {name: _sha256(path) for name, path in members.items()},
        }
        (folder / CONTENTS).write_text(json.dumps(contents, indent=1), encoding="utf-8")
        archive = folder / "backup.tar"
        with tarfile.open(archive, "w") as tar:
            tar.add(folder / CONTENTS, CONTENTS)
            for name, path in members.items():
                tar.add(path, name)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".verify-") as unpacked:
            _unpack(archive, Path(unpacked))
        archive.replace(target)
    return target.stat().st_size


def restore(source: Path, data_dir: Path, *, force: bool = False) -> None:
    """Put a backup back into `data_dir`, which must be empty unless `force`; snapshots are to be published anew.

    Everything is unpacked and verified beside the folder first; what stood there is kept until the new one is whole.
    Raises BackupError.
    """
    occupied = data_dir.exists() and any(data_dir.iterdir())
    if occupied and not force:
        raise BackupError(
            Label(
                f"{data_dir} 不是空文件夹；请换一个，或加 --force 覆盖",
                f"{data_dir} is not empty; name another, or use --force",
            )
        )
    data_dir.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=data_dir.parent, prefix=f".{data_dir.name}-restoring-"))
    try:
        _unpack(source, fresh)
        (fresh / CONTENTS).unlink()
        old = data_dir.with_name(f".{data_dir.name}-before-{os.getpid()}")
        if data_dir.exists():
            data_dir.rename(old)
        fresh.chmod(0o755)
        fresh.rename(data_dir)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _copy_database(source: Path, target: Path) -> None:
    with contextlib.closing(sqlite3.connect(source)) as here, contextlib.closing(sqlite3.connect(target)) as there:
        here.backup(there)
        there.execute("PRAGMA journal_mode = DELETE")


def _kept(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*") if path.is_file() and not path.name.startswith("."))


def _unpack(source: Path, folder: Path) -> None:
    """Unpack and verify every member and the database's own integrity; raises BackupError."""
    try:
        with tarfile.open(source) as tar:
            tar.extractall(folder, filter="data")
        contents = json.loads((folder / CONTENTS).read_text(encoding="utf-8"))
        wrong = [name for name, digest in contents["members"].items() if _sha256(folder / name) != digest]
    except (OSError, tarfile.TarError, ValueError, KeyError) as error:
        raise BackupError(
            Label(f"{source} 不是完整的备份：{error}", f"{source} is no whole backup: {error}")
        ) from error
    if wrong:
        names = ", ".join(wrong)
        raise BackupError(Label(f"备份已损坏：{names}", f"the backup is damaged: {names}"))
    with contextlib.closing(sqlite3.connect(folder / DATABASE)) as connection:
        verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
    if verdict != "ok":
        raise BackupError(
            Label(f"备份中的数据库已损坏：{verdict}", f"the database in the backup is damaged: {verdict}")
        )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
