"""One server and one browser for all tests of this folder; each test has a context of its own."""

import json
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser_session import Api, Go, Visit, chromium, context_of, prepare, serving, visit
from playwright.sync_api import Browser


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("browser")
    prepare(folder)
    return folder


@pytest.fixture(scope="session")
def served(data_folder: Path) -> Iterator[str]:
    with serving(data_folder) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(params=["desktop", "phone"])
def size(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def go(browser: Browser, served: str) -> Iterator[Go]:
    """A function that opens a page of the map; what the page must not say or ask is checked at the end."""
    contexts = []
    visits: list[Visit] = []

    def start(path: str | None = "/", size: str = "desktop", address: str = served) -> Visit:
        context = context_of(browser, size)
        contexts.append(context)
        made = visit(context, address)
        visits.append(made)
        if path is not None:
            made.open(path)
        return made

    yield start
    for context in contexts:
        context.close()
    assert [line for made in visits for line in made.said] == []
    assert [url for made in visits for url in made.foreign] == []


@pytest.fixture
def api(served: str) -> Api:
    """What the API answers."""

    def ask(path: str, **query: str) -> Any:
        address = f"{served}{path}?{urllib.parse.urlencode(query)}"
        with urllib.request.urlopen(address) as response:
            return json.load(response)

    return ask
