"""From the fact tables, and the demonstration rows where they are wanted, to published revisions in the store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import datasets.demo
from datasets.labels import Label
from datasets.world import World
from geo.check import Severity, check_references
from geo.model import Feature, InvalidFeature, Kinds
from geo.store import Change, State, Store
from seeds.placing import placed
from seeds.tables import Facts, load

AUTHOR = "seeds"
REASON = "读自来源文献 / read from the source documents"
DEMO_REASON = "演示数据 / demonstration data"
WITHDRAWAL = "来源表中已无此项 / no longer in the fact tables"

# Which kind a table's rows become, and what a column is called there where the names differ.
TABLES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "projects": ("project", {}),
    "parks": ("park", {}),
    "events": ("event", {}),
    "targets": ("target", {"indicator": "name", "indicator_en": "name_en", "unit": "value_unit"}),
    "talks": ("talk", {}),
    "enterprises": ("enterprise", {}),
    "policies": ("policy", {}),
}
COUNT_UNITS = {"route": "条", "park": "个", "plot": "块", "opportunity": "个"}


class UnfitFacts(ValueError):
    """Fact rows that cannot become features; nothing was written."""

    def __init__(self, sentences: Iterable[Label]) -> None:
        lines = list(sentences)
        self.label = Label("\n".join(line.zh for line in lines), "\n".join(line.en for line in lines))
        super().__init__(self.label.en)


@dataclass(frozen=True)
class Poured:
    """What `pour` did.

    published: features in all; demo: demonstration features among them; changed: new revisions; outside: facts about
    places that the map does not cover (another province, the province as a whole), kept in the tables only.
    """

    published: int
    changed: int
    demo: int
    outside: int


def pour(store: Store, kinds: Kinds, world: World, *, demo: bool, facts: Facts | None = None) -> Poured:
    """Record every fact as a published feature, withdraw what is no longer said, and leave the rest as it is.

    Pouring the same facts again writes nothing, and what somebody else has edited since stays his. Raises UnfitFacts, before anything is written, where a row does not fit
    its kind's declaration or names an unknown code.
    """
    said = list(features_of(facts or load(), kinds, world))
    features = [feature for feature in said if _is_on_the_map(feature, world)]
    outside = len(said) - len(features)
    if demo:
        features += [_feature(row, kinds) for row in datasets.demo.rows(world.boundaries, world.chains)]
    _require_fit(features, world)
    standing = store.currents(feature.id for feature in features)
    # What a person has taken in hand since is his: the tables must not write over it.
    ours = [feature for feature in features if feature.id not in standing or standing[feature.id].author == AUTHOR]
    changed = 0
    for is_demo, reason in ((False, REASON), (True, DEMO_REASON)):
        changes = [Change(feature) for feature in ours if feature.demo is is_demo]
        changed += len(store.record(changes, author=AUTHOR, reason=reason, state=State.PUBLISHED))
    withdrawn = _withdraw_missing(store, kinds, {feature.id for feature in features})
    return Poured(
        published=len(features),
        changed=changed + withdrawn,
        demo=sum(feature.demo for feature in features),
        outside=outside,
    )


def features_of(facts: Facts, kinds: Kinds, world: World) -> Iterator[Feature]:
    """The features that the tables describe, each with its source and its precision."""
    for table, (kind, names) in TABLES.items():
        for row in getattr(facts, table):
            values = {names.get(name, name): value for name, value in asdict(row).items()}
            yield _feature(placed({**values, "kind": kind, **_extras(kind, values)}, world), kinds)
    for row in facts.map_counts:
        for values in _map_count_rows(asdict(row), kinds):
            yield _feature(placed(values, world), kinds)


def _extras(kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """A meeting has no name of its own: it is called by who met whom."""
    return {"name": f"{values['office']} · {values['counterpart']}"} if kind == "talk" else {}


def _map_count_rows(row: Mapping[str, Any], kinds: Kinds) -> Iterator[dict[str, Any]]:
    """What the printed map said to hold, as actual figures: a count, and an area where one is given."""
    counted = kinds.get(row["kind"])
    common = {name: row[name] for name in ("county", "place", "date", "date_precision", "document", "lines", "note")}
    shared = {
        "kind": "target",
        "role": "actual",
        "comparator": "=",
        "period": row["date"][:4],
        "subject": "热力图",
        **common,
    }
    yield {
        **shared,
        "id": row["id"],
        "name": f"热力图收录{counted.plural.zh}数",
        "name_en": f"{counted.plural.en} on the map",
        "value": row["count"],
        "value_unit": COUNT_UNITS.get(row["kind"], "个"),
    }
    if row["area_km2"] is not None:
        yield {
            **shared,
            "id": f"{row['id']}-area",
            "name": f"热力图收录{counted.plural.zh}总面积",
            "name_en": f"Area of the {counted.plural.en.lower()} on the map",
            "value": row["area_km2"],
            "value_unit": "平方公里",
        }


def _feature(row: Mapping[str, Any], kinds: Kinds) -> Feature:
    values = {name: value for name, value in row.items() if name not in ("kind", "geometry")}
    try:
        return kinds.get(row["kind"]).from_row(values, row.get("geometry"))
    except InvalidFeature as error:
        where = f"{row.get('source')} {row.get('id')}"
        raise UnfitFacts(
            Label(
                f"{where}：{fault.field} = {fault.value!r}，{fault.message.zh}",
                f"{where}: {fault.field} = {fault.value!r}, {fault.message.en}",
            )
            for fault in error.errors
        ) from error


def _is_on_the_map(feature: Feature, world: World) -> bool:
    """Whether its unit is one of the map's, or misprinted as one: that must be found."""
    provinces = {code[:2] for code in world.boundaries.cities}
    return feature.county[:2] in provinces and not feature.county.endswith("0000")


def _require_fit(features: Iterable[Feature], world: World) -> None:
    found = [
        finding
        for feature in features
        for finding in check_references(feature, world)
        if finding.severity is Severity.ERROR
    ]
    if found:
        raise UnfitFacts(
            Label(f"{finding.where}：{finding.message.zh}", f"{finding.where}: {finding.message.en}")
            for finding in found
        )


def _withdraw_missing(store: Store, kinds: Kinds, said: set[str]) -> int:
    """Take back what an earlier pouring published and the tables say no more; other authors' features stay."""
    gone = [
        Change(revision.feature(kinds))
        for feature_id in sorted(store.published_ids() - said)
        if (revision := store.current(feature_id)) and revision.author == AUTHOR and revision.kind in kinds
    ]
    return len(store.record(gone, author=AUTHOR, reason=WITHDRAWAL, state=State.WITHDRAWN))
