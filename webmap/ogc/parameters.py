"""The parameters of the service in words and schemas, out of the declarations: for the API definition and its page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from datasets.labels import LANGUAGES, Label
from geo.draw.geojson import property_labels
from geo.model import Feature
from geo.query import cql2
from geo.query.choices import choices
from geo.query.parameters import LISTS, LOWER, UPPER, parameters
from webmap.ogc import asking
from webmap.ogc.systems import systems_here
from webmap.site import site

WORDS: Mapping[str, Label] = {
    "chain": Label(
        "产业链代码，多个用逗号分开，任一即可", "codes of industry chains, several with commas between: any of them"
    ),
    "segment": Label("产业链环节：上游、中游、下游", "segments of a chain"),
    "county": Label("县（市、区）代码", "codes of counties"),
    "city": Label("市代码", "codes of cities"),
    "kind": Label("类别", "types"),
    "year_from": Label("不早于这一年", "dated in this year or later"),
    "year_to": Label("不晚于这一年", "dated in this year or earlier"),
    "q": Label("搜索词，空格分开，须全部出现", "words that must all occur"),
    "near": Label("经度,纬度,公里", "longitude,latitude,kilometres"),
}
MOST_CODES = 40


@dataclass(frozen=True)
class Parameter:
    """A query parameter: its name, what it means, the JSON schema of its value."""

    name: str
    meaning: Label
    schema: dict[str, Any] = field(default_factory=lambda: {"type": "string"})
    listed: bool = False  # several values with commas between

    def definition(self, lang: str) -> dict[str, Any]:
        """As OpenAPI 3.0 has it."""
        made: dict[str, Any] = {
            "name": self.name,
            "in": "query",
            "required": False,
            "description": self.meaning.text(lang),
            "schema": {"type": "array", "items": self.schema} if self.listed else self.schema,
            "style": "form",
            "explode": False,
        }
        return made


def general() -> list[Parameter]:
    """Those of every resource."""
    return [
        Parameter(
            "lang", Label("语言", "language"), {"type": "string", "enum": list(LANGUAGES), "default": LANGUAGES[0]}
        ),
        Parameter(
            "v",
            Label(
                "数据版本；与现行版本相同时，答复可长期缓存",
                "version of the data; where it is the current one the answer may be kept",
            ),
        ),
    ]


def form(formats: Mapping[str, str]) -> Parameter:
    """The parameter f of a resource."""
    meaning = Label("格式；不写时按 Accept 决定", "format; without it the header Accept decides")
    return Parameter("f", meaning, {"type": "string", "enum": list(formats)})


def systems(name: str, meaning: Label) -> Parameter:
    """A parameter that names a coordinate system."""
    known = list(systems_here())
    return Parameter(name, meaning, {"type": "string", "format": "uri", "enum": known, "default": known[0]})


def of_paging() -> list[Parameter]:
    """Those that choose a page."""
    return [
        Parameter(
            "limit",
            Label(
                f"每页几项；超过 {asking.MOST} 的按 {asking.MOST} 返回，并在 notes 中说明",
                f"features a page; more than {asking.MOST} are answered with {asking.MOST}, and `notes` says so",
            ),
            {"type": "integer", "minimum": 1, "maximum": asking.MOST, "default": asking.LIMIT},
        ),
        Parameter(
            "after",
            Label("从编号排在此后的要素开始（next 链接使用）", "features behind this id (the link `next` uses it)"),
        ),
        Parameter(
            "before",
            Label("取编号紧排在此前的要素（prev 链接使用）", "features right before this id (the link `prev` uses it)"),
        ),
        Parameter(
            "offset",
            Label(
                "跳过前几项；数据更新时前后页可能重复或遗漏，请优先用 next",
                "features to skip; prefer `next`, which stays in step with changes",
            ),
            {"type": "integer", "minimum": 0, "maximum": asking.FARTHEST, "default": 0},
        ),
    ]


def of_standard() -> list[Parameter]:
    """Those of the standard that select."""
    number = {"type": "number"}
    return [
        Parameter(
            "bbox",
            Label(
                "范围；无精确几何的要素按所在县市的外接矩形判断",
                "a box; a feature without an exact geometry is taken by the box of its county or city",
            ),
            {"type": "array", "items": number, "minItems": 4, "maxItems": 6},
        ),
        systems(
            "bbox-crs",
            Label("bbox 的坐标系，轴序按其定义", "the system of bbox, its axes in the order of its definition"),
        ),
        Parameter(
            "datetime",
            Label(
                "时刻或时段（RFC 3339，时段用 / 分开，.. 表示不限）；没有时间的要素也会返回",
                "a moment or a stretch (RFC 3339; / between its ends, .. for an open one); undated features come too",
            ),
        ),
        Parameter("filter", Label("CQL2 过滤表达式", "a filter in CQL2")),
        Parameter(
            "filter-lang",
            Label("filter 的写法", "how the filter is written"),
            {"type": "string", "enum": list(asking.LANGUAGES), "default": asking.LANGUAGES[0]},
        ),
        systems("filter-crs", Label("filter 中几何的坐标系", "the system of geometries in the filter")),
    ]


def of_showing(kind: type[Feature]) -> list[Parameter]:
    """Those that choose what of a feature is shown."""
    return [
        Parameter(
            "properties",
            Label("只要这些属性，多个用逗号分开", "only these properties, several with commas between"),
            {"type": "string", "enum": list(property_labels(kind))},
            listed=True,
        ),
        Parameter("skipGeometry", Label("不要几何", "leave the geometry out"), {"type": "boolean", "default": False}),
    ]


def of_crs() -> Parameter:
    """The system of the answer."""
    return systems(
        "crs",
        Label("答复中坐标的坐标系，轴序按其定义", "the system of the answer, its axes in the order of its definition"),
    )


def of_house(kind: type[Feature]) -> list[Parameter]:
    """Our own filter, the same as on the map, as far as the kind has the fields."""
    declared = parameters(site().kinds)
    found = [_listed(name) for name in LISTS]
    found += [_listed(name) for name, each in declared.any.items() if kind.kind in each.fields]
    for name, each in declared.ranges.items():
        if kind.kind in each.fields:
            label, unit = each.any_field.label, PARAM_UNITS.get(name, each.any_field.unit or Label("", ""))
            for end, words in ((LOWER, Label("下限", "at least")), (UPPER, Label("上限", "at most"))):
                meaning = Label(f"{label.zh}{words.zh}（{unit.zh}）", f"{label.en}, {words.en} ({unit.en})")
                found.append(Parameter(name + end, meaning, {"type": "number"}))
    for name in ("year_from", "year_to"):
        found.append(Parameter(name, WORDS[name], {"type": "integer", "minimum": 1, "maximum": 9999}))
    return [*found, Parameter("q", WORDS["q"], {"type": "string", "maxLength": 200}), Parameter("near", WORDS["near"])]


PARAM_UNITS = {"area": Label("亩", "mu")}


def of_queryables(kind: type[Feature]) -> list[Parameter]:
    """The properties that may be asked for by equality, less those that our own filter names."""
    taken = parameters(site().kinds).names
    found = []
    for name, each in asking.simple_queryables(kind).items():
        if name not in taken:
            meaning = Label(f"{each.label.zh}等于此值", f"{each.label.en}, equal to this")
            found.append(Parameter(name, meaning, _schema(each)))
    return found


def _listed(name: str) -> Parameter:
    declared = parameters(site().kinds)
    known = choices(name, declared, site().kinds, site().world)
    label = WORDS.get(name) or declared.any[name].any_field.label
    schema: dict[str, Any] = {"type": "string"}
    if known is not None and len(known) <= MOST_CODES:
        schema["enum"] = list(known)
    return Parameter(name, label, schema, listed=True)


def _schema(each: cql2.Queryable) -> dict[str, Any]:
    return {"type": {"number": "number", "flag": "boolean"}.get(each.sort, "string")}
