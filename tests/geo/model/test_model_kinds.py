"""Kinds: found by themselves, declared once, read from rows with every fault named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import pytest
from shapely import Point

from datasets.labels import Label
from geo.model import Feature, InvalidFeature, Kinds, default_kinds, fields_of
from geo.model.field import Storage
from geo.model.fields import Number
from geo.model.registry import UnknownKind

ROW = {"id": "a", "name": "甲", "county": "410882", "precision": "county", "source": "document:1", "stage": "signed"}


@dataclass(frozen=True, kw_only=True)
class Hotel(Feature):
    """A kind that only this test declares."""

    kind: ClassVar[str] = "hotel"
    rooms: Annotated[float | None, Number(label=Label("房间数", "Rooms"), filter="range")] = None


def test_the_five_kinds_of_the_map_are_found() -> None:
    assert {"park", "plot", "project", "opportunity", "route"} <= set(default_kinds().names)


def test_a_kind_that_is_added_is_found_and_the_others_stay() -> None:
    more = default_kinds().plus(Hotel)
    assert more.get("hotel") is Hotel
    assert set(more.names) == {*default_kinds().names, "hotel"}
    assert "hotel" not in default_kinds()


def test_an_unknown_kind_names_the_known_ones() -> None:
    with pytest.raises(UnknownKind, match="project"):
        default_kinds().get("castle")


def test_two_kinds_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="share a name"):
        Kinds(Hotel, Hotel)


@pytest.mark.parametrize("kind", default_kinds(), ids=lambda kind: kind.kind)
def test_every_field_has_labels_and_a_schema(kind: type[Feature]) -> None:
    for name, field in fields_of(kind).items():
        assert field.label.zh and field.label.en, name
        assert field.label.zh != field.label.en, name
        assert field.schema()["type"], name
        assert isinstance(field.storage, Storage), name
        if field.filter == "range":
            assert field.storage is Storage.NUMBER, name
    assert kind.title.zh != kind.title.en
    assert kind.plural.zh and kind.plural.en


def test_a_row_becomes_a_feature_and_its_payload_reads_back() -> None:
    project = default_kinds().get("project")
    feature = project.from_row({**ROW, "amount_wan": "220000", "chains": "food;textiles"})
    again = project.from_row(feature.payload())
    assert again == feature
    assert again.says_same(feature)
    assert feature.payload()["amount_wan"] == 220_000


def test_every_fault_of_a_row_is_named_not_only_the_first() -> None:
    row = {**ROW, "name": "", "amount_wan": "many", "colour": "red", "county": "41"}
    with pytest.raises(InvalidFeature) as fault:
        default_kinds().get("project").from_row(row)
    assert {error.field for error in fault.value.errors} == {"name", "amount_wan", "colour", "county"}


def test_geometry_takes_part_in_equality_of_content() -> None:
    here = Hotel(id="h", name="旅", county="410882", precision="address", source="x:1", geometry=Point(113, 35))
    there = Hotel(id="h", name="旅", county="410882", precision="address", source="x:1", geometry=Point(113, 36))
    nowhere = Hotel(id="h", name="旅", county="410882", precision="county", source="x:1")
    assert here.says_same(here)
    assert not here.says_same(there)
    assert not here.says_same(nowhere)
