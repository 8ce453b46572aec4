"""`relitu serve`: answer HTTP."""

from __future__ import annotations

import errno
import os
import socket
import tempfile
from pathlib import Path

import click

from datasets.labels import Label
from geo.publish import Shelf
from webmap.cli.failing import Unmendable, say
from webmap.cli.options import data_option
from webmap.config import load_config
from webmap.serving import processors
from webmap.serving.remote import Remote
from webmap.serving.tallies import FOLDER_VARIABLE
from webmap.wsgi import DATA_VARIABLE

# Threads of each worker: one for everybody whom the gates (webmap.serving.front) let in or let wait or who waits for what another has
# asked for, and some more, so that a kept answer, a health check or a refusal never has to wait. All but a few of them sleep.
THREADS = 64
CONNECTIONS = 4096  # of each worker, idle ones included: a browser holds several
BACKLOG = 2048  # connections that the system holds while the worker is too busy to take them
HEADER_S = 20  # seconds for a request's headers; also how long an idle connection is kept
STOPPING_S = 30  # seconds for what is under way when the server is told to end


@click.command()
@data_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Worker processes.")
def serve(data_dir: Path, host: str, port: int, workers: int) -> None:
    """Serve the map, the list and the API of a data folder."""
    config = load_config(data_dir)
    shelf = Shelf(config.snapshots)
    if config.snapshots_from and not shelf.is_sound():
        Remote(config.snapshots_from).pull(shelf)
    shelf.open()
    _require_free(host, port)
    os.environ[DATA_VARIABLE] = str(data_dir.resolve())

    from granian import Granian
    from granian.constants import HTTPModes, Interfaces, RuntimeModes
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    say(Label(f"地图地址 http://{host}:{port}/ （Ctrl+C 结束）", f"the map is at http://{host}:{port}/ (Ctrl+C ends)"))
    with tempfile.TemporaryDirectory(prefix="relitu-") as tallies:
        os.environ[FOLDER_VARIABLE] = tallies
        if processors.suits(workers):
            os.environ[processors.FOLDER_VARIABLE] = tallies
        Granian(
            "webmap.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            http=HTTPModes.http1,
            websockets=False,
            workers=workers,
            factory=True,
            blocking_threads=THREADS,
            runtime_mode=RuntimeModes.st,  # one thread reads and writes; a kept answer comes a little sooner than with several
            backlog=BACKLOG,
            backpressure=CONNECTIONS,
            http1_settings=HTTP1Settings(header_read_timeout=HEADER_S * 1000),
            respawn_failed_workers=True,
            workers_kill_timeout=STOPPING_S,
            log_level=LogLevels.error,
        ).serve()


def _require_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as caller:
            if caller.connect_ex((host, port)) == 0:
                raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        raise Unmendable(
            Label(
                f"无法监听 {host}:{port}（{error.strerror}）；端口可能已被占用，请用 --port 换一个",
                f"cannot listen on {host}:{port} ({error.strerror}); another program may use it, choose one with --port",
            )
        ) from error
