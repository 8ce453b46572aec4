"""An application on the facts and the demonstration data, and one on features that a test makes up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

import datasets.world
import seeds.pour
from geo.model import Feature, Kinds, default_kinds
from geo.publish import Shelf
from geo.store import Store
from webmap.app import create_app
from webmap.config import Config, load_config
from webmap.serving.front import EXTENSION

AppOf = Callable[..., Flask]


@pytest.fixture(scope="session")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """A data folder with the facts and the demonstration data, published."""
    folder: Path = tmp_path_factory.mktemp("data")
    made = load_config(folder, {})
    kinds, world = default_kinds(), datasets.world.load()
    store = Store.create(made.store_url)
    seeds.pour.pour(store, kinds, world, demo=True)
    Shelf(made.snapshots).publish(store.published(kinds), kinds, world)
    store.close()
    return made


@pytest.fixture(scope="session")
def app(config: Config) -> Flask:
    """The application on facts and demonstration data."""
    made = create_app(config)
    made.config["PROPAGATE_EXCEPTIONS"] = False
    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client of `app`."""
    return app.test_client()


def _serving(folder: Path, features: Iterable[Feature], kinds: Kinds | None, settings: dict[str, object]) -> Flask:
    kinds = kinds or default_kinds()
    made = Config(data_dir=folder, **settings)  # type: ignore[arg-type]
    store = Store.create(made.store_url)
    store.record(map(seeds.pour.Change, features), author="test", reason="test", state=seeds.pour.State.PUBLISHED)
    Shelf(made.snapshots).publish(store.published(kinds), kinds, datasets.world.load())
    store.close()
    return create_app(made, kinds)


@pytest.fixture
def app_of(tmp_path: Path) -> AppOf:
    """A function that makes an application serving just these features."""

    def make(features: Iterable[Feature], kinds: Kinds | None = None, **settings: object) -> Flask:
        return _serving(tmp_path, features, kinds, settings)

    return make


@pytest.fixture(scope="session")
def lasting_app_of(tmp_path_factory: pytest.TempPathFactory) -> AppOf:
    """The same for applications that several tests read from."""

    def make(features: Iterable[Feature], kinds: Kinds | None = None, **settings: object) -> Flask:
        return _serving(tmp_path_factory.mktemp("data"), features, kinds, settings)

    return make


@pytest.fixture
def asked(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that reached Flask behind the layer before it."""
    front = app.extensions[EXTENSION]
    inner, seen = front._inner, []

    def noted(environ: dict[str, Any], start: Any) -> Any:
        seen.append(environ["PATH_INFO"] + "?" + environ.get("QUERY_STRING", ""))
        return inner(environ, start)

    monkeypatch.setattr(front, "_inner", noted)
    return seen
