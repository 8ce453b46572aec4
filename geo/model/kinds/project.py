"""Investment projects from talks to production."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from datasets.labels import Label
from geo.model.feature import Feature
from geo.model.fields import Code, Day, Money, Term, Text


@dataclass(frozen=True, kw_only=True)
class Project(Feature):
    """An investment project (招商项目)."""

    kind: ClassVar[str] = "project"
    title: ClassVar[Label] = Label("招商项目", "Project")
    plural: ClassVar[Label] = Label("招商项目", "Projects")
    symbol: ClassVar[str] = "circle"
    order: ClassVar[int] = 10

    investor: Annotated[str, Text(label=Label("投资方", "Investor"), searched=True, listed=True)] = ""
    amount_wan: Annotated[
        float | None,
        Money(
            label=Label("总投资", "Investment"), filter="range", param="amount", listed=True, required_to_publish=True
        ),
    ] = None
    currency: Annotated[str, Term(label=Label("币种", "Currency"), vocabulary="currency")] = ""
    stage: Annotated[
        str, Term(label=Label("阶段", "Stage"), vocabulary="stage", filter="any", listed=True, required=True)
    ]
    amount_min_wan: Annotated[float | None, Money(label=Label("总投资下限", "Investment, at least"))] = None
    amount_max_wan: Annotated[float | None, Money(label=Label("总投资上限", "Investment, at most"))] = None
    signed_on: Annotated[str, Day(label=Label("签约时间", "Signed on"))] = ""
    event: Annotated[str, Code(label=Label("所属活动", "Event"), of="event")] = ""
    content: Annotated[str, Text(label=Label("建设内容", "Content"), searched=True)] = ""
    same_as: Annotated[str, Code(label=Label("同一项目的另一记载", "Also recorded as"), of="project")] = ""
