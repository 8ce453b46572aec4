"""What the browser says in a language where no server does: words, names, orders by name, and the signs of controls."""

from __future__ import annotations

from typing import Any

from geo.draw import boundaries
from geo.draw.geojson import name_of
from geo.query import choices
from geo.query.parameters import parameters
from webmap.i18n import catalogue, spoken_messages
from webmap.present.conditions import param_unit
from webmap.present.reader import Reader
from webmap.static_site import pieces
from webmap.static_site.edition import Edition

SAID = ("offline.", "list.", "filter.", "unit.joined", "map.results", "site.to_list")
Pages = dict[str, tuple[str, list[tuple[str, str]]]]


def words(edition: Edition, lang: str, pages: Pages) -> dict[str, Any]:
    """JSON of the shape `OfflineWords` (webmap/assets/offline.d.ts).

    pages: the files of the map and the list, as their pages see them, and the parameters that every link to them holds.
    """
    site = edition.site
    units = site.world.boundaries
    with edition.reading(lang) as who:
        said = {
            "lang": catalogue(lang).lang,
            "words": spoken_messages(lang, SAID),
            "units": {code: who.unit_name(code) for code in (*units.cities, *units.counties)},
            "places": {place: who.place_name(place) for place in site.world.gazetteer.places},
            "names": {kind: _names(edition, kind, who) for kind in edition.kinds},
            "ranks": {kind: site.snapshot.table(kind).name_rank(lang).tolist() for kind in edition.kinds},
            "plurals": {kind.kind: kind.plural.text(lang) for kind in site.kinds},
            "codes": _codes(edition, who),
            "ranges": _ranges(edition, who),
            "boundaries": boundaries.base_map(site.world, lang),
            "signs": _signs(edition),
            "pages": pages,
        }
    return {**said, "heads": pieces.heads(edition, lang)}


def _names(edition: Edition, kind: str, who: Reader) -> list[str]:
    table = edition.site.snapshot.table(kind)
    return [name_of(table, row, who.lang) for row in range(table.rows)]


def _codes(edition: Edition, who: Reader) -> dict[str, dict[str, str]]:
    site = edition.site
    declared = parameters(site.kinds)
    found = {}
    for param in declared.lists:
        known = choices(param, declared, site.kinds, site.world)
        if known is not None:
            found[param] = {code: label.text(who.lang) for code, label in known.items()}
    only = who.t("filter.only_city")
    units = site.world.boundaries
    for code in units.cities:
        if code not in units.counties:
            found["county"][code] = f"{who.unit_name(code)} · {only}"
    return found


def _ranges(edition: Edition, who: Reader) -> dict[str, dict[str, str]]:
    declared = parameters(edition.site.kinds)
    return {
        param: {"label": entry.any_field.label.text(who.lang), "unit": param_unit(entry.any_field, who)}
        for param, entry in declared.ranges.items()
    }


def _signs(edition: Edition) -> dict[str, str]:
    controls = edition.app.jinja_env.get_template("parts/symbols.html").make_module({})
    sign = {name: str(controls.control(name)).strip() for name in ("left", "right", "map")}  # type: ignore[attr-defined]
    source = edition.app.jinja_env.get_template("parts/empty_sign.html").render()
    return {**sign, "empty": source.strip()}
