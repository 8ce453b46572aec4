"""For all tests: hypothesis draws the same examples each time, and as many as the time allows under `make drill`; a PostgreSQL server."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from drilling import stopping
from hypothesis import settings

if TYPE_CHECKING:
    from postgres_cluster import Cluster

settings.register_profile("fast", deadline=None, max_examples=60, derandomize=True)
settings.register_profile("drill", deadline=None, max_examples=3000)
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "fast")
settings.load_profile(PROFILE)
SHARE_S = (
    30.0  # that one property has in a drill: some build a snapshot an example, and three thousand of those take an hour
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what hypothesis runs."""
    for item in items:
        if _property(item):
            item.add_marker("property")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """In a drill each property stops after its share of the time, unless it is a drill of its own."""
    held = _property(item) if PROFILE == "drill" and not item.get_closest_marker("drill") else None
    if held is None:
        return (yield)
    whole = held.inner_test
    held.inner_test = stopping(whole, SHARE_S)
    try:
        return (yield)
    finally:
        held.inner_test = whole


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
