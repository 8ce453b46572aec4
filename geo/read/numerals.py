"""Numbers written in Chinese numerals."""

from __future__ import annotations

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "半": 0.5}
_TENS = {"十": 10, "百": 100, "千": 1000}
_GROUPS = {"万": 10_000, "亿": 100_000_000}
NUMERALS = "零〇一二两三四五六七八九十百千万亿半点"


def numeral(text: str) -> float | None:
    """The number that Chinese numerals say ("一百二十", "三点五", "一万二千"); None where they say none."""
    if not text or any(char not in NUMERALS for char in text):
        return None
    whole, _, fraction = text.partition("点")
    digits = [_DIGITS.get(char) for char in fraction]
    if None in digits or "点" in fraction or (fraction and not whole):
        return None
    places = "".join(str(digit) for digit in digits)
    if places and not places.isdecimal():
        return None
    return _whole(whole) + (float(f"0.{places}") if places else 0.0)


def _whole(text: str) -> float:
    total = group = digit = 0.0
    for index, char in enumerate(text):
        if char in _DIGITS:
            # Digits in a row are read as places: 二〇二六 is 2026.
            digit = digit * 10 + _DIGITS[char] if index and text[index - 1] in _DIGITS else _DIGITS[char]
        elif char in _TENS:
            group += (digit or 1) * _TENS[char]
            digit = 0
        else:
            total = (total + group + digit) * _GROUPS[char] if char == "亿" else total + (group + digit) * _GROUPS[char]
            group = digit = 0
    return total + group + digit
