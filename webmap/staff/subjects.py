"""The one loader of what an address names, with the check that it lies within the person's counties."""

from __future__ import annotations

from typing import Literal

from datasets.labels import Label
from geo.store.accounts import EVERYWHERE, Account, Role
from geo.store.embed_sites import EmbedSite
from geo.store.jobs import Job
from geo.store.revisions import Revision
from geo.store.tokens import Token
from webmap.problems import NotHere
from webmap.staff.desk import desk
from webmap.staff.visiting import Subject, holds, manages, refuse, require_county, visit

About = Literal["feature", "job", "person", "embed", "token", "none"]


def load(about: About, key: str) -> Subject:
    """The object of that kind and key if it lies in the person's counties; raises NotHere, Refusal."""
    if about == "feature":
        return _feature(key)
    if about == "job":
        return _job(key)
    if about == "token":
        return _token(key)
    if about == "embed":
        return _embed(key)
    return _person(key)


def _feature(feature_id: str) -> Revision:
    revision = desk().store.current(feature_id)
    if revision is None or revision.kind not in desk().kinds:
        raise NotHere(Label(f"没有编号为“{feature_id}”的记录。", f"There is no record '{feature_id}'."))
    require_county(str(revision.payload.get("county", "")), feature_id)
    return revision


def _job(job_id: str) -> Job:
    job = desk().jobs.get(job_id)
    if job is None:
        raise NotHere(Label("没有这个任务。", "There is no such job."))
    if job.owner != visit().account.name:
        raise refuse(Label("这是其他人的任务。", "This job is another person's."), "owner", job_id)
    return job


def _person(name: str) -> Account:
    person = desk().accounts.get(name)
    if person is None:
        raise NotHere(Label(f"没有账号“{name}”。", f"There is no account '{name}'."))
    if not manages(visit().account, person):
        raise refuse(
            Label("此账号负责的地区超出您的管理范围。", "This account's counties go beyond yours."), "scope", name
        )
    return person


def _embed(key: str) -> EmbedSite:
    found = desk().embed_sites.get(key)
    if found is None:
        raise NotHere(Label(f"没有密钥为“{key}”的网站。", f"There is no site with the key '{key}'."))
    if not holds(visit().account, found.counties or (EVERYWHERE,)):
        raise refuse(Label("此网站的地区超出您的管理范围。", "This site's counties go beyond yours."), "scope", key)
    return found


def _token(token_id: str) -> Token:
    """One's own, or one of a person whom the administrator manages."""
    me, found = visit().account, desk().tokens.get(token_id)
    if found is None:
        raise NotHere(Label(f"没有令牌“{token_id}”。", f"There is no token '{token_id}'."))
    owner = desk().accounts.get(found.account)
    managed = owner is not None and me.role is Role.ADMIN and manages(me, owner)
    if found.account != me.name and not managed:
        raise refuse(Label("这是其他人的令牌。", "This token is another person's."), "owner", token_id)
    return found
