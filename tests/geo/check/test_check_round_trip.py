"""What we export reads back as what the record has: nothing changes, in every format and language."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely
from parcels import COUNTY, array, parts, placed, polygon, square

from datasets.world import World
from geo.check import Context, Existing, prepare
from geo.crs import geodesic_area_m2
from geo.draw.export import export, formats
from geo.model import Feature, default_kinds
from geo.query import Filter, select
from geo.read import read

COMMON = {
    "county": COUNTY,
    "source": "=测试来源",
    "as_of": "2024-05",
    "note": "-注意 <b>",
    "chains": [],
    "name_en": "Lot",
}


def features(kind: str) -> list[Feature]:
    made = default_kinds().get(kind)
    if kind == "plot":
        lots = {
            "plot-a": parts(polygon(square(0, 0, 200), square(20, 20, 30)), polygon(square(300, 0, 90))),
            "demo-plot-b": polygon(square(500, 0, 200)),
        }
        own = {"status": "available", "land_use": "100101", "far_min": 1.0, "far_max": 2.5, "price_wan_mu": 18.5}
        return [
            made.from_row(
                {
                    **COMMON,
                    **own,
                    "id": name,
                    "name": f"地块{name}",
                    "code": f"C/{name}",
                    "precision": "surveyed",
                    "area_m2": round(geodesic_area_m2(shape), 2),
                },
                shape,
            )
            for name, shape in lots.items()
        ]
    own = {
        "amount_wan": 110_000.0,
        "currency": "USD",
        "stage": "signed",
        "signed_on": "2024-03-01",
        "precision": "address",
    }
    return [made.from_row({**COMMON, **own, "id": "p1", "name": "某项目"}, placed(shapely.Point(10, 10)))]


def record(found: list[Feature]) -> Existing:
    return Existing(
        [each.id for each in found],
        [each.name for each in found],
        [getattr(each, "code", "") for each in found],
        [each.county for each in found],
        ["published"] * len(found),
        array(*(each.geometry for each in found)),
        [each.payload() for each in found],
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("format_name", "kind"),
    [(name, kind) for name in sorted(formats()) for kind in ("plot", "project") if (name, kind) != ("txt", "project")],
)
def test_an_import_of_an_export_changes_nothing(
    format_name: str, kind: str, lang: str, snapshot_of: Callable[..., Any], world: World, tmp_path: Path
) -> None:
    made = features(kind)
    snapshot = snapshot_of(made)
    selection = select(Filter.parse([], default_kinds(), world), snapshot, default_kinds(), world)
    file = tmp_path / f"export.{format_name}"
    file.write_bytes(b"".join(export(selection, kind, format_name, world, lang)))
    intake = prepare(read(file), default_kinds().get(kind), Context(world, existing=record(made)))
    assert len(intake.rows) == len(made)
    for row in intake.rows:
        assert row.unchanged, [finding.message.en for finding in row.findings]
        assert not row.has_errors
