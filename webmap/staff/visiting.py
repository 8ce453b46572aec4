"""The visit of a request: who came, what it is about, and what lies within the person's counties."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, cast

from flask import g, request

from datasets.errors import DatasetError
from datasets.labels import Label
from geo.store import audit
from geo.store.accounts import EVERYWHERE, Account
from geo.store.embed_sites import EmbedSite
from geo.store.jobs import Job
from geo.store.revisions import Revision
from geo.store.tokens import Token
from webmap.problems import Refusal
from webmap.staff.desk import desk

Subject = Revision | Job | Account | EmbedSite | Token | None


@dataclass(frozen=True)
class Visit:
    """One request of a person: who, the secret of his forms, what it is about."""

    account: Account
    csrf: str
    subject: Subject = None

    @property
    def revision(self) -> Revision:
        """The newest revision of the feature that the view is about."""
        return cast(Revision, self.subject)

    @property
    def job(self) -> Job:
        """The job that the view is about."""
        return cast(Job, self.subject)

    @property
    def person(self) -> Account:
        """The account that the view is about."""
        return cast(Account, self.subject)

    @property
    def embed(self) -> EmbedSite:
        """The embedding website that the view is about."""
        return cast(EmbedSite, self.subject)


def visit() -> Visit:
    """The visit of this request; only inside a view declared with `staff`."""
    return cast(Visit, g.visit)


def visitor() -> Visit | None:
    """The visit of this request, or None before a login."""
    return cast("Visit | None", g.get("visit"))


def covers(account: Account, adcode: str) -> bool:
    """Whether a person's scope holds the unit (a county, or a city as a whole)."""
    try:
        city = desk().world.boundaries.city_of(adcode)
    except DatasetError:
        city = adcode
    return account.covers(adcode, city)


def manages(admin: Account, other: Account) -> bool:
    """Whether all of another account's counties lie in an administrator's."""
    return holds(admin, other.scope)


def holds(account: Account, units: Collection[str]) -> bool:
    """Whether a person's scope holds all of these units, `*` being everywhere."""
    return all(EVERYWHERE in account.scope or (unit != EVERYWHERE and covers(account, unit)) for unit in units)


def require_county(adcode: str, about: str = "") -> None:
    """Raise Refusal (and note it) unless the person's scope holds the county."""
    if covers(visit().account, adcode):
        return
    units = desk().world.boundaries
    name = units.name(adcode) if adcode in units.counties or adcode in units.cities else Label(adcode, adcode)
    raise refuse(
        Label(f"{name.zh}不在您负责的范围内。", f"{name.en} is not among the counties that you look after."),
        "scope",
        about or adcode,
    )


def units_in_scope(account: Account) -> frozenset[str] | None:
    """The adcodes that a person's scope holds, for a query; None for everywhere."""
    if EVERYWHERE in account.scope:
        return None
    cities = desk().world.boundaries.cities
    inside = {county for unit in account.scope if unit in cities for county in cities[unit].counties}
    return frozenset(account.scope) | inside


def refuse(label: Label, result: str, about: str = "") -> Refusal:
    """The refusal to raise, noted in the audit log."""
    here = f"{request.method} {request.path}"
    note("refused", about or here, result=result, detail={"address": request.remote_addr or "", "path": here[:300]})
    return Refusal(label)


def note(action: str, about: str, result: str = "ok", detail: dict[str, Any] | None = None) -> None:
    """Add to the audit log what the person did, where it changes nothing else."""
    audit.note(
        desk().store.engine,
        actor=visit().account.name,
        action=action,
        object=about[:200],
        result=result,
        detail=detail or {},
    )
