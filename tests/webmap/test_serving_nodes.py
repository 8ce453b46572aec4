"""Served processes: several nodes of one folder and of a folder elsewhere swap by themselves; a stop finishes what is under way."""

from __future__ import annotations

import ctypes
import errno
import http.client
import json
import os
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

import datasets.world
from geo.model import default_kinds
from geo.publish import Shelf
from webmap.serving.remote import Remote

KINDS, WORLD = default_kinds(), datasets.world.load()
PLOT = KINDS.get("plot")
LEAST = {"county": "411082", "precision": "county", "source": "t", "area_m2": 1, "code": "A", "status": "available"}
ROOT = Path(__file__).parents[2]
LONGEST_S = 60
PIDFD_GETFD = 438  # the system call has one number on every architecture


def published(data: Path, name: str) -> str:
    feature = PLOT.from_row({"id": "one", "name": name, **LEAST}, None)
    return Shelf(data / "snapshots").publish([feature], KINDS, WORLD)


class Node:
    """A `relitu serve` and a kept connection to it."""

    def __init__(self, data: Path, workers: int = 1, **settings: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.log = data / f"serve-{self.port}.log"
        command = [sys.executable, "-c", "from webmap.cli import main; main()", "serve", "--data", str(data)]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*command, "--port", str(self.port), "--workers", str(workers)],
                stdout=log,
                stderr=log,
                env={**os.environ, "PYTHONPATH": str(ROOT), **settings},
            )
        self.until(lambda: self.get("/readyz")[0] == 200)

    def until(self, true: object) -> None:
        end = time.monotonic() + LONGEST_S
        while True:
            try:
                if true():  # type: ignore[operator]
                    return
            except OSError:
                pass
            assert time.monotonic() < end and self.process.poll() is None, self.log.read_text()
            time.sleep(0.1)

    def get(self, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LONGEST_S)
        try:
            connection.request(method, path, headers=headers)
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def version(self) -> str:
        return str(json.loads(self.get("/readyz")[2])["snapshot"])


@contextmanager
def node(data: Path, workers: int = 1, **settings: str) -> Iterator[Node]:
    data.mkdir(parents=True, exist_ok=True)
    made = Node(data, workers, **settings)
    try:
        yield made
    finally:
        if made.process.poll() is None:
            made.process.terminate()
        made.process.wait(LONGEST_S)


def descendants(pid: int) -> Iterator[int]:
    yield pid
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in listed.read_text().split():
            yield from descendants(int(child))


def sockets(pid: int) -> Iterator[socket.socket]:
    """Copies of a process's sockets."""
    call = ctypes.CDLL(None, use_errno=True).syscall
    handle = os.pidfd_open(pid)
    try:
        for entry in Path(f"/proc/{pid}/fd").iterdir():
            copy = call(PIDFD_GETFD, handle, int(entry.name), 0)
            if copy < 0 and ctypes.get_errno() in (errno.EPERM, errno.ENOSYS):
                pytest.skip("this system shows no process the sockets of another")
            if copy >= 0 and stat.S_ISSOCK(os.fstat(copy).st_mode):
                yield socket.socket(fileno=copy)
            elif copy >= 0:
                os.close(copy)
    finally:
        os.close(handle)


def far_end(pid: int, address: tuple[str, int]) -> socket.socket:
    """A copy of the socket on which the process, or one below it, talks with `address`."""
    for each in descendants(pid):
        for found in sockets(each):
            with suppress(OSError):  # one that listens has no peer
                if found.getpeername() == address:
                    return found
            found.close()
    raise AssertionError(f"nobody talks with {address}")


def test_nodes_of_one_folder_and_of_one_elsewhere_swap_by_themselves(tmp_path: Path) -> None:
    home, far, url = tmp_path / "home", tmp_path / "far", f"file://{tmp_path}/remote"
    first = published(home, "first")
    Remote(url).push(Shelf(home / "snapshots"))
    following = {"RELITU_SNAPSHOTS_FROM": url, "RELITU_STAFF_ENABLED": "false", "RELITU_SNAPSHOTS_EVERY_S": "1"}
    pushing = {"RELITU_SNAPSHOTS_TO": url, "RELITU_SNAPSHOTS_EVERY_S": "1"}
    with ExitStack() as nodes:
        all_nodes = [
            nodes.enter_context(node(home, **pushing)),
            nodes.enter_context(node(home)),
            nodes.enter_context(node(far, **following)),
        ]
        assert [one.version() for one in all_nodes] == [first] * 3
        second = published(home, "second")
        for one in all_nodes:
            one.until(lambda one=one: one.version() == second)  # type: ignore[misc]
            assert b"second" in one.get("/api/collections/plot/items")[2]
        last = all_nodes[-1]
        (tmp_path / "remote" / "CURRENT").write_text("half a poin")
        last.until(lambda: json.loads(last.get("/readyz")[2])["following"]["trouble"])
        assert last.version() == second
        assert last.get("/staff/login")[0] == 404


