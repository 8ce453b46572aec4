"""Puts the demonstration rows together, county after county."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from datasets.boundaries import Boundaries
from datasets.chains import Chains
from datasets.demo.ground import Ground
from datasets.demo.layout import Row, opportunities, parks, plots
from datasets.demo.plan import PLAN, dice
from datasets.demo.routes import routes
from datasets.demo.themes import Themes
from datasets.errors import DatasetError
from datasets.labels import Label


def rows(boundaries: Boundaries, chains: Chains) -> Iterator[Mapping[str, object]]:
    """The demonstration features of Xuchang: 68 parks, 35 plots (135 km²), 48 opportunities, 38 routes, in this order.

    Each row is a plain mapping of field names to values; `geometry` is a shapely geometry in WGS-84 lon/lat
    degrees, areas are geodesic square metres. The same boundaries and chains give the same rows in every run.
    Raises DatasetError where a county is missing or cannot take its share.
    """
    missing = [adcode for adcode in PLAN if adcode not in boundaries.counties]
    if missing:
        raise _missing(missing)
    grounds = {
        adcode: Ground.of(boundaries.counties[adcode], share.sites, dice("site", adcode))
        for adcode, share in PLAN.items()
    }
    every, industry = Themes.of(chains), Themes.of(chains, industry_only=True)
    made: dict[str, list[Row]] = {}
    turn = 0
    for adcode, share in PLAN.items():
        made[adcode] = list(parks(grounds[adcode], share, every, turn))
        turn += share.parks
    yield from (row for here in made.values() for row in here)
    turn = 0
    for adcode, share in PLAN.items():
        yield from plots(grounds[adcode], share, industry, turn, made[adcode])
        turn += len(share.plots_km2)
    for adcode, share in PLAN.items():
        yield from opportunities(grounds[adcode], share, every, made[adcode])
    all_parks = [row for here in made.values() for row in here]
    shown: Counter[str] = Counter()
    for adcode, share in PLAN.items():
        yield from routes(boundaries.counties[adcode], share.routes, all_parks, chains, shown)


def _missing(adcodes: list[str]) -> DatasetError:
    return DatasetError(
        Label(
            zh=f"边界中缺少演示数据所在的区县 {'、'.join(adcodes)}（许昌）。请改用随附的边界，或加 --no-demo。",
            en=f"The boundaries lack the counties {', '.join(adcodes)} (Xuchang), where the demonstration data lie. "
            "Use the boundaries that ship with the package, or start with --no-demo.",
        )
    )
