"""What the measuring writes down: ratios the right way round, aims judged, nothing left out silently."""

from __future__ import annotations

import mapbox_vector_tile
import pytest

from tests.bench.measured import Measured, NotMeasured, Unavailable, figure
from tests.bench.mvt_content import features_in
from tests.bench.parts import PARTS, Part
from tests.bench.report import Report, Section


@pytest.mark.parametrize(
    ("unit", "ours", "theirs", "ratio"), [("ms", 2, 10, 5), ("requests/s", 100, 20, 5), ("MB", 10, 2, 0.2)]
)
def test_the_ratio_says_how_many_times_as_good_we_are(unit, ours, theirs, ratio):
    assert Measured("x", ours, unit, "", "peer", theirs).ratio == ratio


@pytest.mark.parametrize(
    ("unit", "ours", "theirs", "aim", "met"),
    [
        ("ms", 2, 10, "≥ 5×", True),
        ("ms", 2, 10, "≥ 5.1×", False),
        ("requests/s", 60, 100, "≥ 0.6×", True),
        ("kB", 301, 9999, "≤ 300 kB", False),
        ("s", 3, None, "≤ 3 s", True),
        ("×", 1.31, None, "≤ 1.3 ×", False),
        ("s", 2, 1, "≥ 0.33× (at most 3 times as long)", True),
        ("s", 2, 1, "", None),
    ],
)
def test_an_aim_is_about_the_ratio_or_about_our_figure(unit, ours, theirs, aim, met):
    assert Measured("x", ours, unit, "", "peer" if theirs else "", theirs, aim).met is met


@pytest.mark.parametrize(("unit", "aim"), [("ms", "≤ 3 s"), ("ms", "≥ 4×")])
def test_an_aim_that_says_nothing_about_the_row_is_refused(unit, aim):
    with pytest.raises(ValueError, match="says nothing about 'x'"):
        _ = Measured("x", 1, unit, "", aim=aim).met


def test_what_was_not_measured_is_listed_with_its_reason(tmp_path):
    (tmp_path / "docs").mkdir()
    sections = [
        Section("a", "Part A", rows=[Measured("x", 2, "ms", "m", "peer", 9, "≥ 5×")]),
        Section("b", "Part B", rows=[NotMeasured("all of it", "nginx is not installed")]),
    ]
    report = Report({"date": "2026"}, {"memory": "24 GiB"}, {"wrk": "4.1"}, sections)
    text = report.write(tmp_path)
    assert "- Part B: all of it: nginx is not installed" in text
    assert "| x against peer | 4.5× | ≥ 5× | **no** |" in text
    assert "## Part B" not in text
    found = report.payload()
    assert found["not_measured"] == [{"part": "b", "what": "all of it", "reason": "nginx is not installed"}]
    assert (found["measured"][0]["ratio"], found["measured"][0]["met"]) == (4.5, False)


def test_every_part_has_its_module():
    for name, part in PARTS.items():
        try:
            part.measure(None)  # type: ignore[arg-type]
        except Unavailable as missing:
            pytest.fail(f"{name}: {missing}")
        except Exception:  # noqa: S110 - it was found; what it says of no ground does not matter
            pass


def test_a_module_that_is_missing_is_not_available():
    with pytest.raises(Unavailable, match=r"tests\.bench\.nowhere is missing"):
        Part("x", "nowhere").measure(None)  # type: ignore[arg-type]


@pytest.mark.parametrize("number", [0, 1, 300])
def test_features_are_counted_as_the_decoder_counts_them(number):
    features = [{"geometry": f"POINT({n} {n})", "properties": {"name": f"{n}" * 50}} for n in range(number)]
    tile = mapbox_vector_tile.encode(
        [{"name": "plot", "features": features}, {"name": "more", "features": features[:1]}]
    )
    decoded = mapbox_vector_tile.decode(tile)
    assert features_in(tile, "plot") == len(decoded.get("plot", {"features": []})["features"]) == number
    assert features_in(tile) == number + min(number, 1)


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (0.01234, "0.0123"), (12.345, "12.3"), (999.6, "1,000"), (57123.4, "57,123")]
)
def test_figures_have_three_digits_and_no_exponent(value, text):
    assert figure(value) == text
