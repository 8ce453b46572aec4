"""Random CQL2 filters select what pandas, shapely and datetime say they should, in both languages of CQL2."""

from __future__ import annotations

import json
import os
from typing import Any

import pandas as pd
import pytest
from cql2_reference import evaluated, features, filters, frame, text_of
from hypothesis import given, settings

from geo.crs.ogc import CRS84, offered
from geo.model.kinds.project import Project
from geo.publish import Table
from geo.query import cql2

EXAMPLES = 10_000 if os.environ.get("HYPOTHESIS_PROFILE") == "drill" else 250
CRS = offered((112.0, 34.0, 114.0, 36.0))[CRS84]


@pytest.fixture(scope="module")
def made(snapshot_of: Any, tiny: Any) -> tuple[Table, pd.DataFrame]:
    """The table, and the same rows in the same order as a GeoDataFrame."""
    some = features()
    table = snapshot_of(some, world=tiny).table("project")
    by_id = {feature.id: feature for feature in some}
    return table, frame([by_id[table.column("id")[row]] for row in range(table.rows)])


@pytest.mark.drill
@settings(max_examples=EXAMPLES, deadline=None)
@given(node=filters())
def test_a_filter_selects_what_pandas_selects(made: tuple[Table, pd.DataFrame], node: Any) -> None:
    table, rows = made
    wanted = evaluated(node, rows)
    for expression in (cql2.read_json(json.dumps(node)), cql2.read_text(text_of(node))):
        found = cql2.evaluate(expression, table, Project, CRS)
        assert found.yes.tolist() == wanted.fillna(False).tolist(), text_of(node)
        assert found.no.tolist() == (~wanted).fillna(False).tolist(), text_of(node)
