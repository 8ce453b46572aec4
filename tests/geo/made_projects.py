"""A project with as little in it as its kind allows, for tests that need some feature or other."""

from __future__ import annotations

from geo.model import Feature, default_kinds

LEAST = {"name": "甲", "county": "410882", "precision": "county", "source": "d:1", "stage": "signed"}


def project(feature_id: str = "a", **values: object) -> Feature:
    """A project known to its county, with these values besides or instead."""
    return default_kinds().get("project").from_row({"id": feature_id, **LEAST, **values})
