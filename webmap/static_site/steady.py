"""Exported files without the moment in which they were made: the same content gives the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

NO_TIME = (1980, 1, 1, 0, 0, 0)  # the first that a ZIP can hold
NO_MOMENT = "1980-01-01T00:00:00Z"
# Under whatever prefix: another library in the process may have named the same namespace differently.
MOMENT = re.compile(rb"(<(?:\w+:)?(?:created|modified)\b[^>]*>)[^<]*")


def steady(name: str, content: bytes) -> bytes:
    """The bytes of an exported file called `name`, without times of their own."""
    if name.endswith((".xlsx", ".zip")):
        return _repacked(content)
    return content


@contextmanager
def without_clock() -> Iterator[None]:
    """GDAL writes one moment into its files, whenever it is."""
    import pyogrio

    untyped: Any = pyogrio
    untyped.set_gdal_config_options({"OGR_CURRENT_DATE": NO_MOMENT})
    try:
        yield
    finally:
        untyped.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def _repacked(content: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            held = old.read(entry)
            if entry.filename == "docProps/core.xml":
                held = MOMENT.sub(rb"\g<1>" + NO_MOMENT.encode(), held)
            elif entry.filename.endswith(".dbf"):
                held = held[:1] + bytes((80, 1, 1)) + held[4:]  # year less 1900, month, day of the last change
            plain = zipfile.ZipInfo(entry.filename, NO_TIME)
            plain.external_attr = 0o100644 << 16
            plain.create_system = 3
            new.writestr(plain, held, zipfile.ZIP_DEFLATED)
    return made.getvalue()
