"""`python -m tests.bench [part …]`: measure, print, write docs/benchmarks.md and build/bench.json.

Without names all parts run. What does not run, and what cannot be measured here, is listed with the reason.
"""

from __future__ import annotations

import os
import signal
import sys
import time
import traceback
from datetime import UTC, datetime

from tests.bench.ground import LARGE, ROOT, Ground
from tests.bench.machine import commit, machine, versions
from tests.bench.measured import NotMeasured, Unavailable
from tests.bench.parts import PARTS, Part
from tests.bench.report import Report, Section


def main() -> None:
    """Run the named parts."""
    names = sys.argv[1:] or list(PARTS)
    if unknown := set(names) - set(PARTS):
        sys.exit(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    signal.signal(
        signal.SIGTERM, lambda *_: sys.exit(143)
    )  # the servers and databases that were started are then stopped
    load, start = os.getloadavg(), time.monotonic()
    with Ground() as ground:
        sections = [
            _run(name, part, ground)
            if name in names
            else Section(
                name, part.title, rows=[NotMeasured("all of it", f"not asked for: `python -m tests.bench {name}`")]
            )
            for name, part in PARTS.items()
        ]
    run = {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "seconds": round(time.monotonic() - start),
        "commit": commit(),
        "plots": f"{LARGE:,}",
        "load before and after": f"{load[0]:.1f}, {os.getloadavg()[0]:.1f}",
    }
    print("\n" + Report(run, machine(), versions(), sections).write(ROOT))


def _run(name: str, part: Part, ground: Ground) -> Section:
    """Run one part; what breaks it is reported and does not keep the others from running."""
    section, start = Section(name, part.title), time.monotonic()
    print(f"# {name}: {part.title}", file=sys.stderr, flush=True)
    try:
        for row in part.measure(ground):
            section.rows.append(row)
            said = f"not measured: {row.reason}" if isinstance(row, NotMeasured) else ""
            print(f"  {row.what}: {said}" if said else f"  {row.line()}", file=sys.stderr, flush=True)
    except Unavailable as missing:
        section.rows.append(NotMeasured("the rest of it" if section.rows else "all of it", str(missing)))
        print(f"  not measured: {missing}", file=sys.stderr, flush=True)
    except Exception as error:
        traceback.print_exc()
        reason = f"it broke off: {type(error).__name__}: {str(error).strip().splitlines()[0] if str(error) else ''}"
        section.rows.append(NotMeasured("the rest of it" if section.rows else "all of it", reason))
    section.seconds = time.monotonic() - start
    print(f"  ({section.seconds:.0f} s)", file=sys.stderr, flush=True)
    return section


if __name__ == "__main__":
    main()
