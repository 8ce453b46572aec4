"""From chains.toml to Chains, with every id, cluster, segment and weight checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import TypeVar

from datasets import vocab
from datasets.chains.model import Chain, Chains, Cluster, Node
from datasets.vocab.entry import Entry, entries, read_toml

DEFAULT = Path(__file__).with_name("chains.toml")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CLUSTER_ID = re.compile(r"[a-z][a-z0-9_]*")
_T = TypeVar("_T", Cluster, Chain, Node)


def load(path: Path | None = None) -> Chains:
    """The clusters and chains of `path`, or those that ship with the project.

    DatasetError names the file, the entry, the key and the way out.
    """
    return _shipped() if path is None else _read(path)


@cache
def _shipped() -> Chains:
    return _read(DEFAULT)


def _read(path: Path) -> Chains:
    tables = read_toml(path)
    head = Entry(path, path.stem, tables)
    head.take("cluster")
    head.take("chain")
    head.done()
    clusters = _by_id(path, tables, "cluster", _cluster)
    chains = _by_id(path, tables, "chain", lambda entry: _chain(entry, clusters))
    for key, found in (("cluster", clusters), ("chain", chains)):
        if not found:
            raise head.error(key, f"至少写一条 [[{key}]]。", f"write at least one [[{key}]].")
    return Chains(clusters, chains)


def _by_id(path: Path, tables: Mapping[str, object], kind: str, build: Callable[[Entry], _T]) -> dict[str, _T]:
    found: dict[str, _T] = {}
    for entry in entries(path, tables, kind, "id"):
        item = build(entry)
        if item.id in found:
            raise entry.error("id", "编号重复，请改名。", "the id occurs twice: rename one.")
        found[item.id] = item
    return found


def _cluster(entry: Entry) -> Cluster:
    colour = entry.colour("colour")
    if colour is None:
        raise entry.error("colour", "缺颜色，请写 #rrggbb。", "no colour: give #rrggbb.")
    cluster = Cluster(entry.text("id"), entry.label(), colour, entry.truth("official"))
    if not _CLUSTER_ID.fullmatch(cluster.id):
        raise entry.error("id", "只用小写字母、数字、下划线。", "use lower-case letters, digits, underscores.")
    entry.done()
    return cluster


def _chain(entry: Entry, clusters: Mapping[str, Cluster]) -> Chain:
    chain_id = entry.text("id")
    if not _SLUG.fullmatch(chain_id):
        raise entry.error("id", "只用小写字母、数字、连字符。", "use lower-case letters, digits, hyphens.")
    cluster = entry.text("cluster")
    if cluster not in clusters:
        known = ", ".join(clusters)
        raise entry.error("cluster", f"没有集群“{cluster}”。可用：{known}。", f"no '{cluster}'. Known: {known}.")
    entry.take("node")
    chain = Chain(
        id=chain_id,
        label=entry.label(),
        cluster=cluster,
        aliases=entry.texts("aliases"),
        nodes=tuple(_by_id(entry.path, entry.row, "node", lambda node: _node(node, chain_id)).values()),
        gb4754=_divisions(entry),
        source=entry.text("source"),
        sourced=entry.truth("sourced"),
    )
    entry.done()
    return chain


def _node(entry: Entry, chain_id: str) -> Node:
    node = Node(entry.text("id"), entry.label(), entry.text("segment"), entry.texts("aliases"))
    own, _, slug = node.id.partition("/")
    if own != chain_id or not _SLUG.fullmatch(slug):
        shape = f"{chain_id}/<slug>"
        raise entry.error("id", f"应写成 {shape}（小写、连字符）。", f"write {shape} (lower case, hyphens).")
    segments = vocab.load("segment")
    if node.segment not in segments:
        known = ", ".join(segments.codes())
        raise entry.error("segment", f"没有“{node.segment}”。可用：{known}。", f"no '{node.segment}'. Known: {known}.")
    entry.done()
    return node


def _divisions(entry: Entry) -> Mapping[str, float]:
    """Weights of GB/T 4754-2017 divisions, whose codes run from 01 to 97 and whose weights make 1."""
    weights = entry.weights("gb4754")
    for code in weights:
        if not re.fullmatch(r"\d\d", code) or not 1 <= int(code) <= 97:
            raise entry.error("gb4754", f"“{code}”不是 01–97 的两位大类。", f"'{code}' is no two-digit division 01-97.")
    if weights and abs(sum(weights.values()) - 1) > 1e-6:
        raise entry.error("gb4754", "权重之和应为 1。", "the weights must add up to 1.")
    return weights
