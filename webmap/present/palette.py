"""Colours of clusters, chains and terms as classes of one style sheet, so that no page needs a style attribute."""

from __future__ import annotations

import re
from collections.abc import Iterator

from datasets import vocab
from datasets.chains import Chains


def cluster_class(cluster: str) -> str:
    """The class of a cluster's colour."""
    return f"cluster-{_slug(cluster)}"


def chain_class(chain: str) -> str:
    """The class of a chain's colour, which is its cluster's."""
    return f"chain-{_slug(chain)}"


def term_class(vocabulary: str, code: str) -> str:
    """The class of a term's colour."""
    return f"term-{_slug(vocabulary)}-{_slug(code)}"


def _slug(code: str) -> str:
    """The code as it may stand in a class name: whatever else it holds is written as its code point."""
    return re.sub(r"[^0-9A-Za-z_-]", lambda found: f"_{ord(found[0]):x}_", code)


def style_sheet(chains: Chains) -> str:
    """The style sheet: each class sets `--swatch`."""
    return "\n".join(_rules(chains)) + "\n"


def _rules(chains: Chains) -> Iterator[str]:
    for cluster in chains.clusters.values():
        members = [chain.id for chain in chains.chains.values() if chain.cluster == cluster.id]
        names = [f".{cluster_class(cluster.id)}", *(f".{chain_class(chain)}" for chain in members)]
        yield f"{','.join(names)}{{--swatch:{cluster.colour}}}"
    for name in vocab.names():
        for term in vocab.load(name).terms.values():
            if term.colour:
                yield f".{term_class(name, term.code)}{{--swatch:{term.colour}}}"
