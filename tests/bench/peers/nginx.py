"""nginx with one file, set as one would for speed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.peers.places import program
from tests.bench.peers.serving import Server, started
from tests.browser.browser_session import free_port

CONFIG = """
{user}
worker_processes {workers};
pid {folder}/nginx.pid;
error_log {folder}/error.log;
daemon off;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  sendfile on;
  tcp_nopush on;
  tcp_nodelay on;
  keepalive_requests 10000000;
  open_file_cache max=100;
  open_file_cache_valid 60s;
  default_type application/vnd.mapbox-vector-tile;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder}; uwsgi_temp_path {folder}; scgi_temp_path {folder};
  server {{
    listen 127.0.0.1:{port} reuseport;
    root {folder}/root;
    add_header Content-Encoding gzip;
    add_header Cache-Control "public, max-age=31536000, immutable";
  }}
}}
"""


@contextmanager
def serving(folder: Path, name: str, body: bytes, workers: int) -> Iterator[Server]:
    """nginx that answers /`name` with `body`; raises Unavailable."""
    nginx, port = program("nginx"), free_port()
    root = folder / "nginx" / "root"
    root.mkdir(parents=True)
    (root / name).write_bytes(body)
    config = folder / "nginx" / "nginx.conf"
    user = "user root;" if os.geteuid() == 0 else ""
    config.write_text(CONFIG.format(user=user, workers=workers, folder=folder / "nginx", port=port), encoding="utf-8")
    command = [nginx, "-c", str(config), "-p", str(folder / "nginx")]
    with started("nginx", command, folder / "nginx", port, f"/{name}") as server:
        yield server
