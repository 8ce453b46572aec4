"""An SVG of ours as PNG."""

from __future__ import annotations


def png(svg: str) -> bytes:
    """The picture in the SVG's own size; the same SVG gives the same bytes. No font of the machine is looked at."""
    import resvg_py

    return resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True)
