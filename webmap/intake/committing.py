"""Checked rows → drafts, all of them in one transaction or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from datasets.labels import Label
from geo.check.intake import Row
from geo.model.finding import Severity
from geo.read.raw import Progress, nothing_done
from geo.store import Change, Conflict, Revision, State, Store
from webmap.intake.preparing import Prepared, outline_kept

EVERY = 200
SHOWN = 5


class NotFit(ValueError):
    """Rows that cannot be committed; the label says how many and which come first."""

    def __init__(self, label: Label) -> None:
        super().__init__(label.en)
        self.label = label


@dataclass(frozen=True)
class Committed:
    """What was written. unchanged: rows that say what the record says already."""

    revisions: Sequence[Revision]
    unchanged: int


def commit(
    prepared: Prepared, store: Store, origin: str, author: str, reason: str, progress: Progress = nothing_done
) -> Committed:
    """Write the rows as drafts in one transaction. origin: the file's SHA-256.

    progress: rows done and in all; it may raise before the transaction begins, not after. Raises NotFit, and Conflict (written as
    NotFit) where somebody has changed a record since the file was checked; then nothing at all is written.
    """
    require_fit(prepared)
    rows = [row for row in prepared.intake.rows if not row.unchanged]
    changes = []
    for done, row in enumerate(rows):
        if done % EVERY == 0:
            progress(done, len(rows))
        changes.append(_change(row, prepared, origin))
    progress(len(rows), len(rows))
    try:
        written = store.record(changes, author=author, reason=reason, state=State.DRAFT)
    except Conflict as conflict:
        raise NotFit(
            Label(
                f"检查之后，{conflict.feature_id} 已被他人修改；没有写入任何内容，请重新检查",
                f"{conflict.feature_id} has been changed by somebody else since the check; nothing was written: check again",
            )
        ) from conflict
    return Committed(written, len(prepared.intake.rows) - len(rows))


def require_fit(prepared: Prepared) -> None:
    """Raise NotFit unless the rows could be committed."""
    intake = prepared.intake
    if not intake.rows:
        raise NotFit(Label("没有可导入的行", "there is no row to import"))
    general = [finding for finding in intake.findings if finding.severity is Severity.ERROR]
    faulty = [row.where for row in intake.rows if row.has_errors]
    if general:
        raise NotFit(general[0].message)
    if faulty:
        first = "、".join(faulty[:SHOWN])
        raise NotFit(
            Label(
                f"{len(faulty)} 行有错误，没有写入任何内容：{first}{' …' if len(faulty) > SHOWN else ''}",
                f"{len(faulty)} rows have errors, nothing was written: {first.replace('、', ', ')}"
                f"{' …' if len(faulty) > SHOWN else ''}",
            )
        )


def _change(row: Row, prepared: Prepared, origin: str) -> Change:
    feature = row.feature
    if feature is None:  # a required value is missing, which the checks have told as an error
        raise NotFit(Label(f"{row.where} 缺少必填项", f"{row.where} lacks a required value"))
    if outline_kept(row, prepared.known):
        shape = prepared.known.existing.geometries[prepared.known.existing.place[row.id]]
        feature = replace(feature, geometry=shape)
    return Change(
        feature,
        expected=prepared.known.numbers.get(row.id, 0),
        original_geometry=row.original_geometry,
        original_crs=row.original_crs,
        origin=f"{origin}#{row.where}",
    )
