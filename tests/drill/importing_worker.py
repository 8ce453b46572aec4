"""Imports a file, submits and publishes its rows, round after round, until it is killed; says what it has been told is done.

Run as `python importing_worker.py DATA FILE`. Each line on standard output is `<step> <round>`, written when the step begins
("importing 3") or when it has been acknowledged ("imported 3").
"""

import hashlib
import itertools
import json
import sys
from pathlib import Path

import datasets.world
from geo.model import default_kinds
from geo.store.accounts import Accounts
from geo.store.listing import Wanted, listing
from geo.store.revisions import State
from geo.store.workflow import Step, take
from webmap.config import load_config
from webmap.intake.choices import Choices
from webmap.intake.committing import commit
from webmap.intake.known import known
from webmap.intake.preparing import Ground, prepared
from webmap.staff.desk import Desk, make_desk

MOST = 10_000


def main() -> None:
    """Go on for ever."""
    data, file = Path(sys.argv[1]), Path(sys.argv[2])
    kinds, world = default_kinds(), datasets.world.load()
    desk = make_desk(load_config(data, {}), kinds, world)
    for number in itertools.count(_last_round(desk) + 1):
        one_round(desk, file, number)


def one_round(desk: Desk, file: Path, number: int) -> None:
    """Import the file with this round's note in every row, submit, publish, bring it to the public."""
    content = json.loads(file.read_text(encoding="utf-8"))
    for feature in content["features"]:
        feature["properties"]["note"] = f"round {number}"
    mine = file.with_name(f"round-{number}.geojson")
    mine.write_text(json.dumps(content), encoding="utf-8")
    with mine.open("rb") as stream:
        kept = desk.files.keep(stream, mine.name, "clerk")
    found = prepared(kept.path, mine.name, _ground(desk), Choices())
    say("importing", number)
    commit(found, desk.store, kept.sha256, "clerk", f"round {number}")
    say("imported", number)
    step(desk, Step.SUBMIT, State.DRAFT, "clerk", ("submitting", "submitted"), number)
    step(desk, Step.PUBLISH, State.SUBMITTED, "reviewer", ("publishing", "published"), number)
    say("showing", number)
    desk.publish()
    say("shown", number)


def _ground(desk: Desk) -> Ground:
    kind = desk.kinds.get("plot")
    return Ground(desk.world, kind, known(desk.store, "plot"), county="411082")


def step(desk: Desk, wanted: Step, before: State, who: str, words: tuple[str, str], number: int) -> None:
    """Take a step with every record that is ready for it."""
    person = Accounts(desk.store.engine).get(who)
    assert person is not None
    _, rows = listing(desk.store.engine, Wanted(kind="plot", states=(before,)), MOST)
    say(words[0], number)
    take(desk.store, wanted, [(row.id, row.number) for row in rows], person, desk.kinds)
    say(words[1], number)


def _last_round(desk: Desk) -> int:
    """The round that stands in the record; what a killed process has left half way is finished first."""
    _, rows = listing(desk.store.engine, Wanted(kind="plot"), MOST)
    states = {row.state for row in rows}
    if State.DRAFT in states:
        step(desk, Step.SUBMIT, State.DRAFT, "clerk", ("submitting", "submitted"), 0)
    if states & {State.DRAFT, State.SUBMITTED}:
        step(desk, Step.PUBLISH, State.SUBMITTED, "reviewer", ("publishing", "published"), 0)
    notes = [revision.payload["note"] for revision in desk.store.currents([row.id for row in rows[:1]]).values()]
    return int(str(notes[0]).split()[-1]) if notes else 0


def say(word: str, number: int) -> None:
    """Tell the one who will kill us; the digest shows that the line arrived whole."""
    line = f"{word} {number}"
    sys.stdout.write(f"{line} {hashlib.sha256(line.encode()).hexdigest()[:8]}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
