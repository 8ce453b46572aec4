"""An empty store in a data folder of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from geo.store import Store


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder."""
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture
def url(data: Path) -> str:
    """The database in the data folder."""
    return f"sqlite:///{data / 'relitu.sqlite'}"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """A store with nothing in it."""
    opened = Store.create(url)
    yield opened
    opened.close()
