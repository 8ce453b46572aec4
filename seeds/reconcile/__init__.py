"""Where the documents contradict themselves or each other; the tables keep what is printed.

Sums, shares, dates and names are computed from the rows, so an edit of a table changes the report. What no sum can find
(damaged text, lost lines, repeated sentences) are the rows of remarks.csv.
"""

from __future__ import annotations

from collections.abc import Iterator

from datasets.labels import Label
from geo.model.finding import Severity
from seeds.reconcile.breakdowns import broken_down
from seeds.reconcile.bulletins import reported
from seeds.reconcile.disagreement import Disagreement, Source
from seeds.reconcile.relations import related
from seeds.reconcile.series import in_series
from seeds.reconcile.signings import signed
from seeds.reconcile.wording import worded
from seeds.tables import Facts

__all__ = ["Disagreement", "Source", "reconcile"]

CHECKS = (related, broken_down, signed, in_series, worded, reported)
ORDER = (Severity.ERROR, Severity.WARNING, Severity.INFO)


def reconcile(facts: Facts) -> list[Disagreement]:
    """Every disagreement, the graver first, then by document and line.

    Raises datasets.errors.DatasetError where relations.csv names a figure that does not exist.
    """
    found = [each for check in CHECKS for each in check(facts)]
    found += _remarked(facts)
    return sorted(found, key=lambda each: (ORDER.index(each.severity), _place(each), each.code))


def _remarked(facts: Facts) -> Iterator[Disagreement]:
    for remark in facts.remarks:
        source = Source(remark.document, remark.lines)
        yield Disagreement(remark.code, Severity(remark.severity), (source,), Label(zh=remark.zh, en=remark.en))


def _place(each: Disagreement) -> tuple[str, tuple[tuple[int, int], ...]]:
    first = each.sources[0]
    return first.document, first.lines
