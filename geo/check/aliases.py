"""Which column of a file is which field of a kind: headings in Chinese and English, as offices write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from geo.model import Feature, Field, fields_of
from geo.read.units import AREA, unit_at

# Field → headings, the likeliest first: where a file has two of them, the first that is filled counts.
_WRITTEN: Mapping[str, str] = {
    "id": "要素编号|feature id|fid_relitu",
    "name": "地块名称|宗地名称|项目名称|园区名称|线路名称|企业名称|名字|标题|地块|项目|dkmc|mc|xmmc|zdmc|title|plot name|project name|park name|label|layer|图层",
    "name_en": "英文名|英文|english|name en",
    "county": "区县|县区|县市区|所属区县|所在县区|所在县|县|行政区代码|行政区划代码|行政区|政区代码|xzqdm|adcode|county code|district|县名称|县市区名称|county name|xzqmc",
    "place": "地点|所属区域|乡镇|所在乡镇|所在地名称|place name",
    "chains": "产业链条|所属产业链|主导产业|产业|准入产业|产业方向|chain|chains|industry",
    "nodes": "环节|node|nodes",
    "precision": "精度",
    "source": "数据来源|出处",
    "as_of": "日期|更新时间|数据日期|统计时间|as of|updated",
    "note": "说明|remark|remarks|notes|bz|comment|comments|description",
    "code": "宗地编号|地块号|宗地号|地块代码|地块编码|宗地代码|dkbh|dkbm|zddm|zdbh|bh|parcel code|parcel id|parcel|plot no|plot id|plotcode",
    "area_m2": "地块面积|用地面积|占地面积|宗地面积|土地面积|出让面积|规划面积|总面积|dkmj|zdmj|ydmj|mj|site area|land area|acreage",
    "status": "地块状态|状态|供应状态|土地状态|gdzt|plot status|state",
    "land_use": "地类编码|用地代码|用地性质代码|地类代码|dlbm|规划用途|土地用途|地块用途|用途|地类|地类名称|用地类型|规划用地性质|dkyt|tdyt|ghyt|land use code|landuse|use",
    "price_wan_mu": "起始价格|起拍价|出让起始价|挂牌起始价|价格|单价|地价|price|start price|reserve price",
    "far_min": "最小容积率|容积率最小值|容积率下|min far|farmin",
    "far_max": "最大容积率|容积率最大值|容积率上|max far|farmax",
    "density_max": "建筑密度|最大建筑密度|建筑密度上|density|building density|coverage",
    "green_min": "绿地率|最小绿地率|绿地率下|green ratio|greening",
    "height_max_m": "建筑限高|限高米|建筑高度|高度限制|height|max height",
    "intensity_wan_mu": "固定资产投资强度|亩均投资|投资强度要求|intensity",
    "tax_wan_mu": "亩均税收要求|税收|tax",
    "term_years": "使用年限|土地使用年限|年限|出让年期|term|years",
    "services": "配套|基础设施|配套设施|七通一平|utilities",
    "park": "园区|所属园区|开发区|所在开发区",
    "investor": "投资单位|投资主体|投资企业|企业|建设单位|company",
    "amount_wan": "投资额|投资总额|总投资额|计划投资|计划总投资|金额|amount|total investment",
    "sought_wan": "拟引资额|引资额|招商引资额|investment sought",
    "stage": "项目阶段|进展|进度|项目状态|status",
    "signed_on": "签约日期|签订日期|签订时间|signed|signing date",
    "content": "建设内容及规模|建设规模|项目内容|主要内容|内容|合作内容及规模|scope",
    "form": "合作形式|合作方式|cooperation",
    "valid_until": "有效期|截止日期|valid until",
    "contact_office": "联系单位|联系人单位|contact",
    "park_type": "类型|类别|type",
    "level": "等级|level",
    "role": "功能定位|产业定位",
    "stops": "线路站点|途经点|stops",
    "minutes": "用时|时长|总时长|duration",
    "length_km": "里程|总里程|全长|distance",
}
ALIASES: Mapping[str, tuple[str, ...]] = {field: tuple(words.split("|")) for field, words in _WRITTEN.items()}
FAR = ("容积率", "far", "floor area ratio", "rjl", "容积率要求")
"""Headings of a column that holds both bounds of the floor area ratio ("1.0-2.5", "≥1.2")."""
_LEFT_OUT = "序号|no|fid|objectid|oid|shape leng|shape length|shape area|shape|geometry|geom|wkt|经度|纬度|lon|lat|lng|longitude|latitude|x|y|界址点数|记录图形属性|图幅号|市代码|city code|city|kind|geom type|经度wgs84|纬度wgs84|longitude wgs84|latitude wgs84|styleurl|id 1|entity|handle|linetype|color|许可|licence"
IGNORED = tuple(_LEFT_OUT.split("|"))
"""Headings that hold nothing of ours (row numbers, coordinates that the reader has used); left out without a word."""
OWN = 3  # a field's name and its two labels come before its other headings
DBF_LENGTH = 10
_UNIT_IN_HEADING = re.compile(r"[(（\[【]([^()（）\[\]【】]*)[)）\]】]\s*$|[_/,，:：\s]([^\s_/,，:：()（）]+)$")


@dataclass(frozen=True, slots=True)
class Source:
    """A column that a field is read from. heading: as written. unit: what the heading says ("亩"), "" for none. own: whether the
    heading is the field's own name, whose unit is the stored one."""

    heading: str
    unit: str
    own: bool


