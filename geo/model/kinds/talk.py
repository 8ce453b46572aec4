"""Meetings of an office with a possible investor."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from datasets.labels import Label
from geo.model.feature import Feature
from geo.model.fields import Code, Text


@dataclass(frozen=True, kw_only=True)
class Talk(Feature):
    """A meeting about investment (洽谈)."""

    kind: ClassVar[str] = "talk"
    title: ClassVar[Label] = Label("洽谈动态", "Talks")
    plural: ClassVar[Label] = Label("洽谈动态", "Talks")
    symbol: ClassVar[str] = "bubble"
    order: ClassVar[int] = 80

    office: Annotated[str, Text(label=Label("单位", "Office"), searched=True, listed=True)] = ""
    counterpart: Annotated[str, Text(label=Label("对方", "Counterpart"), searched=True, listed=True)] = ""
    topic: Annotated[str, Text(label=Label("事项", "Topic"), searched=True)] = ""
    outcome: Annotated[str, Text(label=Label("结果", "Outcome"))] = ""
    project: Annotated[str, Code(label=Label("相关项目", "Project"), of="project")] = ""
