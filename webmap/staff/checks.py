"""What keeps a record from going out, and what its author should look at again."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from datasets.labels import Label
from geo.check import Finding, Severity, check_references
from geo.check.crossings import reason
from geo.check.required import missing_to_publish
from geo.check.territory import Territory, check_territory
from geo.model import Feature
from geo.store.revisions import Revision
from webmap.problems import Refusal
from webmap.staff.desk import desk


def findings(feature: Feature) -> list[Finding]:
    """Everything that is wrong or odd with a feature as it is, publication left aside."""
    found = list(check_references(feature, desk().world))
    if feature.geometry is not None:
        found += _of_shape(feature, feature.geometry)
    return found


def _of_shape(feature: Feature, geometry: BaseGeometry) -> list[Finding]:
    where = f"{feature.id}.geometry"
    if not shapely.is_valid(geometry):
        _, words, _ = reason(geometry)
        return [Finding("geometry-invalid", Severity.ERROR, where, words)]
    one = np.array([geometry], object)
    territory = Territory(desk().world.boundaries)
    return [
        Finding(spot.finding.code, spot.finding.severity, where, spot.finding.message)
        for _, spot in check_territory(one, [feature.county], territory, None)
    ]


def before_publication(revision: Revision) -> list[Finding]:
    """Everything that is wrong or odd with a revision that is to go out, the gravest first."""
    feature = revision.feature(desk().kinds)
    found = [*missing_to_publish(feature), *findings(feature)]
    return sorted(found, key=lambda finding: finding.severity is not Severity.ERROR)


def obstacles(revision: Revision) -> list[Label]:
    """What keeps a revision from being published."""
    return [finding.message for finding in before_publication(revision) if finding.severity is Severity.ERROR]


def require_fit(revision: Revision) -> None:
    """Raise Refusal (422) with all obstacles where a revision cannot be published."""
    if found := obstacles(revision):
        raise Refusal(
            Label("；".join(label.zh for label in found) + "。", "; ".join(label.en for label in found) + "."), 422
        )
