"""One feature's page."""

from __future__ import annotations

from flask import Blueprint, Response

from datasets.labels import Label
from webmap.asking import language
from webmap.present.features import feature_page
from webmap.problems import NotHere
from webmap.site import site
from webmap.views.pages_render import page, reader

blueprint = Blueprint("pages_feature", __name__)


@blueprint.get("/f/<kind>/<path:feature_id>")
def feature(kind: str, feature_id: str) -> Response:
    """All that is known of a feature, where it is printed, and what is near."""
    language()
    here = site()
    known = kind in here.kinds and kind in here.snapshot.kinds
    row = here.snapshot.table(kind).row_of(feature_id) if known else None
    if row is None:
        raise NotHere(
            Label(
                f"没有“{kind}/{feature_id}”，可能已撤下。",
                f"There is no '{kind}/{feature_id}'; it may have been withdrawn.",
            )
        )
    found = row
    return page("feature.html", lambda: {"page": feature_page(here.kinds.get(kind), found, reader())})
