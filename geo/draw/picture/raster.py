"""An SVG of ours as PNG."""

from __future__ import annotations

# Bilinear, as browsers enlarge a picture: the usual bicubic takes three times as long for colours that differ by 2 in 255.
ENLARGED = "image{image-rendering:smooth}"


def png(svg: str) -> bytes:
    """The picture in the SVG's own size; the same SVG gives the same bytes. No font of the machine is looked at."""
    import resvg_py

    return resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, style_sheet=ENLARGED)
