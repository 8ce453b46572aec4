"""Inspection routes for investors."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from datasets.labels import Label
from geo.model.feature import Feature
from geo.model.fields import Entries, Number, Whole

STOP = (
    ("feature", Label("要素", "Feature")),
    ("name", Label("站点", "Stop")),
    ("minutes", Label("停留（分钟）", "Minutes")),
)


@dataclass(frozen=True, kw_only=True)
class Route(Feature):
    """An inspection route (投资考察线路): ordered stops, the line through them."""

    kind: ClassVar[str] = "route"
    title: ClassVar[Label] = Label("考察线路", "Inspection route")
    plural: ClassVar[Label] = Label("考察线路", "Inspection routes")
    symbol: ClassVar[str] = "line"
    order: ClassVar[int] = 50

    stops: Annotated[
        tuple[dict[str, Any], ...], Entries(label=Label("站点", "Stops"), columns=STOP, required_to_publish=True)
    ] = ()
    minutes: Annotated[
        float | None, Whole(label=Label("全程时间", "Duration"), unit=Label("分钟", "min"), listed=True)
    ] = None
    length_km: Annotated[
        float | None,
        Number(label=Label("全程里程", "Length"), unit=Label("公里", "km"), minimum=0, listed=True),
    ] = None
