"""Fields: what they read, what they refuse, and that what they dump reads back the same."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.labels import Label
from geo.model.field import Field, Unreadable
from geo.model.fields import Area, Code, Codes, Day, Entries, Flag, Money, Number, Text, Whole

LABEL = Label("字段", "Field")
ENTRIES = Entries(label=LABEL, columns=(("name", Label("名", "Name")), ("minutes", Label("分", "Minutes"))))


@pytest.mark.parametrize(
    ("field", "raw", "value"),
    [
        (Text(label=LABEL), "  甲 ", "甲"),
        (Text(label=LABEL), None, ""),
        (Number(label=LABEL), "1,234.5", 1234.5),
        (Number(label=LABEL), "", None),
        (Whole(label=LABEL), "25", 25.0),
        (Codes(label=LABEL, of="chain"), "a; b；a;", ("a", "b")),
        (Codes(label=LABEL, of="chain"), ["b", "a"], ("b", "a")),
        (Flag(label=LABEL), "是", True),
        (Flag(label=LABEL), False, False),
        (Day(label=LABEL), "2022-03", "2022-03"),
        (Day(label=LABEL), "2022-Q3", "2022-Q3"),
        (ENTRIES, '[{"name": "甲", "minutes": 20}]', ({"name": "甲", "minutes": 20},)),
        (ENTRIES, None, ()),
    ],
)
def test_reads(field: Field, raw: object, value: object) -> None:
    assert field.read(raw) == value


@pytest.mark.parametrize(
    ("field", "raw"),
    [
        (Text(label=LABEL, max_length=3), "四个字符"),
        (Number(label=LABEL), "约84"),
        (Number(label=LABEL), "nan"),
        (Number(label=LABEL), True),
        (Area(label=LABEL), -1),
        (Number(label=LABEL, maximum=100), 100.1),
        (Whole(label=LABEL), "1.5"),
        (Code(label=LABEL, of="unit", pattern=r"\d{6}"), "4108"),
        (Codes(label=LABEL, of="chain"), 7),
        (Flag(label=LABEL), "maybe"),
        (Day(label=LABEL), "2022-02-30"),
        (Day(label=LABEL), "22-2-3"),
        (Day(label=LABEL), "2022-13"),
        (Day(label=LABEL), "2022-Q5"),
        (ENTRIES, "{"),
        (ENTRIES, '{"name": "甲"}'),
        (ENTRIES, '[{"surname": "甲"}]'),
        (ENTRIES, "[1]"),
    ],
)
def test_refuses_in_both_languages(field: Field, raw: object) -> None:
    with pytest.raises(Unreadable) as fault:
        field.read(raw)
    assert fault.value.label.zh
    assert fault.value.label.en


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=0))
def test_money_reads_back_what_it_dumps(value: float) -> None:
    field = Money(label=LABEL)
    assert field.read(json.loads(json.dumps(field.dump(field.read(value))))) == value


@given(st.dates())
def test_every_calendar_day_is_read_at_each_precision(day: object) -> None:
    text = str(day)
    for length in (4, 7, 10):
        assert Day(label=LABEL).read(text[:length]) == text[:length]


@given(st.lists(st.text(alphabet="abc-/", min_size=1)))
def test_codes_survive_a_cell(codes: list[str]) -> None:
    field = Codes(label=LABEL, of="chain")
    once = field.read(codes)
    assert field.read(";".join(once)) == once
    assert len(set(once)) == len(once)


def test_area_is_asked_for_in_mu() -> None:
    assert math.isclose(15 * Area(label=LABEL).param_scale, 10_000)  # 15亩 = 1公顷
