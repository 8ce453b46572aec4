"""Three counties of two cities, a county without a city, two places and three chains: small enough to reason about."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import cast

from datasets.boundaries import UnknownUnit
from datasets.chains import Chain, Chains, Cluster, Node
from datasets.labels import Label
from datasets.world import World


@dataclass(frozen=True)
class Unit:
    """What the core asks of a county or a city."""

    adcode: str
    name: Label
    city: str
    bbox: tuple[float, float, float, float]

    @property
    def anchor(self) -> tuple[float, float]:
        west, south, east, north = self.bbox
        return (west + east) / 2, (south + north) / 2


class Units:
    """A stand-in for Boundaries whose units are rectangles."""

    def __init__(self, counties: list[Unit], cities: list[Unit]) -> None:
        self.counties: Mapping[str, Unit] = {unit.adcode: unit for unit in counties}
        self.cities: Mapping[str, Unit] = {unit.adcode: unit for unit in cities}

    def unit(self, adcode: str) -> Unit:
        found = self.counties.get(adcode) or self.cities.get(adcode)
        if found is None:
            raise UnknownUnit(adcode)
        return found

    def name(self, adcode: str) -> Label:
        return self.unit(adcode).name

    def city_of(self, adcode: str) -> str:
        return self.unit(adcode).city


def small_world() -> World:
    """The world of this module, made anew."""
    counties = [
        Unit("410882", Label("沁阳市", "Qinyang City"), "410800", (112.0, 35.0, 113.0, 36.0)),
        Unit("410883", Label("孟州市", "Mengzhou City"), "410800", (112.0, 34.0, 113.0, 35.0)),
        Unit("411082", Label("长葛市", "Changge City"), "411000", (113.5, 34.0, 114.0, 34.5)),
        Unit("419001", Label("济源市", "Jiyuan City"), "419001", (111.0, 35.0, 112.0, 36.0)),
    ]
    cities = [
        Unit("410800", Label("焦作市", "Jiaozuo City"), "410800", (112.0, 34.0, 113.0, 36.0)),
        Unit("411000", Label("许昌市", "Xuchang City"), "411000", (113.5, 34.0, 114.0, 34.5)),
        Unit("419001", Label("济源市", "Jiyuan City"), "419001", (111.0, 35.0, 112.0, 36.0)),
    ]
    places = {
        "zone": SimpleNamespace(
            name=Label("示范区", "Demo zone"), lon=112.5, lat=35.5, county="410800", kind="district"
        ),
        "town": SimpleNamespace(name=Label("西虢镇", "Xiguo"), lon=112.4, lat=34.5, county="410883", kind="town"),
    }
    return World(
        boundaries=cast("object", Units(counties, cities)),  # type: ignore[arg-type]
        gazetteer=cast("object", SimpleNamespace(places=places)),  # type: ignore[arg-type]
        chains=Chains(
            {"metals": Cluster("metals", Label("金属", "Metals"), "#336699", False)},
            {
                "alpha": _chain(
                    "alpha", Label("尼龙", "Nylon"), ("up", "upstream"), ("ore", "upstream"), ("mid", "midstream")
                ),
                "beta": _chain("beta", Label("传感器", "Sensors"), ("up", "upstream"), ("down", "downstream")),
                "gamma": _chain("gamma", Label("白酒", "Spirits")),
            },
        ),
    )


def _chain(chain: str, label: Label, *nodes: tuple[str, str]) -> Chain:
    made = tuple(Node(f"{chain}/{slug}", Label(slug, slug), segment) for slug, segment in nodes)
    return Chain(chain, label, "metals", (), made, {}, "test", False)
