"""Parks, platforms, hubs and bases that take in firms."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from datasets.labels import Label
from geo.model.feature import Feature
from geo.model.fields import Area, Code, Money, Term, Text


@dataclass(frozen=True, kw_only=True)
class Park(Feature):
    """A park or platform (园区、平台载体)."""

    kind: ClassVar[str] = "park"
    title: ClassVar[Label] = Label("园区平台", "Park or platform")
    plural: ClassVar[Label] = Label("园区平台", "Parks and platforms")
    symbol: ClassVar[str] = "hexagon"
    order: ClassVar[int] = 20

    park_type: Annotated[
        str, Term(label=Label("园区类型", "Type"), vocabulary="park_type", filter="any", listed=True)
    ] = ""
    level: Annotated[str, Term(label=Label("级别", "Level"), vocabulary="park_level", filter="any", listed=True)] = ""
    area_m2: Annotated[float | None, Area(label=Label("面积", "Area"), filter="range", param="area", listed=True)] = (
        None
    )
    role: Annotated[str, Text(label=Label("定位", "Role"))] = ""
    investor: Annotated[str, Text(label=Label("投资方", "Investor"), searched=True)] = ""
    amount_wan: Annotated[float | None, Money(label=Label("总投资", "Investment"), filter="range", param="amount")] = (
        None
    )
    stage: Annotated[str, Term(label=Label("阶段", "Stage"), vocabulary="stage", filter="any")] = ""
    contact_office: Annotated[str, Text(label=Label("联系部门", "Contact office"))] = ""
    project: Annotated[str, Code(label=Label("相关项目", "Project"), of="project")] = ""
    same_as: Annotated[str, Code(label=Label("同一园区的另一名称", "Also recorded as"), of="park")] = ""
