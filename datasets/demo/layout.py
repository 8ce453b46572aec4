"""Demonstration parks, plots and opportunities of one county."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from datasets.boundaries import County
from datasets.demo.blocks import block
from datasets.demo.ground import Ground
from datasets.demo.plan import AS_OF, SOURCE, Share, dice
from datasets.demo.themes import Themes

Row = dict[str, object]

NOTE = "演示数据：由程序生成，不对应任何真实园区、地块、项目或企业。"
OFFICE = "演示：招商服务窗口"
WORDS = {
    "park": ("演示园区", "Demo park"),
    "plot": ("演示地块", "Demo plot"),
    "opportunity": ("演示机会", "Demo opportunity"),
    "route": ("演示线路", "Demo route"),
}
HOST_TYPES = ("development_zone", "advanced_manufacturing", "hightech_zone")
OTHER_TYPES = (
    "industry_park",
    "science_park",
    "incubator",
    "innovation_complex",
    "headquarters",
    "logistics",
    "ecommerce",
    "demonstration_base",
    "platform",
)
LAND_USES = ("M1", "M2", "M2", "W1", "100101", "100102", "110101", "M0")
STATUSES = ("available", "available", "available", "reserve", "announced", "granted")
FORMS = ("joint_venture", "sole", "cooperation", "equity", "lease", "ppp")
SERVICES = ("七通一平", "七通一平", "五通一平", "三通一平")
DEADLINES = ("2021-06-30", "2021-12-31", "2022-06-30")


def base(kind: str, county: County, number: int) -> Row:
    """What every row has; its id, names and marks say that it is a demonstration."""
    zh, en = WORDS[kind]
    return {
        "id": f"demo-{kind}-{county.adcode}-{number:02d}",
        "kind": kind,
        "name": f"{zh} {county.short.zh}-{number:02d}",
        "name_en": f"{en} {county.short.en}-{number:02d}",
        "county": county.adcode,
        "place": "",
        "precision": "address",
        "source": SOURCE,
        "as_of": AS_OF,
        "date_precision": "month",
        "note": NOTE,
        "demo": True,
    }


def parks(ground: Ground, share: Share, themes: Themes, turn: int) -> Iterator[Row]:
    """The county's platforms: one host park at each site first, then smaller ones around the sites in turn."""
    rng = dice("park", ground.county.adcode)
    for index in range(share.parks):
        host = index < len(ground.sites)
        chains, nodes = themes.draw(turn + index, rng)
        spread_m = 150 if host else 1300
        yield base("park", ground.county, index + 1) | {
            "chains": chains,
            "nodes": nodes,
            "geometry": ground.place_point(ground.sites[index % len(ground.sites)], spread_m, rng),
            "level": rng.choice(("provincial", "municipal") if host else ("municipal", "county")),
            "park_type": rng.choice(HOST_TYPES if host else OTHER_TYPES),
            "area_m2": float(rng.randrange(8_000, 25_000) if host else rng.randrange(50, 1_500)) * 1000,
            "contact_office": OFFICE,
        }


def plots(ground: Ground, share: Share, themes: Themes, turn: int, parks_here: list[Row]) -> Iterator[Row]:
    """The county's plots around its sites; most belong to the host park of their site."""
    rng = dice("plot", ground.county.adcode)
    for index, area_km2 in enumerate(share.plots_km2):
        site = ground.sites[index % len(ground.sites)]
        chains, nodes = themes.draw(turn + index, rng)
        outline = block(rng, turn + index, area_km2 * 1e6, site.bearing)
        row = base("plot", ground.county, index + 1)
        row |= {
            "chains": chains,
            "nodes": nodes,
            "geometry": ground.place_block(outline, site, area_km2 * 1e6),
            "code": f"演示{ground.county.adcode}-{index + 1:02d}",
            "area_m2": area_km2 * 1e6,
            "precision": "surveyed",
            "status": rng.choice(STATUSES),
            "park": "" if rng.random() < 0.2 else parks_here[index % len(ground.sites)]["id"],
        }
        yield row | _terms(rng)


def _terms(rng: Random) -> Row:
    """Terms of a plot, in the range that listings of industrial land show."""
    return {
        "land_use": rng.choice(LAND_USES),
        "far_min": rng.choice((0.8, 1.0, 1.2)),
        "far_max": rng.choice((2.0, 2.5, 3.0)),
        "density_max": float(rng.choice((45, 50, 55, 60))),
        "green_min": float(rng.choice((5, 10, 15))),
        "height_max_m": float(rng.choice((24, 36, 50, 60))),
        "intensity_wan_mu": float(rng.randrange(200, 451, 10)),
        "tax_wan_mu": float(rng.randrange(10, 31)),
        "term_years": rng.choice((20, 30, 50)),
        "price_wan_mu": rng.randrange(120, 350) / 10,
        "services": rng.choice(SERVICES),
    }


def opportunities(ground: Ground, share: Share, themes: Themes, parks_here: list[Row]) -> Iterator[Row]:
    """The county's opportunities, each at one of its parks and in its chains."""
    rng = dice("opportunity", ground.county.adcode)
    for index, park in enumerate(rng.sample(parks_here, share.opportunities), start=1):
        amount = rng.randrange(2_000, 120_000, 500)
        yield base("opportunity", ground.county, index) | {
            "chains": park["chains"],
            "nodes": park["nodes"],
            "geometry": park["geometry"],
            "content": f"演示内容：在“{park['name']}”引进{_subject(park, themes)}方向的示例合作。"
            "数据均为虚构，不构成要约。",
            "amount_wan": float(amount),
            "sought_wan": float(round(amount * rng.uniform(0.3, 0.8), -2)),
            "form": rng.choice(FORMS),
            "valid_until": rng.choice(DEADLINES),
            "contact_office": OFFICE,
            "park": park["id"],
        }


def _subject(park: Row, themes: Themes) -> str:
    """What a park's opportunity is about: its first node, or its first chain where that has no nodes."""
    nodes, chains = park["nodes"], park["chains"]
    assert isinstance(nodes, tuple) and isinstance(chains, tuple)  # noqa: S101 (parks() made them so)
    return themes.chains.node(nodes[0]).label.zh if nodes else themes.chains.chain(chains[0]).label.zh
