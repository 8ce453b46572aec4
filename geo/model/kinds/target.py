"""Targets and the actual figures that stand against them."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from datasets.labels import Label
from geo.model.feature import Feature
from geo.model.fields import Number, Period, Term, Text


@dataclass(frozen=True, kw_only=True)
class Target(Feature):
    """A target or an actual figure of an area and a period (目标与完成数)."""

    kind: ClassVar[str] = "target"
    title: ClassVar[Label] = Label("目标与完成", "Target or result")
    plural: ClassVar[Label] = Label("目标与完成", "Targets and results")
    symbol: ClassVar[str] = "bar"
    order: ClassVar[int] = 70

    role: Annotated[
        str,
        Term(
            label=Label("目标/完成", "Target or actual"),
            vocabulary="target_role",
            filter="any",
            param="target_role",
            listed=True,
            required=True,
        ),
    ]
    subject: Annotated[str, Text(label=Label("主体", "Subject"), searched=True)] = ""
    comparator: Annotated[str, Text(label=Label("关系", "Relation"))] = ""
    value: Annotated[float | None, Number(label=Label("数值", "Value"), listed=True)] = None
    value_unit: Annotated[str, Text(label=Label("单位", "Unit"), listed=True)] = ""
    period: Annotated[str, Period(label=Label("期间", "Period"), listed=True)] = ""
    yoy_percent: Annotated[float | None, Number(label=Label("同比", "Year on year"), unit=Label("%", "%"))] = None
    share_of_target_percent: Annotated[
        float | None, Number(label=Label("占目标", "Share of target"), unit=Label("%", "%"))
    ] = None
