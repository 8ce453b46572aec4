"""An event's breakdown against its own totals: counts, amounts, percentages and bands of size."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from datasets.labels import Label
from geo.model.finding import Severity
from seeds.columns import Share
from seeds.reconcile.disagreement import Disagreement, sources_of
from seeds.reconcile.figures import MONEY, WAN_PER_YI, half_unit, shown
from seeds.rows import Event, Project
from seeds.tables import Facts

Found = Iterator[Disagreement]
BAND = re.compile(r"(?:(?P<low>[\d.]+)亿?至(?P<high>[\d.]+)|(?P<only>[\d.]+))亿元(?P<side>以上|以下)?")


def broken_down(facts: Facts) -> Found:
    """Breakdowns that do not fit their event's totals, and bands that name more or fewer projects than they count."""
    for event in facts.events:
        projects = [each for each in facts.projects if each.event == event.id and not each.same_as]
        for shares in schemes(event).values():
            scheme = Label(zh=shares[0].scheme, en=shares[0].scheme_en)
            yield from _counts(event, scheme, shares)
            yield from _amounts(event, scheme, shares)
            yield from _percents(event, scheme, shares)
            yield from _least(event, scheme, shares)
            yield from _named(event, shares, projects)


def schemes(event: Event) -> Mapping[str, tuple[Share, ...]]:
    """The breakdown's entries by scheme."""
    names = dict.fromkeys(share.scheme for share in event.breakdown)
    return {name: tuple(share for share in event.breakdown if share.scheme == name) for name in names}


def band(label: str) -> tuple[float, float] | None:
    """The bounds in 万元 that a label such as 5亿至10亿元 or 1亿元以下 sets; None where it sets none."""
    found = BAND.match(label)
    if not found:
        return None
    if found["low"]:
        return float(found["low"]) * WAN_PER_YI, float(found["high"]) * WAN_PER_YI
    bound = float(found["only"]) * WAN_PER_YI
    return (0.0, bound) if found["side"] == "以下" else (bound, float("inf"))


def _told(code: str, severity: Severity, event: Event, zh: str, en: str, figures: Mapping[str, float]) -> Disagreement:
    message = Label(zh=f"{event.name}：{zh}", en=f"{event.name_en or event.name}: {en}")
    return Disagreement(code, severity, sources_of([event]), message, figures)


def _counts(event: Event, scheme: Label, shares: tuple[Share, ...]) -> Found:
    counts = [share.count for share in shares if share.count is not None]
    # One entry alone is an "of these …", not a division of the whole.
    if event.projects is None or len(counts) < max(2, len(shares)) or sum(counts) == event.projects:
        return
    terms = "+".join(map(str, counts))
    yield _told(
        "breakdown-count",
        Severity.WARNING,
        event,
        f"按{scheme.zh}分 {terms} = {sum(counts)}个，总数印作{event.projects}个，差{event.projects - sum(counts)}个。",
        f"by {scheme.en} {terms} = {sum(counts)}, printed total {event.projects}, {event.projects - sum(counts)} apart.",
        {"sum": sum(counts), "total": event.projects},
    )


def _amounts(event: Event, scheme: Label, shares: tuple[Share, ...]) -> Found:
    amounts = [share.amount_wan for share in shares if share.amount_wan is not None]
    if event.amount_wan is None or len(amounts) < max(2, len(shares)):
        return
    total = round(sum(amounts), 6)
    if total == event.amount_wan:
        return
    within = abs(total - event.amount_wan) <= half_unit(event.amount_wan, MONEY)
    sum_, all_, apart = shown(total, MONEY), shown(event.amount_wan, MONEY), shown(event.amount_wan - total, MONEY)
    yield _told(
        "breakdown-amount-rounded" if within else "breakdown-amount",
        Severity.INFO if within else Severity.WARNING,
        event,
        f"按{scheme.zh}分合计{sum_.zh}，总额印作{all_.zh}" + ("，在四舍五入之内。" if within else f"，差{apart.zh}。"),
        f"by {scheme.en} the amounts sum to {sum_.en}, printed total {all_.en}"
        + (", within rounding." if within else f", {apart.en} apart."),
        {"sum": total, "total": event.amount_wan},
    )


def _percents(event: Event, scheme: Label, shares: tuple[Share, ...]) -> Found:
    for share in shares:
        if share.percent is None or share.count is None or not event.projects:
            continue
        percent = 100 * share.count / event.projects
        if abs(percent - share.percent) > half_unit(share.percent, "%") + 1e-9:
            yield _told(
                "breakdown-percent",
                Severity.WARNING,
                event,
                f"{share.label}{share.count}/{event.projects} = {percent:.2f}%，印作{share.percent:g}%。",
                f"{share.label_en} {share.count}/{event.projects} = {percent:.2f}%, printed {share.percent:g}%.",
                {"computed": percent, "printed": share.percent},
            )
    percents = [share.percent for share in shares if share.percent is not None]
    slack = sum(half_unit(percent, "%") for percent in percents) + 1e-9
    if len(percents) == len(shares) > 1 and abs(sum(percents) - 100) > slack:
        total = f"{sum(percents):.4g}"
        yield _told(
            "breakdown-percent-sum",
            Severity.WARNING,
            event,
            f"按{scheme.zh}各占比合计{total}%，不足或超过100%。",
            f"by {scheme.en} the shares sum to {total}%, not to 100%.",
            {"sum": sum(percents)},
        )


def _least(event: Event, scheme: Label, shares: tuple[Share, ...]) -> Found:
    bands = [(share.count or 0, band(share.label)) for share in shares]
    least = sum(count * bounds[0] for count, bounds in bands if bounds)
    if event.amount_wan is not None and least > event.amount_wan + half_unit(event.amount_wan, MONEY):
        low, all_ = shown(least, MONEY), shown(event.amount_wan, MONEY)
        yield _told(
            "breakdown-too-big",
            Severity.WARNING,
            event,
            f"按{scheme.zh}各档下限合计已达{low.zh}，超过总额{all_.zh}。",
            f"by {scheme.en} the lower bounds alone make {low.en}, more than the total {all_.en}.",
            {"least": least, "total": event.amount_wan},
        )


def _named(event: Event, shares: tuple[Share, ...], projects: list[Project]) -> Found:
    for share in shares:
        bounds = band(share.label)
        if bounds is None or share.count is None or not projects:
            continue
        named = [project for project in projects if _within(project, bounds)]
        if len(named) == share.count:
            continue
        more = len(named) > share.count
        yield _told(
            "band-names-more" if more else "band-names-fewer",
            Severity.WARNING if more else Severity.INFO,
            event,
            f"{share.label}印作{share.count}个，具名{len(named)}个。",
            f"{share.label_en}: {share.count} counted, {len(named)} named.",
            {"counted": share.count, "named": len(named)},
        )


def _within(project: Project, bounds: tuple[float, float]) -> bool:
    low, high = bounds
    if project.amount_wan is not None:
        return low <= project.amount_wan < high
    if project.amount_min_wan is None and project.amount_max_wan is None:
        return False
    return (project.amount_min_wan or 0.0) >= low and (project.amount_max_wan or float("inf")) <= high
