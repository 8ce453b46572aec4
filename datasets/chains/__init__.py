"""Industry chains as data: cluster, chain, node. Nothing in the code names a chain; chains.toml does."""

from datasets.chains.model import Chain, Chains, Cluster, Node
from datasets.chains.names import normalised
from datasets.chains.reader import DEFAULT, load

__all__ = ["DEFAULT", "Chain", "Chains", "Cluster", "Node", "load", "normalised"]
