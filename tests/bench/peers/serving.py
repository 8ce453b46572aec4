"""Servers that are measured: started on a free loopback port, waited for, stopped by their process; and wrk, which asks."""

from __future__ import annotations

import os
import re
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.measured import Unavailable
from tests.bench.peers.places import program
from tests.browser.browser_session import RELITU, free_port

START_S = 90
STOP_S = 15
REST_S, IDLE = 90, 5  # at most so long; hundredths of a second that an idle server may take in a second
# Threads take turns through a list of addresses, each from a place of its own, so that none is asked for twice in one go.
ASK = """
local threads = 0
function setup(thread)
  thread:set("share", threads / {threads})
  threads = threads + 1
end
local paths, at = {{}}, 0
for line in io.lines("{listed}") do paths[#paths + 1] = line end
function init()
  at = math.floor(share * #paths)
end
function request()
  at = at % #paths + 1
  return wrk.format("GET", paths[at])
end
"""


@dataclass(frozen=True)
class Server:
    """A running server: its address, and the process that was started."""

    address: str
    process: int


@contextmanager
def started(
    name: str, command: Sequence[str], folder: Path, port: int, answers: str, settings: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """A server that answers 200 under the path `answers`; raises Unavailable with the end of its log if it never does."""
    log = folder / f"{name}-{port}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            cwd=folder,
            env={**os.environ, **(settings or {})},
        )
    address = f"http://127.0.0.1:{port}"
    try:
        end = time.monotonic() + START_S
        while not _answers(address + answers):
            if process.poll() is not None or time.monotonic() > end:
                said = log.read_text(encoding="utf-8", errors="replace").strip()[-300:]
                raise Unavailable(f"{name} did not start: {said}")
            time.sleep(0.1)
        _rest(process.pid)
        yield Server(address, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _rest(process: int) -> None:
    """Wait until a server and what it has started are idle: some answer before they have warmed up."""
    end, before = time.monotonic() + REST_S, -IDLE
    while time.monotonic() < end:
        used = _ticks(process)
        if used - before < IDLE:
            return
        before = used
        time.sleep(1)


def _ticks(process: int) -> int:
    """Hundredths of a second of the processor that a process and its children have taken."""
    try:
        told = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    except OSError:  # gone meanwhile
        return 0
    return int(told[11]) + int(told[12]) + sum(_ticks(int(child)) for child in children)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=20) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@contextmanager
def relitu(data: Path, workers: int = 1) -> Iterator[Server]:
    """Our own server on a data folder, as an operator starts it."""
    port = free_port()
    command = [*RELITU, "serve", "--data", str(data), "--port", str(port), "--workers", str(workers)]
    root = str(Path(__file__).parents[3])
    with started("relitu", command, data, port, "/readyz", {"PYTHONPATH": root}) as server:
        yield server


def requests_per_second(
    address: str,
    paths: Sequence[str] = ("",),
    *,
    folder: Path,
    connections: int,
    seconds: int,
    headers: Mapping[str, str] | None = None,
) -> float:
    """What wrk reaches with so many connections; `paths` take turns. Raises RuntimeError where an answer was not 200."""
    listed = folder / "paths.txt"
    listed.write_text("\n".join(paths) + "\n", encoding="ascii")
    threads = min(2, connections)
    script = folder / "ask.lua"
    script.write_text(ASK.format(listed=listed, threads=threads), encoding="ascii")
    told = [part for name, value in (headers or {}).items() for part in ("-H", f"{name}: {value}")]
    command = [
        program("wrk"),
        "-t",
        str(threads),
        "-c",
        str(connections),
        "-d",
        f"{seconds}s",
        "-s",
        str(script),
        *told,
        address,
    ]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    # With "Connection: close" wrk counts the closing of some servers as an error of reading, though the answer came whole.
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    rate = re.search(r"Requests/sec:\s*([\d.]+)", said)
    if failed or rate is None:
        raise RuntimeError(f"wrk on {address}{paths[0]}: {' '.join(said.split())[-300:]}")
    return float(rate[1])
