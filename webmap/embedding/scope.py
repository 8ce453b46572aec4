"""What an embedding website may show: the filter of its address, held within the counties of its key."""

from __future__ import annotations

from collections.abc import Iterable

from datasets.labels import Label
from datasets.world import World
from geo.query import Filter
from webmap.embedding.allowed import Allowed
from webmap.problems import Refusal


def counties_of(units: Iterable[str], world: World) -> tuple[str, ...]:
    """The adcodes that a list of counties and cities holds: a city's own (what is known to it alone) and its counties'."""
    found: dict[str, None] = {}
    for unit in units:
        found[unit] = None
        if unit in world.boundaries.cities:
            found.update(dict.fromkeys(world.boundaries.cities[unit].counties))
    return tuple(found)


def within(wanted: Filter, allowed: Allowed | None, world: World) -> Filter:
    """`wanted` within the site's counties: all of them where it names none. Raises Refusal for a county beyond them."""
    if allowed is None or not allowed.counties:
        return wanted
    scope = counties_of(allowed.counties, world)
    beyond = [unit for unit in wanted.counties if unit not in scope]
    beyond += [unit for unit in wanted.cities if unit not in allowed.counties]
    if beyond:
        units = ", ".join(beyond)
        raise Refusal(
            Label(
                f"此密钥不能显示 {units}；请在嵌入代码中改用密钥允许的县区。",
                f"This key does not cover {units}: name counties that it covers in the snippet.",
            )
        )
    return wanted if wanted.counties else wanted.with_("county", scope)
