"""Names of counties and prefectures: Chinese as the boundary data have them, English from our own tables."""

from __future__ import annotations

import csv
import functools
import json
from collections.abc import Mapping
from importlib import resources

from datasets.boundaries.source import packaged_bytes
from datasets.labels import Label


@functools.cache
def table() -> Mapping[str, Label]:
    """adcode to name, from every `*_names.csv` (adcode, zh, en) beside this file: one table a province."""
    names: dict[str, Label] = {}
    for entry in resources.files(__package__).iterdir():
        if entry.name.endswith("_names.csv"):
            rows = csv.DictReader(entry.read_text(encoding="utf-8").splitlines())
            names.update({row["adcode"]: Label(zh=row["zh"], en=row["en"]) for row in rows})
    return names


def labelled(adcode: str, zh: str) -> Label:
    """The name in both languages; only Chinese where the table lacks the code or knows another name."""
    known = table().get(adcode)
    return known if known is not None and known.zh == zh else Label(zh=zh, en="")


def prefecture(adcode: str) -> Label:
    """A prefecture's name: from our table, else the package's list of prefectures, else the code itself."""
    known = table().get(adcode)
    if known is not None:
        return known
    zh = _packaged_prefectures().get(adcode, adcode)
    return Label(zh=zh, en="")


@functools.cache
def _packaged_prefectures() -> Mapping[str, str]:
    features = json.loads(packaged_bytes("city.geojson"))["features"]
    return {feature["properties"]["gb"][3:]: feature["properties"]["name"] for feature in features}
