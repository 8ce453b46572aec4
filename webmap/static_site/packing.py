"""The site as one ZIP for an office without a server: the same content gives the same bytes."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from pathlib import Path

from webmap.static_site import leaflets
from webmap.static_site.edition import Edition
from webmap.static_site.folder import File, FolderSite
from webmap.static_site.steady import NO_TIME

TOP = "relitu/"
LEVEL = 9


def export_zip(edition: Edition, path: Path) -> int:
    """Write the site as a ZIP with one folder in it; the number of its files. `path` appears when it is whole."""
    made = FolderSite(edition)
    files = dict(made.files())
    files.update(made.exports())
    files["README.txt"] = leaflets.readme(edition, zipped=True).encode("utf-8-sig")  # Windows' editor needs the mark
    write_zip(path, files.items())
    return len(files)


def write_zip(path: Path, files: Iterable[File]) -> None:
    """A ZIP whose bytes depend on names and contents alone."""
    new = path.with_name(f".{path.name}.new")
    try:
        with zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
            for name, content in sorted(files):
                entry = zipfile.ZipInfo(TOP + name, NO_TIME)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o100644 << 16
                entry.create_system = 3
                archive.writestr(entry, content, zipfile.ZIP_DEFLATED, LEVEL)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
