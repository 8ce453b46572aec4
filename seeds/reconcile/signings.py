"""Events against the projects that were signed or started at them: numbers, amounts, dates."""

from __future__ import annotations

from collections.abc import Iterator

from datasets.labels import Label
from geo.model.finding import Severity
from seeds.reconcile.disagreement import Disagreement, sources_of
from seeds.reconcile.figures import MONEY, half_unit, shown
from seeds.rows import Event, Project
from seeds.tables import Facts

Found = Iterator[Disagreement]


def signed(facts: Facts) -> Found:
    """Events that name more projects or money than their total, or fewer; and projects dated outside their event."""
    for event in facts.events:
        projects = [each for each in facts.projects if each.event == event.id and not each.same_as]
        if projects and event.projects is not None:
            yield from _number(event, projects, event.projects)
        if event.amount_wan is not None:
            yield from _amount(event, projects, event.amount_wan)
        for project in projects:
            yield from _dates(event, project)


def _told(
    code: str, severity: Severity, event: Event, projects: list[Project], zh: str, en: str, **figures: float
) -> Disagreement:
    message = Label(zh=f"{event.name}：{zh}", en=f"{event.name_en or event.name}: {en}")
    return Disagreement(code, severity, sources_of([event, *projects]), message, figures)


def _number(event: Event, projects: list[Project], total: int) -> Found:
    if len(projects) == total:
        return
    more = len(projects) > total
    yield _told(
        "event-names-more" if more else "event-names-fewer",
        Severity.WARNING if more else Severity.INFO,
        event,
        projects,
        f"总数{total}个，具名{len(projects)}个。",
        f"{total} projects counted, {len(projects)} named.",
        total=total,
        named=len(projects),
    )


def _amount(event: Event, projects: list[Project], total: float) -> Found:
    amounts = [project.amount_wan for project in projects if project.amount_wan is not None]
    sum_ = round(sum(amounts), 6)
    slack = half_unit(total, MONEY)
    if not amounts or abs(sum_ - total) <= slack:
        return
    more = sum_ > total
    named, all_ = shown(sum_, MONEY), shown(total, MONEY)
    yield _told(
        "event-amount-exceeded" if more else "event-amount-named",
        Severity.WARNING if more else Severity.INFO,
        event,
        projects,
        f"总投资{all_.zh}，写明金额的{len(amounts)}个项目合计{named.zh}（{sum_ / total:.1%}）。",
        f"total {all_.en}, the {len(amounts)} projects with an amount sum to {named.en} ({sum_ / total:.1%}).",
        total=total,
        named=sum_,
    )


def _dates(event: Event, project: Project) -> Found:
    if not project.signed_on or event.date_precision == "document":
        return
    # ISO dates of unlike precision are compared as far as both go.
    first, last = event.date, event.ends_on or event.date
    before = project.signed_on < first[: len(project.signed_on)]
    after = project.signed_on[: len(last)] > last
    if before or after:
        yield _told(
            "date-outside-event",
            Severity.WARNING,
            event,
            [project],
            f"{project.name}签约日期{project.signed_on}不在活动期间（{first}至{last}）。",
            f"{project.name_en or project.name} is dated {project.signed_on}, outside the event ({first} to {last}).",
        )
