"""Signing, ground-breaking and promotion events."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from datasets.labels import Label
from geo.model.feature import Feature
from geo.model.fields import Day, Entries, Money, Term, Text, Whole

BREAKDOWN = (
    ("scheme", Label("分组", "Grouping")),
    ("scheme_en", Label("分组（英文）", "Grouping in English")),
    ("label", Label("类别", "Group")),
    ("label_en", Label("类别（英文）", "Group in English")),
    ("count", Label("项目数", "Projects")),
    ("amount_wan", Label("总投资（万元）", "Investment (10k CNY)")),
    ("percent", Label("占比（%）", "Share (%)")),
)


@dataclass(frozen=True, kw_only=True)
class Event(Feature):
    """A signing, ground-breaking or promotion event (签约、开工、推介活动)."""

    kind: ClassVar[str] = "event"
    title: ClassVar[Label] = Label("招商活动", "Event")
    plural: ClassVar[Label] = Label("招商活动", "Events")
    symbol: ClassVar[str] = "flag"
    order: ClassVar[int] = 60
    dated_by: ClassVar[tuple[str, str]] = ("as_of", "ends_on")

    event_type: Annotated[
        str, Term(label=Label("活动类型", "Type"), vocabulary="event_type", filter="any", listed=True)
    ] = ""
    projects: Annotated[
        float | None, Whole(label=Label("项目数", "Projects"), unit=Label("个", "projects"), listed=True)
    ] = None
    amount_wan: Annotated[
        float | None, Money(label=Label("总投资", "Investment"), filter="range", param="amount", listed=True)
    ] = None
    venue: Annotated[str, Text(label=Label("地点", "Venue"), searched=True)] = ""
    ends_on: Annotated[str, Day(label=Label("结束日期", "Until"))] = ""
    breakdown: Annotated[tuple[dict[str, Any], ...], Entries(label=Label("构成", "Breakdown"), columns=BREAKDOWN)] = ()
