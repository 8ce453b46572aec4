"""A crowd, an import through the staff's pages and approvals at once: shed with 503, nothing lost, memory flat, workers alive.

`make drill` lets 200 clients run for a minute; otherwise a few for seconds. Run by hand:
`HYPOTHESIS_PROFILE=drill python -m pytest tests/drill/test_soak.py -s`.
"""

from __future__ import annotations

import http.cookiejar
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import shapely

import datasets.world
import seeds.pour
from geo.model import default_kinds
from geo.publish import Shelf
from geo.store import Store, audit
from geo.store.accounts import Accounts, Role
from geo.store.listing import Wanted, listing
from geo.store.revisions import State
from webmap.config import load_config

DRILL = os.environ.get("HYPOTHESIS_PROFILE") == "drill"
CLIENTS, SECONDS, FILES, ROWS = (200, 60, 4, 750) if DRILL else (24, 8, 2, 60)
WORKERS = 2
MOST_GROWTH_MB = 40.0  # of a worker's own memory from the second quarter of the run to the last
PASSWORD = "Drill-pass-1"
COUNTY = "411082"
LONGEST_S = 120
ROOT = Path(__file__).parents[2]
CROWD = Path(__file__).with_name("crowd.py")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    config = load_config(tmp_path, {})
    kinds, world = default_kinds(), datasets.world.load()
    store = Store.create(config.store_url)
    seeds.pour.pour(store, kinds, world, demo=False)
    people = Accounts(store.engine)
    people.add("clerk", PASSWORD, Role.EDITOR, [COUNTY], by="test", must_change=False)
    people.add("reviewer", PASSWORD, Role.REVIEWER, [COUNTY], by="test", must_change=False)
    Shelf(config.snapshots).publish(store.published(kinds), kinds, world)
    store.close()
    return tmp_path


