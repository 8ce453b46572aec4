"""Enterprises that the sources name."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from datasets.labels import Label
from geo.model.feature import Feature
from geo.model.fields import Code, Term, Text


@dataclass(frozen=True, kw_only=True)
class Enterprise(Feature):
    """A company or institution (企业)."""

    kind: ClassVar[str] = "enterprise"
    title: ClassVar[Label] = Label("企业", "Enterprise")
    plural: ClassVar[Label] = Label("企业", "Enterprises")
    symbol: ClassVar[str] = "triangle"
    order: ClassVar[int] = 90

    role: Annotated[
        str,
        Term(
            label=Label("角色", "Role"),
            vocabulary="enterprise_role",
            filter="any",
            param="enterprise_role",
            listed=True,
        ),
    ] = ""
    origin: Annotated[str, Text(label=Label("来自", "Origin"), searched=True, listed=True)] = ""
    project: Annotated[str, Code(label=Label("相关项目", "Project"), of="project")] = ""
    same_as: Annotated[str, Code(label=Label("同一企业的另一名称", "Also recorded as"), of="enterprise")] = ""