@dataclass(frozen=True, slots=True)
class Mapped:
    """How a file's columns map. sources: field → its columns, the likeliest first. far: the columns of both bounds of the floor
    area ratio. unknown: headings that are none of ours."""

    sources: Mapping[str, tuple[Source, ...]]
    far: tuple[str, ...]
    unknown: tuple[str, ...]


def mapped(headings: Iterable[str], kind: type[Feature]) -> Mapped:
    """Which of the headings are which fields of a kind."""
    declared = fields_of(kind)
    ranks = _ranks(declared)
    found: dict[str, list[tuple[int, Source]]] = {}
    far, unknown = [], []
    for heading in headings:
        bare, unit, field = _field_of(heading, ranks)
        if field:
            rank = ranks[field].get(bare, 50)
            found.setdefault(field, []).append((rank, Source(heading, unit, heading.strip() == field)))
        elif bare in map(normalised, FAR) and "far_max" in declared:
            far.append(heading)
        elif bare not in map(normalised, IGNORED):
            unknown.append(heading)
    _number_as_code(found, declared)
    sources = {field: tuple(s for _, s in sorted(each, key=lambda pair: pair[0])) for field, each in found.items()}
    return Mapped(sources, tuple(far), tuple(unknown))


def normalised(heading: str) -> str:
    """A heading in half width and lower case, without spaces and marks."""
    text = unicodedata.normalize("NFKC", heading.replace("\ufeff", "")).casefold()
    return re.sub(r"[\s_\-、，,。.:：;；()（）\[\]【】/\\\"'“”*]+", "", text)


def _ranks(declared: Mapping[str, Field]) -> dict[str, dict[str, int]]:
    """For each field its headings, normalised, with how likely each is (0 first)."""
    ranks = {}
    for name, field in declared.items():
        words = (name, field.label.zh, field.label.en, *ALIASES.get(name, ()))
        ranks[name] = {normalised(word): rank for rank, word in reversed(list(enumerate(words)))}
    return ranks


def _field_of(heading: str, ranks: Mapping[str, Mapping[str, int]]) -> tuple[str, str, str]:
    whole = normalised(heading)
    own = [name for name, words in ranks.items() if words.get(whole, OWN) < OWN]
    for name in own or [name for name, words in ranks.items() if whole in words]:
        return whole, "", name
    match = _UNIT_IN_HEADING.search(heading.strip())
    if match:
        unit, bare = match[1] or match[2], normalised(heading.strip()[: match.start()])
        for name, words in ranks.items():
            if bare in words and (match[1] is not None or _is_unit(unit)):
                return bare, unit if _is_unit(unit) else "", name
    if len(heading.encode()) in (DBF_LENGTH - 1, DBF_LENGTH):
        # A Shapefile's column names are cut after ten bytes: "地块编号" to "地块编", "height_max_m" to "height_max".
        starts = [n for n, words in ranks.items() if n.startswith(heading) or any(w.startswith(whole) for w in words)]
        if len(starts) == 1:
            return whole, "", starts[0]
    return whole, "", ""


def _is_unit(text: str) -> bool:
    return (
        any(
            (unit := unit_at(unicodedata.normalize("NFKC", text).strip(), 0, of)).text and unit.end >= len(text.strip())
            for of in ("area", "money", "price", "percent", "length", "years")
        )
        or text in AREA
    )


def _number_as_code(found: dict[str, list[tuple[int, Source]]], declared: Mapping[str, Field]) -> None:
    """In a file of plots "编号" alone may be the plot's code: `identity` tells our ids from it."""
    if "code" in declared and "code" not in found and "id" in found:
        found["code"] = list(found["id"])
