"""For all tests: hypothesis draws the same examples each time, and many more under `make drill`; a PostgreSQL server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from postgres_cluster import Cluster

settings.register_profile("fast", deadline=None, max_examples=60, derandomize=True)
settings.register_profile("drill", deadline=None, max_examples=3000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))


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
