"""The API definition (OpenAPI 3.0), made of the declarations: every collection with the parameters its fields allow."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from datasets.labels import Label
from geo.draw.mvt import MAX_ZOOM
from geo.model import Feature
from webmap.asking import language
from webmap.caching import SOFTWARE
from webmap.ogc import openapi_writing, parameters
from webmap.ogc.answer_schemas import SCHEMAS_OF_ANSWERS, TEXT
from webmap.ogc.collections import SERVICE
from webmap.ogc.negotiation import DEFINITION, FEATURES, HTML, MVT, RESOURCE, SCHEMAS, TILEJSON, Formats, address
from webmap.ogc.parameters import Parameter
from webmap.site import site

PROBLEM = "application/problem+json"
TILESET: Formats = {"json": "application/json", "html": "text/html", "tilejson": TILEJSON}


def definition() -> dict[str, Any]:
    """The OpenAPI document in the reader's language."""
    return _Writer(language()).document()


class _Writer:
    def __init__(self, lang: str) -> None:
        self._lang = lang
        self._parameters: dict[str, dict[str, Any]] = {}

    def document(self) -> dict[str, Any]:
        paths = self._paths()
        return {
            "openapi": "3.0.3",
            "info": {
                "title": site().config.title.text(self._lang),
                "description": SERVICE.text(self._lang),
                "version": SOFTWARE,
            },
            "servers": [{"url": address("landing").partition("?")[0].rstrip("/")}],
            "tags": [{"name": "service"}, *({"name": kind.kind} for kind in site().kinds), {"name": "tiles"}],
            "paths": paths,
            "components": {
                "parameters": self._parameters,
                "schemas": SCHEMAS_OF_ANSWERS,
                "responses": self._responses(),
                **({"securitySchemes": openapi_writing.SECURITY} if site().config.staff_enabled else {}),
            },
        }

    def _paths(self) -> dict[str, Any]:
        say = self._text
        paths = {
            "/": self._get("landing", say("入口", "Landing page"), RESOURCE, "landing"),
            "/openapi": self._get("openapi", say("API 定义", "API definition"), DEFINITION, "anything"),
            "/conformance": self._get("conformance", say("符合的标准", "Conformance"), RESOURCE, "conformance"),
            "/collections": self._get("collections", say("全部数据集", "All collections"), RESOURCE, "collections"),
            "/tileMatrixSets": self._get(
                "matrixSets", say("瓦片矩阵集", "Tile matrix sets"), RESOURCE, "anything", tag="tiles"
            ),
            "/tileMatrixSets/{tileMatrixSetId}": self._get(
                "matrixSet",
                say("瓦片矩阵集", "Tile matrix set"),
                RESOURCE,
                "anything",
                tag="tiles",
                path=("tileMatrixSetId",),
            ),
        }
        for kind in site().kinds:
            paths |= self._of_kind(kind)
            if site().config.staff_enabled:
                items = f"/collections/{kind.kind}/items"
                paths[items] |= openapi_writing.on_items(kind, self._lang)
                paths[f"{items}/{{featureId}}"] |= openapi_writing.on_item(kind, self._lang)
        return paths | self._tiles("", "dataset", [])

    def _of_kind(self, kind: type[Feature]) -> dict[str, Any]:
        name, say, base = kind.kind, self._text, f"/collections/{kind.kind}"
        selecting = [*parameters.of_standard(), *parameters.of_house(kind), *parameters.of_queryables(kind)]
        title = kind.plural.text(self._lang)
        return {
            base: self._get(f"{name}.describe", title, RESOURCE, "collection", tag=name),
            f"{base}/schema": self._get(
                f"{name}.schema", say("字段", "Schema") + f": {title}", SCHEMAS, "anything", tag=name
            ),
            f"{base}/queryables": self._get(
                f"{name}.queryables", say("可过滤的属性", "Queryables") + f": {title}", SCHEMAS, "anything", tag=name
            ),
            f"{base}/items": self._get(
                f"{name}.items",
                say("要素", "Features") + f": {title}",
                FEATURES,
                "features",
                tag=name,
                query=[parameters.of_crs(), *parameters.of_showing(kind), *parameters.of_paging(), *selecting],
            ),
            f"{base}/items/{{featureId}}": self._get(
                f"{name}.item",
                say("单个要素", "One feature") + f": {title}",
                FEATURES,
                "feature",
                tag=name,
                path=("featureId",),
                query=[parameters.of_crs(), *parameters.of_showing(kind)],
            ),
            **self._tiles(base, name, selecting),
        }

    def _tiles(self, base: str, name: str, query: Iterable[Parameter]) -> dict[str, Any]:
        say, one = self._text, f"{base}/tiles/{{tileMatrixSetId}}"
        wanted = list(query)
        return {
            f"{base}/tiles": self._get(
                f"{name}.tilesets", say("瓦片集", "Tilesets"), RESOURCE, "anything", tag="tiles"
            ),
            one: self._get(
                f"{name}.tileset",
                say("瓦片集说明", "Tileset"),
                TILESET,
                "anything",
                tag="tiles",
                path=("tileMatrixSetId",),
                query=wanted,
            ),
            f"{one}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}": self._get(
                f"{name}.tile",
                say("矢量瓦片", "Vector tile"),
                {"mvt": MVT},
                "",
                tag="tiles",
                path=("tileMatrixSetId", "tileMatrix", "tileRow", "tileCol"),
                query=wanted,
            ),
        }

    def _get(
        self,
        operation: str,
        summary: str,
        formats: Formats,
        schema: str,
        *,
        tag: str = "service",
        path: Iterable[str] = (),
        query: Iterable[Parameter] = (),
    ) -> dict[str, Any]:
        content: dict[str, Any] = {}
        for media in formats.values():
            binary = {"type": "string", "format": "binary"} if media == MVT else {"type": "string"}
            content[media] = {"schema": {"$ref": f"#/components/schemas/{schema}"} if "json" in media else binary}
        asked = [*query, *([parameters.form(formats)] if "mvt" not in formats else []), *parameters.general()]
        return {
            "get": {
                "operationId": operation,
                "summary": summary,
                "tags": [tag],
                "parameters": [*(self._path(name) for name in path), *(self._query(each) for each in asked)],
                "responses": {
                    "200": {"description": summary, "headers": _headers(schema), "content": content},
                    **self._elsewhere(schema),
                    "304": {"description": self._text("内容未变（If-None-Match）", "Not modified (If-None-Match)")},
                    "400": {"$ref": "#/components/responses/400"},
                    **({"404": {"$ref": "#/components/responses/404"}} if path else {}),
                    "406": {"$ref": "#/components/responses/406"},
                    "500": {"$ref": "#/components/responses/500"},
                    "503": {"$ref": "#/components/responses/503"},
                },
            }
        }

    def _elsewhere(self, schema: str) -> dict[str, Any]:
        """For a person one feature stands on its own page."""
        words = self._text("要素页面（text/html）", "The feature's page (text/html)")
        return {"303": {"description": words}} if schema == "feature" else {}

    def _query(self, parameter: Parameter) -> dict[str, str]:
        made = parameter.definition(self._lang)
        key = re.sub(r"[^\w.-]", "_", parameter.name)
        while self._parameters.setdefault(key, made) != made:
            key += "_"
        return {"$ref": f"#/components/parameters/{key}"}

    def _path(self, name: str) -> dict[str, Any]:
        whole = {"type": "integer", "minimum": 0}
        schema: Mapping[str, Any] = {
            "tileMatrixSetId": {"type": "string", "enum": ["WebMercatorQuad"]},
            "tileMatrix": whole | {"maximum": MAX_ZOOM},
            "tileRow": whole,
            "tileCol": whole,
        }
        return {
            "name": name,
            "in": "path",
            "required": True,
            "schema": schema.get(name, {"type": "string", "minLength": 1}),
        }

    def _responses(self) -> dict[str, Any]:
        words = {
            "400": Label(
                "参数有误；detail 与 parameters 指明哪一个、错在何处",
                "A parameter is wrong; `parameters` says which and where",
            ),
            "404": Label("没有找到", "Not found"),
            "406": Label("没有这种格式", "Not acceptable"),
            "500": Label("系统出错", "Internal error"),
            "503": Label("暂时无法服务", "Service unavailable"),
        }
        content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/problem"}}, HTML: {"schema": TEXT}}
        return {code: {"description": label.text(self._lang), "content": content} for code, label in words.items()}

    def _text(self, zh: str, en: str) -> str:
        return Label(zh, en).text(self._lang)


def _headers(schema: str) -> dict[str, Any]:
    text = {"schema": {"type": "string"}}
    return {"ETag": text, **({"Content-Crs": text} if schema in ("features", "feature") else {})}
