"""Clusters, chains and their nodes, and how to ask for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from datasets.chains.names import Names
from datasets.errors import DatasetError
from datasets.labels import Label

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Cluster:
    """A group of chains with its colour (#rrggbb); `official` says that Henan itself names it as one of its seven."""

    id: str
    label: Label
    colour: str
    official: bool


@dataclass(frozen=True, slots=True)
class Node:
    """A place in a chain, id `<chain>/<slug>`; `segment` is a code of the vocabulary `segment`."""

    id: str
    label: Label
    segment: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chain:
    """An industry chain of one cluster.

    `gb4754` weighs divisions of GB/T 4754-2017 (two digits) and is empty where no crosswalk is sure. `source` is
    document:line, "domain" or "general knowledge"; `sourced` says whether it rests on a document.
    """

    id: str
    label: Label
    cluster: str
    aliases: tuple[str, ...]
    nodes: tuple[Node, ...]
    gb4754: Mapping[str, float]
    source: str
    sourced: bool


@dataclass(frozen=True, slots=True)
class Chains:
    """All clusters and chains by id, in the file's order."""

    clusters: Mapping[str, Cluster]
    chains: Mapping[str, Chain]
    _chain_names: Names = field(init=False, repr=False, compare=False)
    _node_names: Names = field(init=False, repr=False, compare=False)
    _nodes: Mapping[str, Node] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        chains = self.chains.values()
        nodes = {node.id: node for chain in chains for node in chain.nodes}
        set_once = object.__setattr__
        set_once(self, "_nodes", nodes)
        set_once(self, "_chain_names", Names.of((name, each.id) for each in chains for name in _names(each)))
        set_once(self, "_node_names", Names.of((name, each.id) for each in nodes.values() for name in _names(each)))

    def resolve(self, text: str) -> tuple[str, ...]:
        """The ids of the chains named in `text` by name or alias, in its order; empty when it names none.

        Width, case, quotation marks and line breaks don't matter; where names overlap the longest counts.
        """
        return self._chain_names.find(text)

    def resolve_nodes(self, text: str) -> tuple[str, ...]:
        """The ids of the nodes named in `text`, as `resolve` does for chains."""
        return self._node_names.find(text)

    def chain(self, chain: str) -> Chain:
        """The chain with this id; DatasetError that names near ones when there is none."""
        return _found(self.chains, chain, Label("产业链", "industry chain"))

    def node(self, node: str) -> Node:
        """The node with the id `<chain>/<slug>`; DatasetError when there is none."""
        return _found(self._nodes, node, Label("产业链环节节点", "chain node"))

    def nodes_of(self, chain: str, segment: str | None = None) -> tuple[Node, ...]:
        """The nodes of a chain in the file's order, all or those of one segment; DatasetError for no such chain."""
        return tuple(node for node in self.chain(chain).nodes if segment in (None, node.segment))

    def colour(self, chain: str) -> str:
        """The colour of the chain's cluster as #rrggbb; DatasetError for no such chain."""
        return self.clusters[self.chain(chain).cluster].colour


def _names(item: Chain | Node) -> tuple[str, ...]:
    return (item.label.zh, item.label.en, *item.aliases)


def _found(known: Mapping[str, _T], wanted: str, kind: Label) -> _T:
    if wanted in known:
        return known[wanted]
    stem = wanted.split("/", maxsplit=1)[0].split("-", maxsplit=1)[0]
    near = [each for each in known if stem and stem in each][:8] or list(known)[:8]
    raise DatasetError(
        Label(
            zh=f"没有{kind.zh}“{wanted}”。相近的有：{'、'.join(near)}。全部见 datasets/chains/chains.toml。",
            en=f"There is no {kind.en} '{wanted}'. Near ones: {', '.join(near)}. All: datasets/chains/chains.toml.",
        )
    )
