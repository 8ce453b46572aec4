"""A file whose extension is another format's than its content."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from geo.model.finding import Finding
from geo.read.faults import warning
from geo.read.raw import Reader


def extension(reader: Reader, name: str, usual: Sequence[str]) -> tuple[Finding, ...]:
    """A warning where the name's extension is none of the usual ones for this content ("" for a name without any)."""
    suffix = Path(name).suffix.lower()
    if suffix in usual:
        return ()
    return (
        warning(
            "extension-differs",
            name,
            f"扩展名是“{suffix}”，内容却是{reader.label.zh}，已按内容读取",
            f"the extension is '{suffix}' but the content is {reader.label.en}; read by its content",
        ),
    )
