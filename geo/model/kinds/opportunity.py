"""Cooperation opportunities that look for an investor."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from datasets.labels import Label
from geo.model.feature import Feature
from geo.model.fields import Code, Day, Money, Term, Text


@dataclass(frozen=True, kw_only=True)
class Opportunity(Feature):
    """A cooperation opportunity (投资合作机会)."""

    kind: ClassVar[str] = "opportunity"
    title: ClassVar[Label] = Label("合作机会", "Opportunity")
    plural: ClassVar[Label] = Label("合作机会", "Opportunities")
    symbol: ClassVar[str] = "diamond"
    order: ClassVar[int] = 40

    content: Annotated[str, Text(label=Label("合作内容", "Content"), searched=True, required_to_publish=True)] = ""
    amount_wan: Annotated[
        float | None, Money(label=Label("总投资", "Investment"), filter="range", param="amount", listed=True)
    ] = None
    sought_wan: Annotated[float | None, Money(label=Label("拟引资", "Sought"))] = None
    form: Annotated[
        str,
        Term(
            label=Label("合作方式", "Form of cooperation"),
            vocabulary="cooperation_form",
            filter="any",
            listed=True,
        ),
    ] = ""
    valid_until: Annotated[str, Day(label=Label("有效期至", "Valid until"))] = ""
    contact_office: Annotated[str, Text(label=Label("联系部门", "Contact office"))] = ""
    park: Annotated[str, Code(label=Label("所在园区", "Park"), of="park")] = ""
