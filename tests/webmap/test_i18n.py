"""The catalogues: complete, alike, without strangers; numbers, dates and plurals as CLDR has them."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import InvalidOperation
from pathlib import Path

import pytest
from babel import Locale
from babel.numbers import format_decimal
from hypothesis import given, settings
from hypothesis import strategies as st

import webmap.i18n
from webmap.i18n import (
    Catalogue,
    UnknownMessage,
    catalogue,
    catalogues,
    languages,
    parameters,
    read,
    script_messages,
    translate,
)

WEBMAP = Path(webmap.i18n.__file__).parent
LITERAL = re.compile(r"""\bt\(\s*f?"([a-z_0-9.]+)"\s*([~,)])""")
BUILT = re.compile(r"""\bt\(\s*(?:"([a-z_.]+)"\s*~|f"([a-z_.]+)\{)""")
SAID = re.compile(r"""\bsay\(\s*(?:[^"`)]*\?\s*)?(["`][^"`]*["`](?:\s*:\s*"[^"]*")?)""")


def sources(*patterns: str) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for pattern in patterns for path in sorted(WEBMAP.glob(pattern)))


def used_on_the_server() -> set[str]:
    text = sources("templates/**/*.html", "present/*.py", "views/pages_*.py")
    return {key for key, sign in LITERAL.findall(text) if sign != "~"}


def used_in_scripts() -> set[str]:
    return {
        key for part in SAID.findall(sources("static/js/**/*.js")) for key in re.findall(r"""["`]([a-z_]+)["`]""", part)
    }


WRITTEN = [
    *catalogues().values(),
    *(replace(catalogue("en"), locale=Locale.parse(name)) for name in ("de", "fr", "es", "pl", "hi", "ar", "fa")),
]


@settings(max_examples=500, deadline=None)
@given(
    st.integers(-(10**17), 10**17)
    | st.floats()
    | st.floats(-1e7, 1e7)
    | st.integers(-(10**7), 10**7).map(lambda eighths: eighths / 8)
    | st.integers(-(10**9), 10**9).map(lambda thousandths: thousandths / 1000),
    st.integers(0, 8),
    st.sampled_from(WRITTEN),
)
def test_numbers_are_written_as_babel_writes_them(value: float, digits: int, words: Catalogue) -> None:
    pattern = "#,##0." + "#" * digits if digits else "#,##0"
    try:
        expected = format_decimal(value, format=pattern, locale=words.locale)
    except InvalidOperation:
        with pytest.raises(InvalidOperation):
            words.number(value, digits)
    else:
        assert words.number(value, digits) == expected


def test_every_language_says_the_same_things() -> None:
    own = catalogue("zh")
    for other in catalogues().values():
        assert set(other.messages) == set(own.messages), other.lang
        assert set(other.scales) == set(own.scales)
        for key, message in other.messages.items():
            assert parameters(message) == parameters(own.messages[key]), f"{other.lang}: {key}"


def test_every_used_message_exists() -> None:
    known = set(catalogue("zh").messages)
    found = used_on_the_server()
    assert len(found) > 80
    assert found <= known, sorted(found - known)


def test_built_keys_have_their_family() -> None:
    families = {a or b for a, b in BUILT.findall(sources("templates/**/*.html", "present/*.py"))}
    assert "map.view_" in families
    for family in families:
        assert any(key.startswith(family) for key in catalogue("zh").messages), family


def test_every_message_that_scripts_say_is_sent_to_them() -> None:
    said, sent = used_in_scripts(), set(script_messages("zh"))
    assert len(said) > 15
    assert said <= sent, sorted(said - sent)


@pytest.mark.parametrize("lang", languages())
def test_every_message_can_be_filled_in(lang: str) -> None:
    words = catalogue(lang)
    for key, message in words.messages.items():
        for n in (0, 1, 2, 5, 1234):
            text = words.text(key, **dict.fromkeys(parameters(message), n))
            assert text.strip()
            assert "{" not in text


TECHNICAL = ("ogc.", "connect.")  # about standards, parameters and software that have no Chinese names


def test_no_english_in_chinese() -> None:
    for key, message in catalogue("zh").messages.items():
        if key.startswith(TECHNICAL):
            continue
        texts = [message] if isinstance(message, str) else list(message.values())
        for text in texts:
            assert not re.search(r"[A-Za-z]{2,}", re.sub(r"\{\w+\}", "", text)), key


def test_plurals_follow_the_language() -> None:
    assert translate("en", "list.count", n=1) == "1 item"
    assert translate("en", "list.count", n=0) == "0 items"
    assert translate("zh", "list.count", n=1) == "共1项"


def test_numbers_are_grouped() -> None:
    assert translate("en", "list.count", n=12345) == "12,345 items"
    assert catalogue("zh").number(1234.5) == "1,234.5"
    assert catalogue("zh").number(1234.5, 0) == "1,234"


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        ("2022", "2022年", "2022"),
        ("2022-03", "2022年3月", "Mar 2022"),
        ("2022-03-03", "2022年3月3日", "Mar 3, 2022"),
        ("2022-Q3", "2022年第3季度", "Q3 2022"),
        ("不详", "不详", "不详"),
    ],
)
def test_dates_are_as_exact_as_they_are_known(value: str, zh: str, en: str) -> None:
    assert catalogue("zh").day(value) == zh
    assert catalogue("en").day(value) == en


@given(st.dates())
def test_a_day_names_its_parts(day: object) -> None:
    year, month, number = str(day).split("-")
    shown = catalogue("zh").day(str(day))
    assert shown == f"{int(year)}年{int(month)}月{int(number)}日"


def test_a_missing_message_is_an_error() -> None:
    with pytest.raises(UnknownMessage):
        translate("zh", "no.such_message")


def test_an_unknown_language_reads_the_default_one() -> None:
    assert translate("xx", "list.title") == "列表"


def test_a_new_language_is_one_file(tmp_path: Path) -> None:
    text = (WEBMAP / "locale" / "en.toml").read_text(encoding="utf-8")
    path = tmp_path / "de.toml"
    path.write_text(
        text.replace('locale = "en"', 'locale = "de"').replace('html = "en"', 'html = "de"'), encoding="utf-8"
    )
    made = read(path)
    assert (made.lang, made.number(1234.5)) == ("de", "1.234,5")
    assert made.text("list.count", n=1) == "1 item"
