"""Figures of the same thing over time: printed twice unlike, targets below what was reached, targets left unsaid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from datasets.labels import Label
from geo.model.finding import Severity
from seeds.reconcile.disagreement import Disagreement, sources_of
from seeds.reconcile.figures import shown
from seeds.rows import Target
from seeds.tables import Facts

Found = Iterator[Disagreement]


def in_series(facts: Facts) -> Found:
    """Everything that the figures of one subject and indicator say against each other."""
    series: dict[tuple[str, str, str], list[Target]] = defaultdict(list)
    for target in facts.targets:
        series[target.county, target.subject, target.indicator].append(target)
    for rows in series.values():
        yield from _unlike(rows)
        yield from _lowered(rows)
    for target in facts.targets:
        if target.share_of_target_percent:
            yield _implied(target, target.share_of_target_percent)


def _unlike(rows: list[Target]) -> Found:
    for number, one in enumerate(rows):
        for two in rows[number + 1 :]:
            if (one.period, one.role, one.unit) == (two.period, two.role, two.unit) and one.value != two.value:
                first, second = shown(one.value, one.unit), shown(two.value, two.unit)
                yield Disagreement(
                    "figure-differs",
                    Severity.WARNING,
                    sources_of([one, two]),
                    Label(
                        zh=f"{one.subject}{one.indicator}（{one.period or '期间未印'}）印作{first.zh}，又作{second.zh}。",
                        en=f"{one.indicator_en or one.indicator} ({one.period or 'no period'}): {first.en}, and {second.en}.",
                    ),
                    {one.id: one.value, two.id: two.value},
                )


def _lowered(rows: list[Target]) -> Found:
    for target in (row for row in rows if row.role == "target"):
        for actual in (row for row in rows if row.role == "actual"):
            # Only whole years compare: a part of a year says nothing about the next.
            whole_years = len(target.period) == len(actual.period) == 4
            if whole_years and actual.period < target.period and actual.value > target.value:
                aim, reached = shown(target.value, target.unit), shown(actual.value, actual.unit)
                yield Disagreement(
                    "target-below-actual",
                    Severity.INFO,
                    sources_of([target, actual]),
                    Label(
                        zh=f"{target.subject}{target.indicator}：{target.period}年目标{aim.zh}低于{actual.period}年实际{reached.zh}。",
                        en=f"{target.indicator_en}: the target for {target.period}, {aim.en}, is below what {actual.period} "
                        f"reached, {reached.en}.",
                    ),
                    {target.id: target.value, actual.id: actual.value},
                )


def _implied(row: Target, share: float) -> Disagreement:
    implied = 100 * row.value / share
    value, aim = shown(row.value, row.unit), shown(float(f"{implied:.5g}"), row.unit)
    pace_zh, pace_en = _pace(row.period, share)
    return Disagreement(
        "implied-target",
        Severity.INFO,
        sources_of([row]),
        Label(
            zh=f"{row.subject}{row.indicator}{value.zh}占目标{share:g}%，年度目标未印，推算约{aim.zh}{pace_zh}。",
            en=f"{row.indicator_en or row.indicator} {value.en} is {share:g}% of a target that is not printed, "
            f"about {aim.en}{pace_en}.",
        ),
        {"value": row.value, "share": share, "implied": implied},
    )


def _pace(period: str, share: float) -> tuple[str, str]:
    """A remark where a figure from January to a month lags behind that part of the year."""
    start, _, end = period.partition("/")
    if not (start.endswith("-01") and end[:4] == start[:4] and len(end) == 7):
        return "", ""
    passed = 100 * int(end[5:]) / 12
    if share >= passed:
        return "", ""
    return f"；当时全年已过{passed:.1f}%", f"; {passed:.1f}% of the year had passed"
