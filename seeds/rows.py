"""The rows of the tables of facts: one frozen class a table, its fields the columns in their order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from seeds.columns import Adcode, Breakdown, IsoDate, Lines, Number, Period, Ref, Share, Slug, Term, Text, Words

Spans = tuple[tuple[int, int], ...]
Name = Annotated[str, Text(required=True)]
Note = Annotated[str, Text()]
Amount = Annotated[float | None, Number()]
Count = Annotated[int | None, Number(whole=True)]
Percent = Annotated[float | None, Number(least=-100)]
REMARKS = (
    "ambiguous",
    "contradiction",
    "date",
    "duplicate",
    "gap",
    "interleaved",
    "misprint",
    "ocr",
    "order",
    "spelling",
    "split",
)
RELATIONS = ("sum", "rest", "part", "same", "nested", "named", "count", "ratio", "shares", "reached")
Stage = Annotated[str, Term("stage")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A source document; `area` is the adcode it is about, `line_count` as `cat -n` counts."""

    document: Name
    title_zh: Name
    title_en: Name
    publisher: Note
    area: Annotated[str, Adcode()]
    line_count: Annotated[int, Number(least=1, whole=True, required=True)]
    date: Annotated[str, IsoDate(required=True)]
    date_precision: Annotated[str, Term("date_precision", required=True)]
    note: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What every fact has: its id, where it is, when, and the document and lines that say so.

    `county` is the GB/T 2260 code of the county, or the city's where only that is known; `place` is the functional
    district, town or park as printed. `lines` are (first, last) pairs counted from 1.
    """

    id: Annotated[str, Slug()]
    county: Annotated[str, Adcode()]
    place: Note
    date: Annotated[str, IsoDate(required=True)]
    date_precision: Annotated[str, Term("date_precision", required=True)]
    document: Annotated[str, Ref("documents", required=True)]
    lines: Annotated[Spans, Lines()]
    note: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class Project(Fact):
    """A named project. Where only a range is printed `amount_wan` is None and min/max hold the bounds (万元).

    `same_as` names the row of which this one is another wording: it is kept as a source, not a second project.
    """

    name: Name
    name_en: Note
    investor: Note
    amount_wan: Amount
    amount_min_wan: Amount
    amount_max_wan: Amount
    currency: Annotated[str, Term("currency")]
    stage: Annotated[str, Term("stage", required=True)]
    signed_on: Annotated[str, IsoDate()]
    event: Annotated[str, Ref("events")]
    chains: Annotated[tuple[str, ...], Words()]
    nodes: Annotated[tuple[str, ...], Words()]
    content: Note
    same_as: Annotated[str, Ref("projects")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Park(Fact):
    """A named park, platform, hub, base, zone, incubator or complex; `project` is its row in projects, if any."""

    name: Name
    name_en: Note
    park_type: Annotated[str, Term("park_type", required=True)]
    level: Annotated[str, Term("park_level")]
    role: Note
    investor: Note
    amount_wan: Amount
    stage: Stage
    area_m2: Amount
    chains: Annotated[tuple[str, ...], Words()]
    nodes: Annotated[tuple[str, ...], Words()]
    project: Annotated[str, Ref("projects")]
    same_as: Annotated[str, Ref("parks")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Fact):
    """A signing, ground-breaking, promotion, meeting …; `date` is its first day, `ends_on` its last where longer."""

    name: Name
    name_en: Note
    event_type: Annotated[str, Term("event_type", required=True)]
    projects: Count
    amount_wan: Amount
    venue: Note
    ends_on: Annotated[str, IsoDate()]
    breakdown: Annotated[tuple[Share, ...], Breakdown()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target(Fact):
    """A target or an actual figure of `subject` for `period`; money is 万元 or 万美元."""

    role: Annotated[str, Term("target_role", required=True)]
    indicator: Name
    indicator_en: Note
    value: Annotated[float, Number(required=True)]
    unit: Name
    comparator: Annotated[str, Term(codes=("=", ">=", "<=", "~"), required=True)]
    yoy_percent: Percent
    share_of_target_percent: Percent
    period: Annotated[str, Period()]
    subject: Name


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk(Fact):
    """A meeting: which office met whom about what."""

    office: Name
    counterpart: Name
    topic: Name
    outcome: Note
    project: Annotated[str, Ref("projects")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Enterprise(Fact):
    """A company or institution as printed, and its part in the matter; `same_as` marks another spelling."""

    name: Name
    name_en: Note
    role: Annotated[str, Term("enterprise_role", required=True)]
    origin: Note
    project: Annotated[str, Ref("projects")]
    same_as: Annotated[str, Ref("enterprises")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy(Fact):
    """A named plan, mechanism, policy or programme."""

    name: Name
    name_en: Note
    policy_type: Annotated[str, Term("policy_type", required=True)]
    summary: Name
    issuer: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class MapCount(Fact):
    """How many features of a kind a city's own map is said to hold."""

    kind: Annotated[str, Term(codes=("route", "park", "plot", "opportunity"), required=True)]
    count: Annotated[int, Number(whole=True, required=True)]
    area_km2: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Damage or doubt in a document that a person saw and no sum can find."""

    id: Annotated[str, Slug()]
    code: Annotated[str, Term(codes=REMARKS, required=True)]
    severity: Annotated[str, Term(codes=("error", "warning", "info"), required=True)]
    document: Annotated[str, Ref("documents", required=True)]
    lines: Annotated[Spans, Lines()]
    zh: Name
    en: Name


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """How figures should fit: `whole` and `parts` are references such as targets/<id> or events/<id>/amount_wan.

    `zh`, `en` say on which condition, or what the figures are about.
    """

    id: Annotated[str, Slug()]
    relation: Annotated[str, Term(codes=RELATIONS, required=True)]
    whole: Note
    parts: Annotated[tuple[str, ...], Words(required=True)]
    zh: Note
    en: Note
