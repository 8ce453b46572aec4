"""Findings about codes that the datasets do not know, and about geometry that is too exact or missing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from shapely import Point

from datasets.world import World
from geo.check import Severity, check_references
from geo.model import Feature, default_kinds

ROW = {"id": "a", "name": "甲", "county": "410882", "precision": "county", "source": "d:1", "stage": "signed"}


def project(**values: object) -> Feature:
    return default_kinds().get("project").from_row({**ROW, **values})


def codes(feature: Feature, world: World) -> list[str]:
    return [finding.code for finding in check_references(feature, world)]


def test_a_sound_feature_has_no_findings(world: World) -> None:
    chain = next(iter(world.chains.chains.values()))
    assert codes(project(chains=[chain.id], county="410800", precision="city"), world) == []


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"stage": "dreamt"}, "unknown-term"),
        ({"county": "990000"}, "unknown-county"),
        ({"chains": "unobtainium"}, "unknown-chain"),
        ({"nodes": "unobtainium/mine"}, "unknown-node"),
        ({"precision": "address"}, "geometry-missing"),
    ],
)
def test_what_is_unknown_is_found_and_named(values: dict[str, object], code: str, world: World) -> None:
    (finding,) = check_references(project(**values), world)
    assert finding.code == code
    assert finding.severity is Severity.ERROR
    assert finding.where.startswith("a.")
    assert finding.message.zh != finding.message.en


def test_a_node_of_another_chain_is_unknown(world: World) -> None:
    chain = next(chain for chain in world.chains.chains.values() if chain.nodes)
    assert codes(project(nodes=[chain.nodes[0].id]), world) == []
    assert codes(project(nodes=[f"{chain.id}/no-such-node"]), world) == ["unknown-node"]


@pytest.mark.parametrize("precision", ["town", "district", "county", "city"])
def test_what_is_known_roughly_must_not_pose_as_a_point(precision: str, world: World) -> None:
    assert codes(replace(project(precision=precision), geometry=Point(113, 35)), world) == ["geometry-too-exact"]
