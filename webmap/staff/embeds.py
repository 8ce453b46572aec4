"""Websites that may show the map in a frame: for administrators, within their own counties."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template, request, url_for

from geo.store.accounts import EVERYWHERE
from geo.store.embed_sites import BadSite, EmbedSite
from webmap.staff import choices
from webmap.staff.access import ADMINS, Answer, staff
from webmap.staff.desk import desk
from webmap.staff.records import unit_name
from webmap.staff.visiting import holds, visit
from webmap.staff.words import in_words, t

blueprint = Blueprint("staff_embeds", __name__, url_prefix="/staff/embeds")


@staff(blueprint, "/", roles=ADMINS)
def sites() -> Answer:
    """All sites within the administrator's counties, and how often the map was opened in each."""
    mine = [site for site in desk().embed_sites.all() if holds(visit().account, site.counties or (EVERYWHERE,))]
    uses = desk().embed_sites.uses([site.key for site in mine])
    return render_template(
        "staff/embeds.html", sites=mine, uses=uses, scope_words=_scope_words, done=request.args.get("done")
    )


@staff(blueprint, "/new", methods=("GET", "POST"), roles=ADMINS)
def add() -> Answer:
    """A new site; its key stands in the list."""
    return _form(None)


@staff(blueprint, "/<key>", methods=("GET", "POST"), roles=ADMINS, about="embed")
def change(key: str) -> Answer:  # noqa: ARG001 (the loader has read it)
    """Another name, other origins or counties of a site."""
    return _form(visit().embed)


@staff(blueprint, "/<key>/revoke", methods=("POST",), roles=ADMINS, about="embed")
def revoke(key: str) -> Answer:
    """From now on the key opens nothing."""
    desk().embed_sites.revoke(key, by=visit().account.name)
    desk().tell_embeds()
    return redirect(url_for(".sites", done="revoked"), 303)


@staff(blueprint, "/<key>/restore", methods=("POST",), roles=ADMINS, about="embed")
def restore(key: str) -> Answer:
    """The key works again."""
    desk().embed_sites.restore(key, by=visit().account.name)
    desk().tell_embeds()
    return redirect(url_for(".sites", done="restored"), 303)


def _form(site: EmbedSite | None) -> Answer:
    posted = request.method == "POST"
    name = request.form.get("name", "") if posted else site.name if site else ""
    origins = request.form.get("origins", "") if posted else "\n".join(site.origins) if site else ""
    counties = request.form.getlist("scope") if posted else list(site.counties) if site else []
    everything = bool(request.form.get("all")) if posted else site is not None and not site.counties
    problems: dict[str, str] = {}
    if posted:
        if not everything and not counties:
            problems["scope"] = t("staff.choose_scope")
        elif not holds(visit().account, (EVERYWHERE,) if everything else counties):
            problems["scope"] = t("staff.county_not_yours")
        else:
            try:
                _save(site, name, origins, [] if everything else counties)
            except BadSite as bad:
                problems[bad.field] = in_words(bad.label)
        if not problems:
            return redirect(url_for(".sites", done="changed" if site else "added"), 303)
    page = render_template(
        "staff/embed_form.html",
        site=site,
        name=name,
        origins=origins,
        chosen=set(counties),
        everything=everything,
        may_all=holds(visit().account, (EVERYWHERE,)),
        groups=choices.unit_groups(set(counties)),
        problems=problems,
    )
    return make_response(page, 422 if problems else 200)


def _save(site: EmbedSite | None, name: str, origins: str, counties: list[str]) -> None:
    mine, lines = visit().account.name, origins.replace(",", "\n").split()
    if site is None:
        desk().embed_sites.add(name, lines, counties, by=mine)
    else:
        desk().embed_sites.change(site.key, name, lines, counties, by=mine)
    desk().tell_embeds()


def _scope_words(site: EmbedSite) -> str:
    return t("text.list_separator").join(map(unit_name, site.counties)) or t("staff.everywhere")
