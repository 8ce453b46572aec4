"""Industrial plots on offer."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from datasets.labels import Label
from geo.model.feature import Feature
from geo.model.fields import Area, Code, Number, Term, Text, Whole

PER_MU = Label("万元/亩", "10k CNY/mu")


@dataclass(frozen=True, kw_only=True)
class Plot(Feature):
    """An industrial plot (产业用地)."""

    kind: ClassVar[str] = "plot"
    title: ClassVar[Label] = Label("产业用地", "Industrial plot")
    plural: ClassVar[Label] = Label("产业用地", "Industrial plots")
    symbol: ClassVar[str] = "square"
    order: ClassVar[int] = 30

    code: Annotated[str, Text(label=Label("地块编号", "Plot code"), required=True, searched=True, max_length=80)]
    area_m2: Annotated[
        float | None,
        Area(label=Label("面积", "Area"), filter="range", param="area", required=True, listed=True),
    ]
    status: Annotated[
        str,
        Term(
            label=Label("供地状态", "Status"),
            vocabulary="plot_status",
            filter="any",
            required=True,
            listed=True,
        ),
    ]
    land_use: Annotated[
        str,
        Term(label=Label("用地性质", "Land use"), vocabulary="land_use", filter="any", required_to_publish=True),
    ] = ""
    price_wan_mu: Annotated[
        float | None,
        Number(
            label=Label("起始价", "Starting price"),
            unit=PER_MU,
            minimum=0,
            filter="range",
            param="price",
            listed=True,
        ),
    ] = None
    far_min: Annotated[float | None, Number(label=Label("容积率下限", "Min. floor area ratio"), minimum=0)] = None
    far_max: Annotated[float | None, Number(label=Label("容积率上限", "Max. floor area ratio"), minimum=0)] = None
    density_max: Annotated[
        float | None,
        Number(label=Label("建筑密度上限", "Max. building density"), unit=Label("%", "%"), minimum=0, maximum=100),
    ] = None
    green_min: Annotated[
        float | None,
        Number(label=Label("绿地率下限", "Min. green ratio"), unit=Label("%", "%"), minimum=0, maximum=100),
    ] = None
    height_max_m: Annotated[
        float | None, Number(label=Label("限高", "Height limit"), unit=Label("米", "m"), minimum=0)
    ] = None
    intensity_wan_mu: Annotated[
        float | None, Number(label=Label("投资强度", "Investment intensity"), unit=PER_MU, minimum=0)
    ] = None
    tax_wan_mu: Annotated[float | None, Number(label=Label("亩均税收", "Tax per mu"), unit=PER_MU, minimum=0)] = None
    term_years: Annotated[float | None, Whole(label=Label("出让年限", "Term of grant"), unit=Label("年", "years"))] = (
        None
    )
    services: Annotated[str, Text(label=Label("配套条件", "Services"))] = ""
    park: Annotated[str, Code(label=Label("所在园区", "Park"), of="park")] = ""
