"""The entry of a server's worker: the application of the data folder named by RELITU_DATA."""

from __future__ import annotations

import os
from pathlib import Path

from flask import Flask

from webmap.app import create_app
from webmap.config import load_config

DATA_VARIABLE = "RELITU_DATA"


def application() -> Flask:
    """A fresh application; called once in every worker."""
    return create_app(load_config(Path(os.environ[DATA_VARIABLE])))
