"""For all tests: hypothesis draws the same examples each time, and as many as the time allows under `make drill`; a PostgreSQL server."""

from __future__ import annotations

import os
import time
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from postgres_cluster import Cluster

settings.register_profile("fast", deadline=None, max_examples=60, derandomize=True)
settings.register_profile("drill", deadline=None, max_examples=100)
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "fast")
settings.load_profile(PROFILE)
SHARE_S = 28.0  # that each property is tried for in a drill; with some 130 of them an hour


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what hypothesis runs."""
    for item in items:
        if _property(item):
            item.add_marker("property")


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """In a drill each property is tried in rounds, each with examples of its own, until its share of the time is over."""
    begun = time.monotonic()
    done = yield
    if PROFILE == "drill" and _property(pyfuncitem) and not pyfuncitem.get_closest_marker("drill"):
        given = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
        while time.monotonic() - begun < SHARE_S:
            pyfuncitem.obj(**given)
    return done


def _property(item: pytest.Item) -> Any:
    return getattr(getattr(item, "obj", None), "hypothesis", None)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A private PostgreSQL with PostGIS. Where it is not installed, tests that need it are skipped; in CI they fail."""
    try:
        from postgres_cluster import Cluster, NoPostgres
    except ImportError as error:
        _without(f"{error}: run make test, or pip install 'relitu[dev]'")
    try:
        made = Cluster()
    except NoPostgres as error:
        _without(str(error))
    yield made
    made.remove()


def _without(reason: str) -> None:
    if os.environ.get("CI", "").lower() in ("true", "1"):
        pytest.fail(reason)
    pytest.skip(reason)
