"""Importing an export changes nothing: for every format and kind, against the record of a whole installation.

What a format cannot hold (boundary-point text knows a plot's code, name, area, land use and outline only; a Shapefile's columns
hold no text over 254 bytes) it does not speak of, and an import leaves it as it is. Outlines are the same to within a centimetre:
projected coordinates are written with a tenth of a millimetre.
"""

from pathlib import Path

import numpy as np
import pytest
import shapely

import datasets.world
import seeds.pour
from geo.draw.export import export, formats, formats_for
from geo.model import default_kinds
from geo.publish import Shelf, Snapshot
from geo.query.selection import Selection
from geo.store import Change, State, Store
from webmap.intake.choices import Choices
from webmap.intake.committing import commit
from webmap.intake.known import known
from webmap.intake.preparing import Ground, Prepared, prepared

LOCATED = ("plot", "park", "project", "opportunity", "route")
CASES = [(kind, name) for kind in LOCATED for name in formats_for(kind)]
EVIL = '=HYPERLINK("http://x","点")'


@pytest.fixture(scope="module")
def world() -> datasets.world.World:
    return datasets.world.load()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, world: datasets.world.World) -> Store:
    """Facts and demonstration data, and plots that are hard to write down."""
    made = Store.create(f"sqlite:///{tmp_path_factory.mktemp('trip')}/relitu.sqlite")
    seeds.pour.pour(made, default_kinds(), world, demo=True)
    made.record(map(Change, awkward()), author="test", reason="test", state=State.PUBLISHED)
    return made


def awkward():
    """Plots with a hole, with two parts, with thousands of points, with odd texts, with odd digits."""
    angles = np.linspace(0, 2 * np.pi, 3000, endpoint=False)
    holed = shapely.Polygon(
        [(113.80000000001, 34.2), (113.81, 34.2), (113.81, 34.2099999999999), (113.8, 34.21)],
        [[(113.802, 34.202), (113.802, 34.204), (113.804, 34.204), (113.804, 34.202)]],
    )
    parts = shapely.MultiPolygon(
        [shapely.box(113.82, 34.2, 113.821, 34.201), shapely.box(113.823, 34.2, 113.824, 34.201)]
    )
    round_ = shapely.Polygon(np.column_stack([113.803 + np.cos(angles) / 2000, 34.203 + np.sin(angles) / 2000]))
    rows = [
        (
            {
                "code": "A-1",
                "name": "带孔",
                "far_min": 1.2,
                "price_wan_mu": 33.123456789012,
                "chains": ["nev", "nylon"],
            },
            holed,
        ),
        ({"code": "A-2", "name": EVIL, "note": '<b>粗</b>; a,b\n第二行 "引号"'}, parts),
        ({"code": "007", "name": "-1号地块", "services": "长" * 400, "demo": True}, round_),
    ]
    plain = {"county": "411082", "precision": "surveyed", "source": "test", "status": "available", "land_use": "M1"}
    for fields, shape in rows:
        area = round(float(shapely.area(shape)) * 1.025e10, 1)
        yield (
            default_kinds()
            .get("plot")
            .from_row({"id": f"odd-{fields['code']}", "area_m2": area, **plain, **fields}, shape)
        )


@pytest.fixture(scope="module")
def snapshot(store: Store, world: datasets.world.World, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    shelf = Shelf(tmp_path_factory.mktemp("shelf"))
    shelf.publish(store.published(default_kinds()), default_kinds(), world)
    return shelf.open()


@pytest.fixture(scope="module")
def back(store: Store, snapshot: Snapshot, world: datasets.world.World, tmp_path_factory: pytest.TempPathFactory):
    """A function that exports a kind and reads the file back."""

    def trip(kind: str, name: str, lang: str = "zh") -> Prepared:
        selection = Selection(snapshot, {each: np.ones(snapshot.table(each).rows, bool) for each in snapshot.kinds})
        path: Path = tmp_path_factory.mktemp("files") / f"{kind}.{formats()[name].suffix}"
        path.write_bytes(b"".join(export(selection, kind, name, world, lang)))
        return prepared(path, path.name, Ground(world, default_kinds().get(kind), known(store, kind)), Choices())

    return trip


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_importing_an_export_changes_nothing(back, store, kind, name):
    found = back(kind, name)
    assert len(found.intake.rows) == len(known(store, kind).existing)
    if (
        name == "txt"
    ):  # whose fields stand between commas: one in a name becomes a space, which is a change and shown as one
        changed = differences(found).pop("odd-A-2")
        assert set(changed) == {"name"} and changed["name"][1] == EVIL.replace(",", " ")
        return
    assert differences(found) == {}
    assert found.is_fit, [f.message.zh for row in found.intake.rows for f in row.findings if f.severity == "error"]
    assert commit(found, store, "0" * 64, "test", "test").revisions == []


@pytest.mark.parametrize("name", ["csv", "xlsx"])
@pytest.mark.parametrize("kind", LOCATED)
def test_a_table_with_english_headings_comes_back_too(back, kind, name):
    assert differences(back(kind, name, "en")) == {}


@pytest.mark.parametrize("name", ["csv", "xlsx", "geojson", "gpkg", "kml"])
def test_formats_that_hold_everything_give_the_very_same_feature(back, store, name):
    found = back("plot", name)
    stored = store.currents([row.id for row in found.intake.rows])
    odd = [row for row in found.intake.rows if row.id.startswith("odd-")]
    assert len(odd) == 3
    for row in odd:
        kept = stored[row.id].feature(default_kinds())
        assert row.feature is not None and row.feature.payload() == kept.payload()
        assert shapely.normalize(row.geometry).equals_exact(shapely.normalize(kept.geometry), 0)


def test_a_change_in_the_file_is_one_revision_and_the_outline_stays_to_the_last_digit(
    back, store, snapshot, world, tmp_path
):
    selection = Selection(snapshot, {each: np.ones(snapshot.table(each).rows, bool) for each in snapshot.kinds})
    text = b"".join(export(selection, "plot", "txt", world)).decode()
    assert text.count(",A-1,带孔,") == 1
    path = tmp_path / "plots.txt"
    path.write_text(text.replace(",A-1,带孔,", ",A-1,改名,"), encoding="utf-8")
    found = prepared(path, path.name, Ground(world, default_kinds().get("plot"), known(store, "plot")), Choices())
    assert [(row.where, f.message.zh) for row in found.intake.rows for f in row.findings if f.severity == "error"] == []
    written = commit(found, store, "1" * 64, "test", "test").revisions
    changed = next(revision for revision in written if revision.feature_id == "odd-A-1")
    assert len(written) == 2  # the other one's name has a comma
    before = store.history("odd-A-1")[0]
    assert (changed.feature_id, changed.payload["name"], changed.state) == ("odd-A-1", "改名", State.DRAFT)
    assert {**changed.payload, "name": "带孔"} == before.payload
    assert shapely.equals_exact(changed.geometry, before.geometry, 0)
    assert (changed.origin[:66], changed.original_crs) == ("1" * 64 + "#p", "EPSG:4526")
    store.record([Change(before.feature(default_kinds()))], author="test", reason="back", state=State.PUBLISHED)


def differences(found: Prepared) -> dict[str, dict[str, object]]:
    told = {}
    for row in found.intake.rows:
        if not row.unchanged:
            place = found.known.existing.place.get(row.id, -1)
            stored = dict(found.known.existing.payload(place)) if place >= 0 else {}
            mine = row.feature.payload() if row.feature else row.values
            told[row.id or row.where] = {n: (stored.get(n), mine[n]) for n in mine if mine[n] != stored.get(n)}
    return told
