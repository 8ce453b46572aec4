"""Which chains a demonstration row belongs to: all clusters in turn, so that none is missing."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from datasets.chains import Chain, Chains

SECOND_CHAIN = 0.35  # share of rows that belong to two chains


@dataclass(frozen=True, slots=True)
class Themes:
    """Chains by cluster, in the file's order."""

    chains: Chains
    pools: tuple[tuple[Chain, ...], ...]

    @classmethod
    def of(cls, chains: Chains, *, industry_only: bool = False) -> Themes:
        """All clusters that have chains, or only the official ones: land is offered to industry, not to services."""
        wanted = [each for each in chains.clusters.values() if each.official or not industry_only]
        pools = [_pool(chains, each.id) for each in wanted or chains.clusters.values()]
        return cls(chains, tuple(pool for pool in pools if pool))

    def draw(self, turn: int, rng: Random) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The ids of one or two chains of the `turn`-th cluster, and of a node of each that has nodes."""
        pool = self.pools[turn % len(self.pools)]
        count = 2 if len(pool) > 1 and rng.random() < SECOND_CHAIN else 1
        drawn = rng.sample(pool, count)
        return tuple(each.id for each in drawn), tuple(rng.choice(each.nodes).id for each in drawn if each.nodes)


def _pool(chains: Chains, cluster: str) -> tuple[Chain, ...]:
    """A cluster's chains that have nodes; all of them where none has."""
    members = [each for each in chains.chains.values() if each.cluster == cluster]
    return tuple(each for each in members if each.nodes) or tuple(members)
