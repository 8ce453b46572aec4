"""Codes that point outside the feature (counties, chains, nodes, vocabularies); geometry against precision."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from datasets import vocab
from datasets.labels import Label
from datasets.world import World
from geo.model import Feature, fields_of
from geo.model.fields import Term
from geo.model.finding import Finding, Severity

LOCATED = ("surveyed", "address")


def check_references(feature: Feature, world: World) -> list[Finding]:
    """Findings about every code of `feature` that the datasets do not know, and about its precision."""
    return list(chain(_terms(feature), _units(feature, world), _chains(feature, world), _precision(feature)))


def _error(feature: Feature, code: str, field: str, zh: str, en: str) -> Finding:
    return Finding(code, Severity.ERROR, f"{feature.id}.{field}", Label(zh, en))


def _terms(feature: Feature) -> Iterator[Finding]:
    for name, field in fields_of(type(feature)).items():
        value = getattr(feature, name)
        if isinstance(field, Term) and value:
            known = [term.code for term in vocab.load(field.vocabulary)]
            if value not in known:
                options = ", ".join(known)
                yield _error(
                    feature,
                    "unknown-term",
                    name,
                    f"{field.label.zh}“{value}”不在词表 {field.vocabulary} 中；可用：{options}",
                    f"{field.label.en} '{value}' is not in the vocabulary {field.vocabulary}; known are {options}",
                )


def _units(feature: Feature, world: World) -> Iterator[Finding]:
    if feature.county not in world.boundaries.counties and feature.county not in world.boundaries.cities:
        yield _error(
            feature,
            "unknown-county",
            "county",
            f"行政区划代码 {feature.county} 不在边界数据中",
            f"the boundaries hold no unit with the adcode {feature.county}",
        )


def _chains(feature: Feature, world: World) -> Iterator[Finding]:
    for code in feature.chains:
        if code not in world.chains.chains:
            yield _error(
                feature,
                "unknown-chain",
                "chains",
                f"产业链“{code}”未定义",
                f"the industry chain '{code}' is not defined",
            )
    for code in feature.nodes:
        chain_id = code.partition("/")[0]
        if chain_id not in world.chains.chains or code not in {n.id for n in world.chains.chains[chain_id].nodes}:
            yield _error(
                feature, "unknown-node", "nodes", f"产业链环节“{code}”未定义", f"the chain node '{code}' is not defined"
            )


def _precision(feature: Feature) -> Iterator[Finding]:
    if feature.geometry is None and feature.precision in LOCATED:
        yield _error(
            feature,
            "geometry-missing",
            "geometry",
            "精度为实测或地址级，但没有坐标",
            "an exact precision, but no geometry",
        )
    if feature.geometry is not None and feature.precision not in LOCATED:
        yield _error(
            feature,
            "geometry-too-exact",
            "geometry",
            "仅知到乡镇、功能区或县市的要素不得有点位",
            "what is known only to a town, district, county or city must not pose as a point",
        )
