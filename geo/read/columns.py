"""What a table's headings mean: the fields of a kind, and the columns that a geometry is made of.

A heading is known by its declared label in either language or by one of the aliases that offices write; a unit in brackets behind
it ("面积(亩)", "总投资（亿元）") holds for the column's cells.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from geo.model.feature import Feature, fields_of
from geo.model.registry import default_kinds
from geo.read.texts import narrowed

ALIASES: Mapping[str, tuple[str, ...]] = {
    "code": (
        "地块编号",
        "地块编码",
        "地块代码",
        "编号",
        "宗地编号",
        "宗地号",
        "宗地代码",
        "地块号",
        "地号",
        "DKBH",
        "ZDDM",
        "parcel code",
        "parcel no",
        "plot no",
        "plot id",
        "code",
    ),
    "name": (
        "地块名称",
        "名称",
        "宗地名称",
        "项目名称",
        "园区名称",
        "企业名称",
        "机会名称",
        "线路名称",
        "DKMC",
        "parcel name",
        "plot name",
        "title",
    ),
    "area_m2": (
        "地块面积",
        "面积",
        "用地面积",
        "土地面积",
        "宗地面积",
        "出让面积",
        "占地面积",
        "DKMJ",
        "parcel area",
        "land area",
        "area",
    ),
    "status": ("供地状态", "状态", "地块状态", "阶段"),
    "land_use": ("用地性质", "土地用途", "地块用途", "规划用途", "用途", "地类编码", "地类", "DKYT", "land use code"),
    "price_wan_mu": ("起始价", "起拍价", "挂牌价", "出让起始价", "单价", "地价", "starting price", "price"),
    "far": ("容积率", "FAR", "plot ratio", "floor area ratio"),
    "far_min": ("容积率下限", "最小容积率", "min far"),
    "far_max": ("容积率上限", "最大容积率", "max far"),
    "density_max": ("建筑密度", "建筑密度上限", "building density"),
    "green_min": ("绿地率", "绿地率下限", "绿化率", "green ratio"),
    "height_max_m": ("限高", "建筑限高", "建筑高度", "控制高度", "height limit"),
    "intensity_wan_mu": ("投资强度", "亩均投资", "固定资产投资强度"),
    "tax_wan_mu": ("亩均税收", "地均税收"),
    "term_years": ("出让年限", "使用年限", "土地使用年限", "年限"),
    "services": ("配套条件", "配套", "基础设施", "开发程度"),
    "park": ("所在园区", "园区", "开发区"),
    "county": ("县(市、区)", "县市区", "县区", "所在县区", "行政区", "行政区代码", "adcode", "county code"),
    "place": ("所在地", "坐落", "位置", "乡镇", "location"),
    "amount_wan": ("总投资", "投资额", "投资总额", "计划总投资", "总投资额", "total investment"),
    "chains": ("产业链", "产业", "主导产业", "industry chain"),
    "note": ("备注", "说明", "remarks", "remark", "note", "notes"),
    "source": ("来源", "资料来源", "数据来源"),
    "as_of": ("时间", "日期", "更新日期", "date"),
}
"""Field (or "far", which is far_min and far_max at once) → headings besides its declared labels."""

ROLES: Mapping[str, tuple[str, ...]] = {
    "geometry": ("wkt", "geometry", "geom", "the_geom", "几何", "几何图形", "图形", "空间数据", "geojson"),
    "points": (
        "界址点坐标",
        "界址点",
        "坐标",
        "坐标串",
        "拐点坐标",
        "边界坐标",
        "范围坐标",
        "四至坐标",
        "顶点坐标",
        "coordinates",
        "coords",
        "boundary",
        "boundary points",
    ),
    "east": (
        "经度",
        "东经",
        "lon",
        "lng",
        "long",
        "longitude",
        "东坐标",
        "横坐标",
        "easting",
        "east",
        "经度lon",
        "中心点经度",
        "中心经度",
    ),
    "north": (
        "纬度",
        "北纬",
        "lat",
        "latitude",
        "北坐标",
        "纵坐标",
        "northing",
        "north",
        "纬度lat",
        "中心点纬度",
        "中心纬度",
    ),
    "first": ("x", "x坐标", "坐标x", "xcoord", "point x", "point_x"),
    "second": ("y", "y坐标", "坐标y", "ycoord", "point y", "point_y"),
    "point": (
        "点号",
        "界址点号",
        "界址点编号",
        "拐点号",
        "拐点编号",
        "点编号",
        "point",
        "point no",
        "point id",
        "vertex",
        "node",
    ),
    "ring": ("圈号", "地块圈号", "环号", "ring", "ring no", "ring id", "圈"),
}
"""What a geometry is made of. x and y are told by magnitude: survey offices write x for the northing."""

_UNIT = re.compile(r"^(.*?)\s*[(\[]([^()\[\]]{1,20})[)\]]\s*[*:]*$")
_NOISE = re.compile(r"[\s_*:.\-/]+")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: as written, what it is called without its unit, the unit, its part in a geometry ("" for none)."""

    text: str
    base: str
    unit: str = ""
    role: str = ""


def heading(text: str) -> Heading:
    """What a heading's text says."""
    plain = narrowed(text).strip()
    whole = _key(plain)
    if whole in _roles():
        return Heading(text, whole, role=_roles()[whole])
    match = _UNIT.match(plain[:200])
    if match is None or whole in _known_anywhere():
        return Heading(text, whole)
    base = _key(match.group(1))
    return Heading(text, base, match.group(2).strip(), _roles().get(base, ""))


def is_known(text: str) -> bool:
    """Whether a heading means anything to a geometry or to some field."""
    said = heading(text)
    return bool(said.role) or said.base in _known_anywhere()


def field_names(kind: type[Feature]) -> Mapping[str, str]:
    """Heading without unit → name of a field of this kind ("far" for both bounds of the floor area ratio)."""
    hashable: Any = kind
    return _field_names(hashable)


@cache
def _field_names(kind: Any) -> Mapping[str, str]:
    declared = fields_of(kind)
    names: dict[str, str] = {}
    for target, aliases in ALIASES.items():
        if target in declared or (target == "far" and "far_min" in declared):
            names |= {_key(alias): target for alias in aliases}
    for name, field in declared.items():
        names |= {_key(text): name for text in (name, field.label.zh, field.label.en)}
    # A kind's own id is rarely what an office calls 编号.
    if "code" in declared:
        names["编号"] = "code"
    return names


@cache
def _known_anywhere() -> frozenset[str]:
    aliases = {_key(alias) for aliases in ALIASES.values() for alias in aliases}
    labels = (field.label for kind in default_kinds() for field in fields_of(kind).values())
    return frozenset(aliases | {_key(text) for label in labels for text in (label.zh, label.en)})


@cache
def _roles() -> Mapping[str, str]:
    return {_key(alias): role for role, aliases in ROLES.items() for alias in aliases}


def _key(text: str) -> str:
    return _NOISE.sub("", narrowed(text).lower())
