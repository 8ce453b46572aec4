"""What a snapshot says of itself: its format, its files, where each array stands in them, and its version."""

from __future__ import annotations

import hashlib
import json
from typing import Any

FORMAT = 4
MANIFEST = "manifest.json"
NAMES = "_names.bin"  # the order by name spans all kinds: by itself, so that it does not change their files


def version_of(manifest: dict[str, Any]) -> str:
    """The version of what a manifest describes: a hash of all of it, the files' checksums included."""
    described = {name: value for name, value in manifest.items() if name != "version"}
    return hashlib.sha256(json.dumps(described, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:16]


def table_file(kind: str) -> str:
    """The file of a kind's table."""
    return f"{kind}.bin"
