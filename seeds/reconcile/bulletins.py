"""Bulletins county by county: a county that has projects in a document but is missing from its bulletin."""

from __future__ import annotations

from collections.abc import Iterator

from datasets.boundaries import names
from datasets.labels import Label
from geo.model.finding import Severity
from seeds.reconcile.disagreement import Disagreement, sources_of
from seeds.tables import Facts

# A bulletin is a document that tells of talks in at least so many counties.
COUNTIES = 8


def reported(facts: Facts) -> Iterator[Disagreement]:
    """Counties of a document's city with projects there but no talk in the document's bulletin."""
    for document in facts.documents:
        talks = [talk for talk in facts.talks if talk.document == document.document]
        heard = {talk.county for talk in talks}
        if len(heard) < COUNTIES:
            continue
        projects = [project for project in facts.projects if project.document == document.document]
        for county in sorted({project.county for project in projects} - heard):
            name = names.table()[county] if county in names.table() else Label(zh=county, en=county)
            there = [project for project in projects if project.county == county]
            yield Disagreement(
                "missing-in-bulletin",
                Severity.INFO,
                sources_of([*there, *talks]),
                Label(
                    zh=f"县市区通报中没有{name.zh}，但该地有项目签约。",
                    en=f"{name.en} has projects but is missing from the county bulletin.",
                ),
            )
