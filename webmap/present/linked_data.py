"""What programs read of pages: DCAT 3 for data portals, schema.org for search engines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webmap.i18n import translate
from webmap.present.datasets import Dataset

DCAT_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "locn": "http://www.w3.org/ns/locn#",
    "gsp": "http://www.opengis.net/ont/geosparql#",
}


@dataclass(frozen=True)
class Publisher:
    """Who publishes, where, under which licence, and which version this is."""

    name: str
    address: str
    licence: str
    licence_url: str
    version: str


def dcat(datasets: Sequence[Dataset], who: Publisher, lang: str) -> dict[str, Any]:
    """The catalogue (W3C DCAT 3)."""
    return {
        "@context": DCAT_CONTEXT,
        "@type": "dcat:Catalog",
        "@id": f"{who.address}data",
        "dct:title": {"@value": who.name, "@language": lang},
        "dct:publisher": {"@type": "foaf:Agent", "foaf:name": who.name, "foaf:homepage": {"@id": who.address}},
        "dcat:dataset": [_dcat_dataset(each, who, lang) for each in datasets],
    }


def _dcat_dataset(dataset: Dataset, who: Publisher, lang: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "@type": "dcat:Dataset",
        "@id": f"{who.address}data#{dataset.kind}",
        "dct:identifier": dataset.kind,
        "dct:title": {"@value": dataset.title, "@language": lang},
        "dct:description": {"@value": description(dataset, lang), "@language": lang},
        "dcat:version": who.version,
        "dcat:landingPage": {"@id": dataset.page},
        "dct:source": list(dataset.sources),
        "dcat:distribution": [
            {
                "@type": "dcat:Distribution",
                "dct:title": each.label,
                "dcat:mediaType": each.media_type,
                "dcat:accessURL": {"@id": each.href},
                **({} if each.is_service else {"dcat:downloadURL": {"@id": each.href}}),
                **_licence(who),
            }
            for each in dataset.distributions
        ],
        **_licence(who),
    }
    if dataset.bbox:
        west, south, east, north = dataset.bbox
        ring = f"({west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south})"
        box = {"@type": "gsp:wktLiteral", "@value": f"POLYGON({ring})"}
        found["dct:spatial"] = {"@type": "dct:Location", "dcat:bbox": box}
    if dataset.years:
        first, last = ({"@type": "xsd:gYear", "@value": str(year)} for year in dataset.years)
        found["dct:temporal"] = {"@type": "dct:PeriodOfTime", "dcat:startDate": first, "dcat:endDate": last}
    return found


def _licence(who: Publisher) -> dict[str, Any]:
    if who.licence_url:
        return {"dct:license": {"@id": who.licence_url}}
    return {"dct:rights": who.licence} if who.licence else {}


def schema_catalogue(datasets: Sequence[Dataset], who: Publisher, lang: str) -> dict[str, Any]:
    """The catalogue for search engines (schema.org DataCatalog with its Datasets)."""
    return {
        "@context": "https://schema.org",
        "@type": "DataCatalog",
        "name": who.name,
        "url": f"{who.address}data",
        "dataset": [_schema_dataset(each, who, lang) for each in datasets],
    }


def _schema_dataset(dataset: Dataset, who: Publisher, lang: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "@type": "Dataset",
        "name": f"{who.name} · {dataset.title}",
        "description": description(dataset, lang),
        "url": f"{who.address}data#{dataset.kind}",
        "version": who.version,
        "creator": {"@type": "Organization", "name": who.name, "url": who.address},
        "citation": list(dataset.sources),
        "distribution": [
            {
                "@type": "DataDownload",
                "name": each.label,
                "encodingFormat": each.media_type,
                "contentUrl": each.href,
            }
            for each in dataset.distributions
        ],
    }
    if who.licence_url or who.licence:
        found["license"] = who.licence_url or who.licence
    if dataset.bbox:
        west, south, east, north = dataset.bbox
        box = {"@type": "GeoShape", "box": f"{south} {west} {north} {east}"}
        found["spatialCoverage"] = {"@type": "Place", "geo": box}
    if dataset.years:
        found["temporalCoverage"] = f"{dataset.years[0]}/{dataset.years[1]}"
    return found


def description(dataset: Dataset, lang: str) -> str:
    """One sentence: how many features, how many of them demonstration data."""
    if dataset.demo:
        return translate(lang, "data.description_demo", title=dataset.title, n=dataset.n, demo=dataset.demo)
    return translate(lang, "data.description", title=dataset.title, n=dataset.n)


def schema_place(
    name: str, address: str, within: Sequence[str], point: tuple[float, float] | None, properties: Mapping[str, str]
) -> dict[str, Any]:
    """A feature for search engines (schema.org Place). point: WGS-84 lon, lat, only where the feature has its own."""
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Place",
        "name": name,
        "url": address,
        "address": {"@type": "PostalAddress", "addressCountry": "CN"},
        "additionalProperty": [
            {"@type": "PropertyValue", "name": label, "value": value} for label, value in properties.items()
        ],
    }
    if within:
        found["address"]["addressRegion"] = within[0]
        found["address"]["addressLocality"] = within[-1]
    if point:
        lon, lat = point
        found["geo"] = {"@type": "GeoCoordinates", "longitude": round(lon, 6), "latitude": round(lat, 6)}
    return found
