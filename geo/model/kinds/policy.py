"""Plans, mechanisms and policies."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from datasets.labels import Label
from geo.model.feature import Feature
from geo.model.fields import Term, Text


@dataclass(frozen=True, kw_only=True)
class Policy(Feature):
    """A named plan, mechanism or policy (政策机制)."""

    kind: ClassVar[str] = "policy"
    title: ClassVar[Label] = Label("政策机制", "Policy")
    plural: ClassVar[Label] = Label("政策机制", "Policies")
    symbol: ClassVar[str] = "sheet"
    order: ClassVar[int] = 95

    policy_type: Annotated[
        str, Term(label=Label("类别", "Type"), vocabulary="policy_type", filter="any", listed=True)
    ] = ""
    summary: Annotated[str, Text(label=Label("要点", "Summary"), searched=True)] = ""
    issuer: Annotated[str, Text(label=Label("发布单位", "Issuer"), searched=True, listed=True)] = ""
