"""A data folder and a server of its own, for measurements and browser tests alike."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

RELITU = [sys.executable, "-c", "from webmap.cli import main; main()"]
PATIENCE_S = 60.0


@dataclass(frozen=True)
class Served:
    """A running server: its address, and the seconds from its start until it was ready."""

    url: str
    seconds: float


def prepared(folder: Path, *, demo: bool = True) -> Path:
    """`folder` with the facts published into it, and the demonstration data where they are wanted."""
    option = "--demo" if demo else "--no-demo"
    subprocess.run([*RELITU, "init", "--data", str(folder), option], check=True, capture_output=True)
    return folder


@contextlib.contextmanager
def served(data: Path, workers: int = 1) -> Iterator[Served]:
    """`relitu serve` on a free loopback port, ended on leaving."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [*RELITU, "serve", "--data", str(data), "--port", str(port), "--workers", str(workers)]
    log = (data / "server.log").open("wb")
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=log, stderr=log, env=os.environ.copy(), start_new_session=True)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(f"{url}/readyz", process)
        yield Served(url, time.perf_counter() - start)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        log.close()


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with status {process.returncode}; see server.log in its data folder")
        try:
            with urllib.request.urlopen(url, timeout=1) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)
    raise TimeoutError(f"{url} did not answer within {PATIENCE_S:g} s")
