"""One feature's page."""

from __future__ import annotations

from typing import Any

import numpy as np
from flask import Blueprint, Response, request
from numpy.typing import NDArray

from datasets.labels import Label
from webmap.asking import language
from webmap.present.features import FeaturePage, feature_page
from webmap.present.linked_data import schema_place
from webmap.present.values import Text
from webmap.problems import NotHere
from webmap.site import site
from webmap.views.pages_render import page, reader

blueprint = Blueprint("pages_feature", __name__)


@blueprint.get("/f/<kind>/<path:feature_id>")
def feature(kind: str, feature_id: str) -> Response:
    """All that is known of a feature, where it is printed, and what is near."""
    language()
    here = site()
    row = here.row_of(kind, feature_id)
    if row is None:
        raise NotHere(
            Label(
                f"没有“{kind}/{feature_id}”，可能已撤下。",
                f"There is no '{kind}/{feature_id}'; it may have been withdrawn.",
            )
        )
    found = row

    def make() -> dict[str, Any]:
        made = feature_page(here.kinds.get(kind), found, reader())
        point = here.snapshot.table(kind).point[found]
        return {"page": made, "linked": None if made.demo else _linked(made, point)}

    return page("feature.html", make)


def _linked(made: FeaturePage, point: NDArray[np.float64]) -> dict[str, Any]:
    """The feature for search engines; what is made up is not offered to them."""
    own = (float(point[0]), float(point[1])) if np.isfinite(point[0]) else None
    told = {row.label: row.value.text for row in made.rows if isinstance(row.value, Text)}
    return schema_place(
        made.title, request.url_root.rstrip("/") + made.href, [link.text for link in made.where], own, told
    )
