"""Any selection as a file."""

from __future__ import annotations

from flask import Blueprint, Response, request, stream_with_context

from datasets.labels import Label
from geo.draw.about import Publisher
from geo.draw.export import export, formats_for
from geo.model.registry import UnknownKind
from webmap.asking import filter_of_request, language
from webmap.problems import NotHere
from webmap.site import site

blueprint = Blueprint("export", __name__)


@blueprint.get("/export/<kind>.<format_name>")
def file(kind: str, format_name: str) -> Response:
    """The selected features of `kind` as a download; plot.shp.zip is the name of plot.shp as a file."""
    kind, _, inner = kind.partition(".")
    format_name = _known_as(f"{inner}.{format_name}" if inner else format_name, kind)
    lang = language()
    wanted = filter_of_request()
    here = site()
    chosen = formats_for(kind).get(format_name)
    if chosen is None:
        known = ", ".join(formats_for(kind))
        raise NotHere(Label(f"没有 {format_name} 格式；可用：{known}", f"no format {format_name}; known are {known}"))
    try:
        pieces = export(
            here.select(wanted), kind, format_name, here.world, lang, here.kinds, wanted.query_string(), publisher()
        )
    except UnknownKind as error:
        known = ", ".join(error.known)
        raise NotHere(Label(f"没有名为 {kind} 的类别；可用：{known}", f"no kind {kind}; known are {known}")) from error
    response = Response(stream_with_context(pieces), mimetype=chosen.media_type)
    name = f"relitu-{kind}-{here.snapshot.version[:8]}.{chosen.suffix}"
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    response.headers["Cache-Control"] = "no-cache"
    return response


def _known_as(name: str, kind: str) -> str:
    """The format of files that end in `name`, which may be its own name."""
    return next((each for each, form in formats_for(kind).items() if form.suffix == name), name)


def publisher() -> Publisher:
    """Who offers this installation's data, for what a file says of itself."""
    here = site()
    titles = {name: Label(document.title_zh, document.title_en) for name, document in here.documents.items()}
    return Publisher(
        here.config.title, request.url_root, here.config.licence, here.config.licence_url, documents=titles
    )
