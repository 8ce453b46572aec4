"""A kept file and a person's choices → checked rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from datasets.labels import Label
from datasets.world import World
from geo.check.aliases import mapped
from geo.check.intake import Context, Intake, Row, prepare
from geo.check.overlaps import same_shape
from geo.check.spot import Spot
from geo.crs.systems import Local
from geo.draw.sheet import plain
from geo.model import Feature, fields_of
from geo.model.finding import Finding, Severity
from geo.read import ReadFile, read
from geo.read.raw import Progress, RawFeature, nothing_done
from geo.store import State
from geo.store.accounts import EVERYWHERE
from webmap.intake.choices import Choices
from webmap.intake.known import Known

FAR = ("far_min", "far_max")


@dataclass(frozen=True, eq=False)
class Prepared:
    """An intake, which row of the file each of its rows is, and what is known of the record.

    left_out: the rows of the file that the person does not import, by their number.
    """

    intake: Intake
    numbers: Sequence[int]
    left_out: Mapping[int, RawFeature]
    known: Known

    @property
    def is_fit(self) -> bool:
        """Whether it could be committed: something is in it, and nothing has an error."""
        return bool(self.numbers) and not self.intake.has_errors


@dataclass(frozen=True, eq=False)
class Ground:
    """For whom, and against what, files are prepared. county: of rows that don't name theirs; scope: adcodes that the person holds."""

    world: World
    kind: type[Feature]
    known: Known
    county: str = ""
    scope: Collection[str] = (EVERYWHERE,)
    local: Local | None = None


def prepared(
    path: Path, name: str, ground: Ground, choices: Choices, format_name: str = "", progress: Progress = nothing_done
) -> Prepared:
    """The rows of the file at `path`, read, placed and checked.

    name: what the person calls the file. progress: rows done and in all; a row that is read but not checked counts half. Raises geo.read.Unreadable,
    geo.crs.CrsFault for a choice of system, and what `progress` raises.
    """
    file = read(path, name, format_name, lambda done, total: progress(done // 2, total))
    kept = [number for number in range(len(file.features)) if number not in choices.left_out]
    left_out = {number: file.features[number] for number in sorted(choices.left_out) if number < len(file.features)}

    def second_half(done: int, _total: int) -> None:
        progress((len(kept) + done) // 2, len(kept))

    context = Context(
        world=ground.world,
        county=ground.county,
        may_write=None if EVERYWHERE in ground.scope else set(ground.scope),
        existing=ground.known.existing,
        system=choices.chosen,
        swapped=choices.swapped,
        prefix=choices.prefix,
        local=ground.local,
        repairs={place: choices.repairs[number] for place, number in enumerate(kept) if number in choices.repairs},
    )
    included = replace(file, features=tuple(file.features[number] for number in kept))
    edits = {place: choices.edits[number] for place, number in enumerate(kept) if number in choices.edits}
    if edits:
        included = _edited(included, ground.kind, edits, context)
    intake = prepare(included, ground.kind, context, second_half)
    _refuse_waiting(intake, ground.known)
    return Prepared(intake, kept, left_out, ground.known)


def _edited(file: ReadFile, kind: type[Feature], edits: Mapping[int, Mapping[str, Any]], context: Context) -> ReadFile:
    """The file as if its cells said what the person has typed: under the fields' own names, the columns before them silent."""
    headings = dict.fromkeys(name for feature in file.features for name in feature.attributes)
    columns = mapped(headings, kind)
    spoken = {name for values in edits.values() for name in values}
    # A column that only one row has would make the other rows say "nothing" of what the record knows.
    fresh = sorted(name for name in spoken if name not in columns.sources and not (columns.far and name in FAR))
    before = (
        prepare(file, kind, context) if (fresh and len(context.existing)) or (columns.far and spoken & {*FAR}) else None
    )
    features = list(file.features)
    if before is not None:
        for row in before.rows:
            if not row.is_new:
                features[row.number] = _with(features[row.number], kind, {name: row.values[name] for name in fresh}, ())
    for place, values in edits.items():
        silent = {source.heading for name in values for source in columns.sources.get(name, ())}
        own = dict(values)
        if columns.far and before is not None and {*FAR} & own.keys():
            silent |= set(columns.far)
            own = {**{name: before.rows[place].values[name] for name in FAR}, **own}
        features[place] = _with(features[place], kind, own, silent)
    return replace(file, features=tuple(features))


def _with(feature: RawFeature, kind: type[Feature], values: Mapping[str, Any], silent: Collection[str]) -> RawFeature:
    fields = fields_of(kind)
    kept = {heading: cell for heading, cell in feature.attributes.items() if heading not in silent}
    typed = {
        name: plain(value if isinstance(value, str) else fields[name].dump(value)) for name, value in values.items()
    }
    return replace(feature, attributes={**kept, **typed})


def _refuse_waiting(intake: Intake, known: Known) -> None:
    """What waits for a review may not be changed under the reviewer's eyes."""
    for row in intake.rows:
        if not row.is_new and not row.unchanged and known.state(row.id) is State.SUBMITTED:
            words = Label(
                "该记录正在等待审核，请先撤回提交再导入修改",
                "this record waits for review: take it back before importing a change",
            )
            finding = Finding("waits-for-review", Severity.ERROR, row.where, words)
            intake.sheet.spots.setdefault(row.number, []).append(Spot(finding))


def outline_kept(row: Row, known: Known) -> bool:
    """Whether the record has the row's shape already, to within a centimetre: then the record's own stays, to the last digit."""
    place = known.existing.place.get(row.id, -1)
    if place < 0 or row.geometry is None or known.existing.geometries[place] is None:
        return False
    mine, theirs = np.empty(1, object), np.empty(1, object)
    mine[0], theirs[0] = row.geometry, known.existing.geometries[place]
    return bool(same_shape(mine, theirs)[0])