def test_what_granian_sends_is_what_the_front_gives(tmp_path: Path) -> None:
    published(tmp_path, "first")
    with node(tmp_path) as one:
        for path in ("/list", "/tiles/plot.json", "/api/boundaries"):
            first = one.get(path, **{"Accept-Encoding": "br, gzip"})
            again = one.get(path, **{"Accept-Encoding": "br, gzip"})
            head = one.get(path, "HEAD", **{"Accept-Encoding": "br, gzip"})
            known = one.get(path, **{"If-None-Match": first[1]["etag"]})
            same = [{name: value for name, value in got[1].items() if name != "date"} for got in (first, again, head)]
            assert same[0] == same[1] == same[2]
            assert (first[0], again[0], head[0], known[0]) == (200, 200, 200, 304)
            assert first[2] == again[2] and head[2] == known[2] == b""
        figures = one.get("/metrics")[2].decode()
        assert 'relitu_kept_answers_total{class="page"} 2' in figures and "relitu_workers 1" in figures


def test_small_answers_do_not_wait_for_an_acknowledgement(tmp_path: Path) -> None:
    published(tmp_path, "first")
    with node(tmp_path) as one, socket.create_connection(("127.0.0.1", one.port)) as mine:
        mine.sendall(b"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert mine.recv(100).startswith(b"HTTP/1.1 200")
        with far_end(one.process.pid, mine.getsockname()) as theirs:
            assert theirs.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1


def test_as_many_workers_as_processors_keep_to_one_each(tmp_path: Path) -> None:
    published(tmp_path, "first")
    mine = os.sched_getaffinity(0)
    few = set(sorted(mine)[:2])
    os.sched_setaffinity(0, few)  # the server inherits it
    try:
        with node(tmp_path, workers=len(few)) as one:
            one.until(lambda: f"relitu_workers {len(few)}" in one.get("/metrics")[2].decode())
            below = Path(f"/proc/{one.process.pid}/task/{one.process.pid}/children").read_text(encoding="ascii").split()
            bound = [os.sched_getaffinity(int(child)) for child in below]
            assert all({processor} in bound for processor in few)
    finally:
        os.sched_setaffinity(0, mine)


def test_a_client_that_says_nothing_more_is_let_go_and_others_are_served(tmp_path: Path) -> None:
    published(tmp_path, "first")
    with node(tmp_path) as one, ExitStack() as opened:
        for _ in range(100):
            stuck = opened.enter_context(socket.create_connection(("127.0.0.1", one.port), timeout=LONGEST_S))
            stuck.sendall(b"GET /list HTTP/1.1\r\nHost: x\r\nX-Slow")
        assert one.get("/list")[0] == 200
        assert one.get("/healthz")[0] == 200
        assert stuck.recv(1000)[:12] in (b"", b"HTTP/1.1 408", b"HTTP/1.1 400")  # within serve.HEADER_S


@pytest.mark.parametrize("count", [20])
def test_a_stop_finishes_what_is_under_way(tmp_path: Path, count: int) -> None:
    published(tmp_path, "first")
    with node(tmp_path) as one:
        connections = [http.client.HTTPConnection("127.0.0.1", one.port, timeout=LONGEST_S) for _ in range(count)]
        for number, connection in enumerate(connections):
            connection.request("GET", f"/list?year_from={1990 + number}")
        one.until(lambda: 'class="page"' in one.get("/metrics")[2].decode())
        one.process.terminate()
        answers = []
        for connection in connections:
            answer = connection.getresponse()
            answers.append((answer.status, len(answer.read()) > 100))
            connection.close()
        assert set(answers) <= {(200, True), (503, True)} and len(answers) == count
        assert one.process.wait(LONGEST_S) == 0
