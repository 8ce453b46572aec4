"""Files as they came, kept under their hash: what a revision was read from can be shown a year later."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Engine, insert, select

from datasets.labels import Label
from geo.store import audit
from geo.store.database import writing
from geo.store.tables import files

CHUNK = 1024 * 1024
MAX_BYTES = 200 * 1024 * 1024


class FileTooLarge(ValueError):
    """More bytes than may be uploaded; nothing was kept."""

    def __init__(self, limit: int) -> None:
        self.label = Label(
            f"文件超过 {limit // 2**20} MB，请分开上传",
            f"the file is larger than {limit // 2**20} MB; upload it in parts",
        )
        super().__init__(self.label.en)


@dataclass(frozen=True)
class StoredFile:
    """A kept file. name: what the person called it."""

    sha256: str
    name: str
    size: int
    path: Path


class Files:
    """The files of one installation, in `folder`, registered in the store."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine = engine
        self.folder = folder

    def keep(self, stream: BinaryIO, name: str, by: str, limit: int = MAX_BYTES) -> StoredFile:
        """Keep what `stream` holds; raises FileTooLarge. The same content is kept once."""
        self.folder.mkdir(parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        handle, scratch = tempfile.mkstemp(prefix=".arriving-", dir=self.folder)
        try:
            with os.fdopen(handle, "wb") as out:
                while chunk := stream.read(CHUNK):
                    size += len(chunk)
                    if size > limit:
                        raise FileTooLarge(limit)
                    digest.update(chunk)
                    out.write(chunk)
                out.flush()
                os.fsync(out.fileno())
            name = Path(name.replace("\\", "/")).name[:255] or "file"
            kept = StoredFile(digest.hexdigest(), name, size, self.folder / digest.hexdigest())
            Path(scratch).replace(kept.path)
        finally:
            Path(scratch).unlink(missing_ok=True)
        self._register(kept, by)
        return kept

    def get(self, sha256: str) -> StoredFile | None:
        """The file of that hash, or None."""
        with self.engine.connect() as connection:
            row = connection.execute(select(files).where(files.c.sha256 == sha256)).mappings().first()
        path = self.folder / sha256
        return StoredFile(sha256, row["name"], row["size"], path) if row and path.is_file() else None

    def _register(self, kept: StoredFile, by: str) -> None:
        with writing(self.engine) as connection:
            known = connection.execute(select(files.c.sha256).where(files.c.sha256 == kept.sha256)).first()
            if known is None:
                row = {
                    "sha256": kept.sha256,
                    "name": kept.name,
                    "size": kept.size,
                    "received_at": datetime.now(UTC),
                    "received_from": by,
                }
                connection.execute(insert(files), row)
            detail = {"name": kept.name, "size": kept.size}
            audit.append(connection, actor=by, action="file.received", object=kept.sha256, detail=detail)
