"""What a person may change of a file before it is recorded: system, cells, shapes, rows; and how the rows are kept."""

import json
from pathlib import Path

import pytest
import shapely

import datasets.world
from geo.check.existing import Existing
from geo.crs import UnknownSystem
from geo.model import default_kinds
from geo.store import Change, State, Store
from webmap.intake import choices as choosing
from webmap.intake.book import LEFT_OUT, Book
from webmap.intake.choices import Choices
from webmap.intake.committing import NotFit, commit
from webmap.intake.filing import write
from webmap.intake.known import Known, known
from webmap.intake.preparing import Ground, prepared

PLOT = default_kinds().get("plot")
NONE = Choices()
SQUARE = shapely.box(113.80, 34.20, 113.802, 34.202)
BOW_TIE = shapely.Polygon([(113.81, 34.20), (113.812, 34.202), (113.812, 34.20), (113.81, 34.202)])


@pytest.fixture(scope="module")
def world() -> datasets.world.World:
    return datasets.world.load()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.create(f"sqlite:///{tmp_path / 'relitu.sqlite'}")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A sound parcel, a bow tie, and one with an unreadable area."""
    rows = [
        ({"code": "A", "name": "甲", "status": "available", "land_use": "M1"}, SQUARE),
        ({"code": "B", "name": "乙", "status": "available", "land_use": "M1"}, BOW_TIE),
        (
            {"code": "C", "name": "丙", "status": "available", "area_m2": "很大"},
            shapely.box(113.82, 34.2, 113.822, 34.202),
        ),
    ]
    features = [{"type": "Feature", "properties": p, "geometry": shapely.geometry.mapping(g)} for p, g in rows]
    path = tmp_path / "plots.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def read(file, world, choices=NONE, found=None, scope=("411082",)):
    return prepared(file, file.name, Ground(world, PLOT, found or Known(Existing(), {}), "411082", scope), choices)


def codes(prepared_, row):
    return {finding.code for finding in prepared_.intake.rows[row].findings}


def test_a_file_with_errors_is_not_committed_and_nothing_of_it_is(file, world, store):
    found = read(file, world)
    assert not found.is_fit
    with pytest.raises(NotFit, match=r"2 rows have errors, nothing was written: plots.geojson#2, plots.geojson#3"):
        commit(found, store, "0" * 64, "clerk", "")
    assert store.is_empty()


def test_mended_and_repaired_it_is_one_transaction_with_origin_and_original(file, world, store):
    choices = Choices().edited(2, {"area_m2": 37000.0}).repaired(1, ("reorder",))
    found = read(file, world, choices)
    assert found.is_fit, [(r.where, f.message.en) for r in found.intake.rows for f in r.findings]
    assert found.intake.rows[1].geometry.is_valid and not BOW_TIE.is_valid
    done = commit(found, store, "a" * 64, "clerk", "survey of May")
    assert [revision.state for revision in done.revisions] == [State.DRAFT] * 3
    second = store.current("plot-411082-b")
    assert second.origin == "a" * 64 + "#plots.geojson#2"
    assert shapely.equals_exact(shapely.from_wkb(second.original_geometry), BOW_TIE, 0)
    assert store.current("plot-411082-c").payload["area_m2"] == 37000.0
    assert commit(read(file, world, choices, known(store, "plot")), store, "a" * 64, "clerk", "").revisions == []


def test_rows_that_are_left_out_are_neither_checked_nor_written(file, world, store):
    found = read(file, world, Choices(left_out=frozenset({1, 2})))
    assert found.is_fit and found.numbers == [0] and sorted(found.left_out) == [1, 2]
    assert len(commit(found, store, "0" * 64, "clerk", "").revisions) == 1


def test_a_county_that_the_person_does_not_hold_is_an_error(file, world):
    assert "county-not-held" in codes(read(file, world, scope=("410882",)), 0)


def test_an_edit_of_one_row_leaves_what_the_record_knows_of_the_others(file, world, store):
    fit = Choices().edited(2, {"area_m2": 37000.0}).repaired(1, ("reorder",))
    commit(read(file, world, fit), store, "0" * 64, "clerk", "")
    feature = store.current("plot-411082-a").feature(default_kinds())
    noted = PLOT.from_row({**feature.payload(), "note": "记着"}, feature.geometry)
    store.record([Change(noted)], author="clerk", reason="")
    found = read(file, world, fit.edited(2, {"note": "另一条"}), known(store, "plot"))
    assert [row.values["note"] for row in found.intake.rows] == ["记着", "", "另一条"]
    assert [row.unchanged for row in found.intake.rows] == [True, True, False]


def test_what_waits_for_a_review_cannot_be_overwritten(file, world, store):
    fit = Choices(left_out=frozenset({1, 2}))
    commit(read(file, world, fit), store, "0" * 64, "clerk", "")
    store.record(
        [Change(store.current("plot-411082-a").feature(default_kinds()))], author="c", reason="", state=State.SUBMITTED
    )
    same = read(file, world, fit, known(store, "plot"))
    assert same.is_fit
    other = read(file, world, fit.edited(0, {"name": "改"}), known(store, "plot"))
    assert "waits-for-review" in codes(other, 0) and not other.is_fit


def test_a_change_by_somebody_else_since_the_check_writes_nothing(file, world, store):
    fit = Choices(left_out=frozenset({1, 2}))
    commit(read(file, world, fit), store, "0" * 64, "clerk", "")
    stale = read(file, world, fit.edited(0, {"name": "我的"}), known(store, "plot"))
    theirs = store.current("plot-411082-a").feature(default_kinds())
    store.record([Change(PLOT.from_row({**theirs.payload(), "name": "他的"}, SQUARE))], author="other", reason="")
    with pytest.raises(NotFit, match="changed by somebody else"):
        commit(stale, store, "0" * 64, "clerk", "")
    assert store.current("plot-411082-a").payload["name"] == "他的"


def test_a_chosen_system_is_used_and_an_unknown_one_refused(file, world):
    shifted = read(file, world, Choices(system="GCJ-02"))
    assert shifted.intake.system.code == "GCJ-02"
    moved = shapely.centroid(shifted.intake.rows[0].geometry)
    assert 0.003 < abs(moved.x - 113.801) < 0.01
    with pytest.raises(UnknownSystem):
        read(file, world, Choices(system="nowhere"))


def test_choices_are_kept_and_come_back(tmp_path):
    path = tmp_path / "deep" / "choices.json"
    assert choosing.load(path) == Choices()
    wanted = (
        Choices("EPSG:4526", True, 38, left_out=frozenset({3})).edited(1, {"name": "x"}).repaired(2, ("close", "valid"))
    )
    choosing.save(wanted, path)
    assert choosing.load(path) == wanted
    assert wanted.as_filed(1).as_filed(2) == Choices("EPSG:4526", True, 38, left_out=frozenset({3}))


def test_the_rows_are_kept_and_read_by_page_and_by_view(file, world, tmp_path):
    choices = Choices(left_out=frozenset({2})).edited(0, {"name": "改名"})
    path = tmp_path / "rows.sqlite"
    write(read(file, world, choices), path, {0}, {"sha256": "f"})
    book = Book(path)
    facts = book.facts()
    assert (facts["rows"], facts["left_out"], facts["with_errors"], facts["new"], facts["fit"]) == (2, 1, 1, 2, False)
    total, (first, second, third) = book.page("all")
    assert (total, first.name, first.edited, third.worst) == (3, "改名", True, LEFT_OUT)
    assert second.geometry.equals_exact(BOW_TIE, 0)
    assert any("geometry" in told for told in second.findings)
    assert [line.number for line in book.page("errors")[1]] == [1]
    assert book.page("all", limit=1, offset=2)[1][0].number == 2
    assert [line.number for line in book.within((113.809, 34.19, 113.815, 34.21), 10)[1]] == [1]
    assert [line.number for line in book.within(None, 1)[1]] == [1]
    assert (book.faulty_beside(0, 1), book.faulty_beside(1, 1), book.line(9)) == (1, None, None)
