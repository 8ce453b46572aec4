"""The staff's pages: login, records, review, history, people. One module a group of addresses, each with its `blueprint`."""

from __future__ import annotations

import importlib
import pkgutil

from flask import Blueprint, Flask


def blueprints() -> list[Blueprint]:
    """The blueprint of every module in this package."""
    modules = (importlib.import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__))
    return [module.blueprint for module in modules if hasattr(module, "blueprint")]


def install(app: Flask) -> None:
    """Serve the staff's pages below /staff, and keep every one of them out of all caches."""
    from webmap.staff.frame import install as put_around

    for blueprint in blueprints():
        app.register_blueprint(blueprint)
    put_around(app)
