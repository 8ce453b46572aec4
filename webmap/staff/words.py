"""The names of states, and words in the reader's language for the staff's modules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from datasets.labels import Label
from geo.store.revisions import State
from webmap.i18n import current, translate

STATE_LABELS: Mapping[State, Label] = {
    State.DRAFT: Label("草稿", "Draft"),
    State.SUBMITTED: Label("待审核", "Waiting for review"),
    State.PUBLISHED: Label("已发布", "Published"),
    State.REJECTED: Label("已退回", "Returned"),
    State.WITHDRAWN: Label("已下架", "Withdrawn"),
}


def t(key: str, **params: object) -> str:
    """A message in the language of the request."""
    return translate(current(), key, **params)


def in_words(label: Label) -> str:
    """A label in the language of the request."""
    return label.text(current())


def moment(at: datetime) -> str:
    """A time of day as the server's clock has it: 2026-03-03 14:05."""
    return at.astimezone().strftime("%Y-%m-%d %H:%M")


def iso(at: datetime) -> str:
    """The same for programs."""
    return at.astimezone(UTC).isoformat(timespec="seconds")
