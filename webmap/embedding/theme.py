"""The accent colour of an embed, as a style sheet of its own: the policy forbids styles in the page."""

from __future__ import annotations

import colorsys

WHITE = (1.0, 1.0, 1.0)
LEAST_CONTRAST = 4.5  # of text on its ground, WCAG 2.2 §1.4.3
DARK_GROUND = (0.11, 0.13, 0.12)

Colour = tuple[float, float, float]


def style_sheet(accent: str) -> str:
    """The tokens that follow from an accent of six hexadecimal digits, for the light and the dark theme.

    The colour is darkened (lightened on a dark ground) until text in it can be read.
    """
    wanted = colour_of(accent)
    light, dark = readable(wanted, WHITE), readable(wanted, DARK_GROUND)
    return (
        f":root{{--accent:{text_of(light)};--accent-deep:{text_of(mixed(light, (0, 0, 0), 0.25))};"
        f"--accent-soft:{text_of(mixed(light, WHITE, 0.88))}}}\n"
        f':root[data-theme="dark"]{{--accent:{text_of(dark)};--accent-deep:{text_of(mixed(dark, WHITE, 0.25))};'
        f"--accent-soft:{text_of(mixed(dark, DARK_GROUND, 0.8))}}}\n"
        f'@media (prefers-color-scheme:dark){{:root[data-theme="auto"]{{--accent:{text_of(dark)};'
        f"--accent-deep:{text_of(mixed(dark, WHITE, 0.25))};--accent-soft:{text_of(mixed(dark, DARK_GROUND, 0.8))}}}}}\n"
    )


def readable(colour: Colour, ground: Colour) -> Colour:
    """The nearest colour of the same hue that has a contrast of 4.5 to `ground`."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*colour)
    step = -0.01 if luminance(ground) > 0.5 else 0.01
    while contrast(colour, ground) < LEAST_CONTRAST and 0 <= lightness + step <= 1:
        lightness += step
        colour = colorsys.hls_to_rgb(hue, lightness, saturation)
    return colour


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of two colours (WCAG 2.2), 1 to 21."""
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def luminance(colour: Colour) -> float:
    """The relative luminance (WCAG 2.2), 0 to 1."""
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """`one` with a share of `other`."""
    red, green, blue = (a + (b - a) * share for a, b in zip(one, other, strict=True))
    return red, green, blue


def colour_of(digits: str) -> Colour:
    """The colour of six hexadecimal digits, each part 0 to 1."""
    red, green, blue = (int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4))
    return red, green, blue


def text_of(colour: Colour) -> str:
    """The colour as a style sheet writes it."""
    return "#" + "".join(f"{min(255, max(0, round(part * 255))):02x}" for part in colour)