class Server:
    """`relitu serve` and its workers."""

    def __init__(self, data: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.address = f"http://127.0.0.1:{self.port}"
        command = [sys.executable, "-c", "from webmap.cli import main; main()", "serve", "--data", str(data)]
        self.log = (data / "serve.log").open("wb")
        self.process = subprocess.Popen(
            [*command, "--port", str(self.port), "--workers", str(WORKERS)],
            stdout=self.log,
            stderr=self.log,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        end = time.monotonic() + LONGEST_S
        while not self._answers():
            assert time.monotonic() < end and self.process.poll() is None, "relitu serve did not come up"
            time.sleep(0.2)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/metrics", timeout=5) as answer:
                return f"relitu_workers {WORKERS}" in answer.read().decode()
        except OSError:
            return False

    def figures(self) -> dict[str, float]:
        with urllib.request.urlopen(f"{self.address}/metrics", timeout=LONGEST_S) as answer:
            lines = [line for line in answer.read().decode().splitlines() if not line.startswith("#")]
        return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}

    def workers(self) -> list[int]:
        """Processes below the server that serve (the interpreter's resource tracker is none)."""
        found = []
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                text = status.read_text()
                command = status.with_name("cmdline").read_bytes()
            except OSError:
                continue
            if f"\nPPid:\t{self.process.pid}\n" in text and b"tracker" not in command:
                found.append(int(status.parent.name))
        return sorted(found)

    def stop(self) -> int:
        self.process.terminate()
        try:
            return self.process.wait(timeout=LONGEST_S)
        finally:
            self.log.close()


def own_mb(pid: int) -> float:
    """Memory that only this process has."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return sum(int(size) for size in re.findall(r"Private_(?:Clean|Dirty):\s+(\d+) kB", text)) / 1024


class Person:
    """Somebody of the staff with a browser; turned away, he waits and tries again."""

    def __init__(self, server: Server, name: str) -> None:
        self._address = server.address
        self.statuses: Counter[int] = Counter()
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._open = urllib.request.build_opener(jar, _Stay()).open
        page = self.ask("/staff/login")[2]
        self._csrf = _secret(page)
        status, _, _ = self.ask("/staff/login", {"name": name, "password": PASSWORD})
        assert status == 303
        self._csrf = _secret(self.ask("/staff/")[2])

    def ask(
        self, path: str, form: dict[str, Any] | None = None, file: bytes | None = None, accept: str = "text/html"
    ) -> tuple[int, str, str]:
        """Status, where it leads, text."""
        end = time.monotonic() + LONGEST_S
        while True:
            status, headers, text = self._once(path, form, file, accept)
            self.statuses[status] += 1
            if status != 503:
                return status, headers.get("Location", ""), text
            assert headers.get("Retry-After") and time.monotonic() < end
            time.sleep(int(headers["Retry-After"]) / 2)

    def _once(self, path: str, form: dict[str, Any] | None, file: bytes | None, accept: str) -> tuple[int, Any, str]:
        content: bytes | None = None
        headers = {"Accept": accept}
        if file is not None:
            content, headers["Content-Type"] = _multipart({**(form or {}), "csrf": self._csrf}, file)
        elif form is not None:
            content = urllib.parse.urlencode({**form, "csrf": self._csrf}, doseq=True).encode()
        asked = urllib.request.Request(self._address + path, content, headers)
        try:
            with self._open(asked, timeout=LONGEST_S) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.headers, refusal.read().decode()


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follow nothing: where an answer leads is what we want to know."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def _secret(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found, page[:500]
    return found[1]


def _multipart(form: dict[str, Any], file: bytes) -> tuple[bytes, str]:
    line = "----relitu-drill"
    parts = [
        f'--{line}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in form.items()
    ]
    head = f'--{line}\r\nContent-Disposition: form-data; name="files"; filename="plots.geojson"\r\n\r\n'.encode()
    return b"".join([*parts, head, file, f"\r\n--{line}--\r\n".encode()]), f"multipart/form-data; boundary={line}"


def parcels(number: int) -> bytes:
    """A survey file of its own rows."""
    features = []
    for row in range(ROWS):
        place = number * ROWS + row
        west, south = 113.76 + place % 60 * 0.002, 34.20 + place // 60 * 0.0018
        shape = shapely.box(west, south, west + 0.0015, south + 0.0012)
        fields = {"code": f"S-{place:05}", "name": f"地块{place}", "status": "available", "land_use": "M1"}
        features.append({"type": "Feature", "properties": fields, "geometry": shapely.geometry.mapping(shape)})
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def importing(clerk: Person, said: dict[str, Any]) -> None:
    """Bring every file through the upload pages: read, commit, submit."""
    for number in range(FILES):
        status, where, text = clerk.ask("/staff/upload", {"kind": "plot", "county": COUNTY}, parcels(number))
        assert status == 303, text[-2000:]
        job = where.rstrip("/").rsplit("/", 1)[-1]
        until_done(clerk, job)
        for step in ("commit", "submit"):
            status, where, text = clerk.ask(f"/staff/intake/{job}/{step}", {"reason": "drill"})
            assert status == 303, text[-2000:]
            if "/staff/jobs/" in where:
                until_done(clerk, where.rstrip("/").rsplit("/", 1)[-1])
            said[step] = said.get(step, 0) + ROWS


def until_done(person: Person, job: str) -> None:
    end = time.monotonic() + LONGEST_S
    while (told := json.loads(person.ask(f"/staff/jobs/{job}", accept="application/json")[2]))["state"] != "done":
        assert told["state"] in ("queued", "running") and time.monotonic() < end, told
        time.sleep(0.3)


def approving(reviewer: Person, until: float, said: dict[str, Any]) -> None:
    """Publish what waits, a page at a time; each time a new version comes out."""
    end = until + LONGEST_S
    while time.monotonic() < until or not said.get("approved"):  # a slow machine may need longer for the first
        assert time.monotonic() < end, said
        _, _, text = reviewer.ask("/staff/records?state=submitted&kind=plot")
        waiting = re.findall(r'name="record" value="(\d+:[^"]+)"', text)
        if waiting:
            status, _, text = reviewer.ask("/staff/bulk", {"step": "publish", "record": waiting})
            assert status == 200, text[-2000:]
            said["approved"] = said.get("approved", 0) + len(waiting)
        time.sleep(0.2 if waiting else 0.5)


def sampling(server: Server, ended: threading.Event, samples: list[dict[int, float]], versions: set[str]) -> None:
    while not ended.wait(0.5):
        samples.append({pid: own_mb(pid) for pid in server.workers()})
        versions.add(Shelf(server_data[0] / "snapshots").current_version())


server_data: list[Path] = []


class Together:
    """Threads whose faults are the test's."""

    def __init__(self) -> None:
        self._threads: list[threading.Thread] = []
        self.faults: list[BaseException] = []

    def start(self, target: Any, *arguments: Any) -> None:
        def run() -> None:
            try:
                target(*arguments)
            except BaseException as fault:
                self.faults.append(fault)

        self._threads.append(threading.Thread(target=run))
        self._threads[-1].start()

    def join(self) -> None:
        for thread in self._threads:
            thread.join(LONGEST_S * 3)
        if self.faults:
            raise self.faults[0]


@pytest.fixture
def server(data: Path) -> Iterator[Server]:
    made = Server(data)
    server_data[:] = [data]
    yield made
    if made.process.poll() is None:
        made.stop()


@pytest.mark.drill
def test_a_crowd_beside_an_import_is_shed_and_nothing_is_lost(server: Server, data: Path) -> None:
    workers = server.workers()
    assert len(workers) == WORKERS
    clerk, reviewer = Person(server, "clerk"), Person(server, "reviewer")
    samples: list[dict[int, float]] = []
    versions: set[str] = set()
    said: dict[str, Any] = {}
    ended, together = threading.Event(), Together()
    sampler = threading.Thread(target=sampling, args=(server, ended, samples, versions))
    sampler.start()
    until = time.monotonic() + SECONDS
    command = [sys.executable, str(CROWD), "127.0.0.1", str(server.port), str(CLIENTS), str(SECONDS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as crowd:
        together.start(importing, clerk, said)
        together.start(approving, reviewer, until, said)
        out, _ = crowd.communicate(timeout=SECONDS + LONGEST_S)
    together.join()
    ended.set()
    sampler.join()
    met = json.loads(out)
    figures = server.figures()
    assert server.workers() == workers, "a worker has died"
    growth = {pid: _growth([sample[pid] for sample in samples if pid in sample]) for pid in workers}
    report(met, said, figures, samples, growth, versions, clerk, reviewer)

    wrong = {status for status in met["statuses"] if status not in ("200", "304", "404", "503")}
    assert not wrong and not met["faults"] and not met["unsaid"], met
    assert not [status for person in (clerk, reviewer) for status in person.statuses if status >= 500 and status != 503]
    assert all(mb <= MOST_GROWTH_MB for mb in growth.values()), growth
    assert len(versions) > 1
    assert server.stop() == 0
    nothing_is_lost(data, said)


def nothing_is_lost(data: Path, said: dict[str, Any]) -> None:
    config = load_config(data, {})
    store = Store.open(config.store_url)
    states: Counter[State] = Counter()
    _, rows = listing(store.engine, Wanted(kind="plot"), 100_000)
    states.update(row.state for row in rows if "-s-" in row.id)
    broken = list(audit.breaks(store.engine))
    store.close()
    assert said["commit"] == said["submit"] == FILES * ROWS == sum(states.values())
    assert states[State.PUBLISHED] == said.get("approved", 0) > 0
    assert set(states) <= {State.PUBLISHED, State.SUBMITTED}
    assert broken == []
    table = Shelf(config.snapshots).open().table("plot")
    shown = sum("-s-" in str(table.column("id")[row]) for row in range(table.rows))
    assert shown == states[State.PUBLISHED]


def _growth(own: list[float]) -> float:
    quarter = max(1, len(own) // 4)
    return statistics.median(own[-quarter:]) - statistics.median(own[quarter : 2 * quarter] or own)


def report(
    met: dict[str, Any],
    said: dict[str, Any],
    figures: dict[str, float],
    samples: list[dict[int, float]],
    growth: dict[int, float],
    versions: set[str],
    *people: Person,
) -> None:
    """The table of the run."""
    kept = sum(value for name, value in figures.items() if name.startswith("relitu_kept_answers_total"))
    shed = {name.split(chr(34))[1]: int(value) for name, value in figures.items() if "shed" in name and value}
    memory = {pid: [round(sample[pid]) for sample in samples if pid in sample] for pid in growth}
    lines = [
        ("clients, seconds, workers", f"{CLIENTS}, {SECONDS}, {WORKERS}"),
        ("requests", f"{met['requests']} ({met['requests'] / SECONDS:.0f}/s), {dict(met['classes'])}"),
        ("statuses", str(dict(met["statuses"]))),
        ("answered ahead of Flask", f"{kept:.0f}"),
        ("shed, by gate", str(shed)),
        ("p50, p99, worst", f"{met['p50_ms']:.0f}, {met['p99_ms']:.0f}, {met['worst_ms']:.0f} ms"),
        ("broken connections", str(dict(met["faults"]))),
        ("rows written, submitted, approved", f"{said.get('commit')}, {said.get('submit')}, {said.get('approved')}"),
        ("versions seen", str(len(versions))),
        ("staff's answers", str([dict(person.statuses) for person in people])),
        ("own memory of each worker, MB", str({pid: (m[0], max(m), m[-1]) for pid, m in memory.items()})),
        ("its growth over the second half", str({pid: f"{mb:+.1f} MB" for pid, mb in growth.items()})),
    ]
    sys.stdout.write("\n" + "\n".join(f"| {name:34} | {value} |" for name, value in lines) + "\n")
