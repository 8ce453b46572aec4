"""The list: everything that the map shows, as text."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from geo.query import Filter
from webmap.asking import filter_of_request, whole
from webmap.present import filters
from webmap.present.lists import Listing, listing
from webmap.site import site
from webmap.views.pages_render import is_fragment, page, reader

LIMIT, LIMIT_IN_PANEL, MAX_LIMIT = 50, 20, 200
MAX_OFFSET = 10_000_000

blueprint = Blueprint("pages_list", __name__)


@blueprint.get("/list")
def list_page() -> Response:
    """The list, complete without script; as a fragment only the results."""
    wanted = filter_of_request()

    def make() -> dict[str, Any]:
        found = results(wanted)
        return {"listing": found, "form": None if is_fragment() else form(wanted), "sort": request.args.get("sort", "")}

    return page("list.html", make)


def results(wanted: Filter, *, in_panel: bool | None = None) -> Listing:
    """The page of the list that the request asks for."""
    here = site()
    in_panel = is_fragment() if in_panel is None else in_panel
    of_any_kind = here.select(wanted.without("kind"))
    return listing(
        wanted,
        here.select(wanted),
        {kind: of_any_kind.count(kind) for kind in of_any_kind.kinds},
        lambda other: here.select(other).total,
        reader(),
        sort=request.args.get("sort", ""),
        offset=whole("offset", 0, 0, MAX_OFFSET),
        limit=whole("limit", LIMIT_IN_PANEL if in_panel else LIMIT, 1, MAX_LIMIT),
    )


def form(wanted: Filter) -> filters.Form:
    """The filter's form with the counts of the moment."""
    here = site()
    ever = here.facets(Filter())
    return filters.form(wanted, here.facets(wanted).counts, ever.counts, ever.years, reader())
