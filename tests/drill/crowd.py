"""Many clients at once, each with a connection that it keeps; says as JSON what they were answered.

Run as `python crowd.py HOST PORT CLIENTS SECONDS`.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field

COUNTIES = (
    *tuple(f"4110{end}" for end in ("02", "03", "24", "25", "81", "82")),
    "410102",
    "410882",
    "411002",
    "411324",
)
KINDS = ("project", "park", "plot", "opportunity", "route", "enterprise", "policy")
ADDRESSES = 800
PATIENCE_S = 30.0
PAUSE_S = 0.25  # of a client that was turned away


@dataclass
class Seen:
    """What all clients have met."""

    statuses: Counter[str] = field(default_factory=Counter)
    by_class: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    kept_ms: list[float] = field(default_factory=list)
    all_ms: list[float] = field(default_factory=list)
    unsaid: int = 0  # 503 without Retry-After
    version: str = ""


def addresses(chance: random.Random) -> list[str]:
    """Maps, lists, counts, marks, tiles (their version to be filled in) under many filters."""
    found = ["/", "/?lang=en", "/list", "/api/boundaries", "/tiles/plot.json"] * 8
    while len(found) < ADDRESSES:
        query = f"county={chance.choice(COUNTIES)}&year_from={chance.randint(2018, 2024)}"
        z = chance.randint(8, 13)
        x, y = int((113.9 + 180) / 360 * 2**z) + chance.randint(-1, 1), int(0.3985 * 2**z) + chance.randint(-1, 1)
        found += [
            f"/list?{query}&kind={chance.choice(KINDS)}",
            f"/api/summary?{query}",
            f"/api/marks?{query}&zoom={z}",
            f"/tiles/{{version}}/plot/{z}/{x}/{y}.mvt",
            f"/tiles/{{version}}/plot/{z}/{x}/{y}.mvt?status=available&area_min={chance.randint(1, 40)}",
            f"/?{query}&fragment=1",
        ]
    return found


async def ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str
) -> tuple[int, dict[str, str], bytes]:
    """One request on a kept connection."""
    writer.write(
        f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip, br\r\nConnection: keep-alive\r\n\r\n".encode()
    )
    await writer.drain()
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return int(head[0].split()[1]), headers, body


async def client(number: int, host: str, port: int, until: float, seen: Seen) -> None:
    """One of the crowd, until the end."""
    chance = random.Random(number)  # noqa: S311 - which page, no secret
    pool = addresses(random.Random(1))  # noqa: S311
    while time.monotonic() < until:
        try:
            reader, writer = await asyncio.open_connection(host, port)
        except OSError as error:
            seen.faults[f"connecting: {type(error).__name__}"] += 1
            await asyncio.sleep(PAUSE_S)
            continue
        try:
            while time.monotonic() < until:
                path = chance.choice(pool).replace("{version}", seen.version)
                begun = time.monotonic()
                status, headers, body = await asyncio.wait_for(ask(reader, writer, path), PATIENCE_S)
                seen.all_ms.append((time.monotonic() - begun) * 1000)
                note(seen, path, status, headers, body)
                if status == 503:
                    await asyncio.sleep(PAUSE_S)
        except (OSError, EOFError, TimeoutError, ValueError) as error:
            seen.faults[type(error).__name__] += 1
        finally:
            writer.close()


def note(seen: Seen, path: str, status: int, headers: dict[str, str], body: bytes) -> None:
    """Count an answer; an old version's tile tells the new one."""
    seen.statuses[str(status)] += 1
    seen.by_class["tile" if path.startswith("/tiles/") else "api" if path.startswith("/api/") else "page"] += 1
    if status == 503 and not headers.get("retry-after"):
        seen.unsaid += 1
    if status == 404:
        seen.version = json.loads(body).get("current", seen.version)


async def main(host: str, port: int, clients: int, seconds: float) -> None:
    """Let them all go."""
    seen = Seen(version="0" * 16)
    until = time.monotonic() + seconds
    await asyncio.gather(*(client(number, host, port, until, seen) for number in range(clients)))
    times = sorted(seen.all_ms) or [0.0]
    told = {
        "statuses": seen.statuses,
        "classes": seen.by_class,
        "faults": seen.faults,
        "unsaid": seen.unsaid,
        "requests": len(seen.all_ms),
        "p50_ms": times[len(times) // 2],
        "p99_ms": times[int(len(times) * 0.99)],
        "worst_ms": times[-1],
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])))
