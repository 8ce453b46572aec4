"""The views: one module a group of addresses, each with its `blueprint`."""

from __future__ import annotations

import importlib
import pkgutil

from flask import Blueprint


def blueprints() -> list[Blueprint]:
    """The blueprint of every module in this package."""
    modules = (importlib.import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__))
    return [module.blueprint for module in modules if hasattr(module, "blueprint")]
