"""A DXF file as ezdxf's drawing: what is no DXF, too large, cut off or damaged is refused with the way out."""

from __future__ import annotations

import io
import logging
import re
from pathlib import Path
from typing import Any

from geo.model.finding import Finding
from geo.read.faults import unreadable
from geo.read.raw import Unreadable
from geo.read.texts import decoded

MAX_BYTES = 128 << 20
"""The drawing is held in memory at about ten times its size."""

BINARY = b"AutoCAD Binary DXF\r\n\x1a\x00"
DWG = re.compile(rb"^AC(1\.|10)\d\d")
_ENDS = re.compile(r"(?:^|\n)[ \t]*0[ \t]*\n[ \t]*EOF\s*$")


def loaded(path: Path, name: str) -> tuple[Any, list[Finding]]:
    """The drawing by ezdxf, and what is odd about its bytes; raises Unreadable. ezdxf is imported only here: it takes a while."""
    import ezdxf.filemanagement

    # Its warnings quote damaged files; what matters of them is told as findings.
    logging.getLogger("ezdxf").setLevel(logging.CRITICAL)
    data = path.read_bytes()
    if DWG.match(data):
        raise unreadable(
            "dwg",
            name,
            "这是 DWG 图纸，请在 CAD 中“另存为”DXF（R2000 或更高版本）后再上传",
            "this is a DWG drawing; save it as DXF (R2000 or later) in the CAD program and upload that",
        )
    if len(data) > MAX_BYTES:
        raise unreadable(
            "dxf-too-large",
            name,
            f"DXF 超过 {MAX_BYTES >> 20} MB，请只保留地块界线图层后另存",
            f"the DXF is larger than {MAX_BYTES >> 20} MB; save only the layers with the parcels",
        )
    findings: list[Finding] = []
    try:
        if data.startswith(BINARY):
            if not data.rstrip(b"\0\r\n\x1a ").endswith(b"EOF"):
                raise _truncated(name)
            return ezdxf.filemanagement.readfile(path), findings
        text, _, odd = decoded(data, name)
        findings += odd
        if not re.search(r"(?:^|\n)[ \t]*SECTION[ \t]*\n", text):
            raise unreadable("not-dxf", name, "内容不是 DXF 图形交换文件", "this is no DXF drawing")
        if not _ENDS.search(text[-200:]):
            raise _truncated(name)
        return ezdxf.filemanagement.read(io.StringIO(text)), findings
    except Unreadable:
        raise
    except Exception as fault:  # the library raises whatever the damage leads to
        raise unreadable(
            "dxf-damaged",
            name,
            "DXF 已损坏或结构有误，请在 CAD 中用“核查（AUDIT）”修复后另存",
            f"the DXF is damaged; repair it with AUDIT in the CAD program and save it again ({type(fault).__name__})",
        ) from None


def _truncated(name: str) -> Unreadable:
    return unreadable(
        "dxf-truncated",
        name,
        "DXF 不完整（末尾缺少 EOF），请重新导出或重新上传",
        "the DXF is cut off (EOF is missing at its end); export or upload it again",
    )
