"""A private PostgreSQL server for the tests: made in a scratch folder, reachable on a free loopback port, gone at the end."""

from __future__ import annotations

import itertools
import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import psycopg

DEBIAN = Path("/usr/lib/postgresql")
SETTINGS = (
    "listen_addresses=127.0.0.1",
    "max_connections=60",
    "timezone=Asia/Shanghai",  # answers in another zone than UTC, as an operator's server will
)
FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=64MB")
TEMPLATE = "template_postgis"
LOCKED_USER, LOCKED_PASSWORD = "locked", "pass@word/1"  # the one who needs a password
# Byte order is the exception among servers in use: the tests' sorts otherwise.
LOCALE = ("--encoding=UTF8", "--locale-provider=icu", "--icu-locale=zh-CN", "--locale=C.UTF-8")


class NoPostgres(RuntimeError):
    """The programs are not installed; says which."""


def programs() -> Path:
    """The folder of initdb and pg_ctl; raises NoPostgres."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    versions = sorted(DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not versions:
        raise NoPostgres("PostgreSQL is not installed; run tests/geo/store/prepare.sh")
    return versions[-1].parent


class Cluster:
    """A running server. Databases are made from a template that has PostGIS.

    durable: whether it keeps what it was told when the power fails, as an operator's does; tests need not wait for that.
    """

    def __init__(self, *, durable: bool = False) -> None:
        self._settings = SETTINGS if durable else SETTINGS + FORGETFUL
        self._programs = programs()
        self.folder = Path(tempfile.mkdtemp(prefix="relitu-pg-"))
        self._data = self.folder / "data"
        self._numbers = itertools.count()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        self._run("initdb", "--pgdata", str(self._data), "--username=postgres", "--auth=trust", "--no-sync", *LOCALE)
        rules = (
            f"host all {LOCKED_USER} 127.0.0.1/32 scram-sha-256\nlocal all all trust\nhost all all 127.0.0.1/32 trust\n"
        )
        (self._data / "pg_hba.conf").write_text(rules, encoding="utf-8")
        self.start()
        try:
            self.sql(f"CREATE ROLE {LOCKED_USER} LOGIN PASSWORD '{LOCKED_PASSWORD}'")
            self.sql(f"CREATE DATABASE {TEMPLATE}")
            try:
                self.sql("CREATE EXTENSION postgis", TEMPLATE)
            except psycopg.Error as error:
                raise NoPostgres(f"PostGIS is not installed; run tests/geo/store/prepare.sh ({error})") from error
        except BaseException:
            self.remove()
            raise

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = " ".join([f"-p {self.port}", f"-k {self.folder}", *(f"-c {setting}" for setting in self._settings)])
        log = str(self.folder / "log")
        self._run(
            "pg_ctl", "start", "--wait", "--silent", "--pgdata", str(self._data), "--log", log, "--options", options
        )

    def stop(self) -> None:
        """Stop the server; work under way is broken off."""
        self._run("pg_ctl", "stop", "--wait", "--silent", "--mode", "fast", "--pgdata", str(self._data))

    def remove(self) -> None:
        """Stop the server and take everything away."""
        if (self._data / "postmaster.pid").exists():
            self.stop()
        shutil.rmtree(self.folder)

    def new_database(self, template: str = TEMPLATE) -> str:
        """The URL of a database of its own, as `template` stands."""
        name = f"relitu_{next(self._numbers)}"
        self.sql(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return self.url(name)

    def url(self, name: str, user: str = "postgres", password: str = "") -> str:
        """A database's URL."""
        who = f"{user}:{password}" if password else user
        return f"postgresql://{who}@127.0.0.1:{self.port}/{name}"

    def sql(self, statement: str, database: str = "postgres") -> None:
        """Run one statement outside a transaction."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), *arguments]
        if os.geteuid() == 0:  # the server refuses to run as root
            command = ["runuser", "-u", "postgres", "--", *command]
        # Neither inherits the tests' pipes: a server that held them open would keep the caller waiting.
        with (self.folder / "programs.log").open("ab") as log:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False, cwd=self.folder
            )
        if done.returncode:
            said = "\n".join(path.read_text(errors="replace") for path in self.folder.glob("*log"))
            raise RuntimeError(f"{program} failed: {said}")
