"""One thing under two names: rows marked as another wording, and names that differ by a single character."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

from datasets import vocab
from datasets.labels import Label
from geo.model.finding import Severity
from seeds.reconcile.disagreement import Disagreement, sources_of
from seeds.reconcile.figures import MONEY, shown
from seeds.tables import Facts

Found = Iterator[Disagreement]
SHORTEST = 4


def worded(facts: Facts) -> Found:
    """Spellings that differ, and what else differs between the wordings of one thing."""
    for table in (facts.projects, facts.parks, facts.enterprises):
        by_id = {row.id: row for row in table}
        for row in table:
            if row.same_as:
                yield from _pair(by_id[row.same_as], row)
    for rows in (facts.projects, facts.parks, facts.enterprises, facts.policies):
        yield from _twins(rows)
    yield from _park_and_project(facts)


def _told(code: str, severity: Severity, rows: Sequence[Any], zh: str, en: str) -> Disagreement:
    return Disagreement(code, severity, sources_of(rows), Label(zh=zh, en=en))


def _pair(main: Any, other: Any) -> Found:
    if main.name != other.name:
        yield _told(
            "two-spellings",
            Severity.WARNING,
            [main, other],
            f"应为一处的两种写法：“{main.name}”与“{other.name}”。",
            f"two wordings of what seems one thing: “{main.name}” and “{other.name}”.",
        )
    stages = (getattr(main, "stage", ""), getattr(other, "stage", ""))
    if all(stages) and stages[0] != stages[1]:
        first, second = (vocab.load("stage").label(stage) for stage in stages)
        yield _told(
            "stage-differs",
            Severity.INFO,
            [main, other],
            f"{main.name}的阶段前后不一：{first.zh}与{second.zh}。",
            f"{main.name_en or main.name} is at two stages: {first.en} and {second.en}.",
        )


def _twins(rows: Sequence[Any]) -> Found:
    root = {row.id: getattr(row, "same_as", "") or row.id for row in rows}
    for one, two in combinations(rows, 2):
        # Like names in two cities are two things; those marked as one are told already.
        same_city = one.county[:4] == two.county[:4]
        if same_city and root[one.id] != root[two.id] and one_apart(one.name, two.name):
            yield _told(
                "near-spellings",
                Severity.WARNING,
                [one, two],
                f"只差一字，疑为一处：“{one.name}”与“{two.name}”。",
                f"one character apart, perhaps one thing: “{one.name}” and “{two.name}”.",
            )


def one_apart(one: str, two: str) -> bool:
    """Whether two names of four characters or more differ by one character replaced, added or dropped.

    A differing digit makes two things: phase 1 is not phase 2.
    """
    if one == two or min(len(one), len(two)) < SHORTEST or abs(len(one) - len(two)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    rest_one, rest_two = one[start:], two[start:]
    odd = {rest_one[:1], rest_two[:1]}
    if any(character.isdigit() for character in odd):
        return False
    return rest_one[1:] == rest_two[1:] or rest_one[1:] == rest_two or rest_one == rest_two[1:]


def _park_and_project(facts: Facts) -> Found:
    projects = {project.id: project for project in facts.projects}
    for park in facts.parks:
        project = projects.get(park.project)
        if project is None or park.amount_wan is None or project.amount_wan in (None, park.amount_wan):
            continue
        one, two = shown(park.amount_wan, MONEY), shown(project.amount_wan or 0.0, MONEY)
        yield _told(
            "amount-differs",
            Severity.WARNING,
            [park, project],
            f"{park.name}的金额在园区表为{one.zh}，在项目表为{two.zh}。",
            f"{park.name_en or park.name}: {one.en} as a park, {two.en} as a project.",
        )
