"""From what was sent to a revision in the record: checked as a whole, written as a whole, submitted where that is wanted."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace

import shapely
from flask import request

from datasets.labels import Label
from geo.check import Severity, Spot, missing_to_publish
from geo.check.single import check_single, same_shape
from geo.model import Feature
from geo.model.invalid import InvalidFeature
from geo.store.revisions import Change, Conflict, Revision, State
from geo.store.tokens import Bearer
from webmap.problems import Refusal
from webmap.staff.desk import desk
from webmap.staff.visiting import covers, require_county, units_in_scope, visit
from webmap.writing.answers import standing
from webmap.writing.bodies import Sent
from webmap.writing.existing import existing_near
from webmap.writing.faults import Unfit, of_fields

SAID_ALREADY = frozenset({State.DRAFT, State.SUBMITTED, State.PUBLISHED, State.REJECTED})


@dataclass(frozen=True)
class Kept:
    """What came of it. spots: what its author should look at again; is_new: whether a revision was written."""

    revision: Revision
    spots: tuple[Spot, ...]
    is_new: bool


def reason_of(bearer: Bearer) -> str:
    """Why, in the author's words where he gives any, and by which token."""
    given = request.args.get("reason", "").strip()[:1800]
    by = f"接口令牌“{bearer.token.name}”"
    return f"{given}（{by}）" if given else by


def origin_of(bearer: Bearer) -> str:
    """Where the revision comes from: the token's id, by which its list names it."""
    return f"token:{bearer.token.id}"


def fresh_id(kind: type[Feature]) -> str:
    """An id for a feature that brings none."""
    return f"{kind.kind}-{secrets.token_hex(6)}"


def keep(kind: type[Feature], feature_id: str, sent: Sent, base: Revision | None, bearer: Bearer, submit: bool) -> Kept:
    """Write what was sent on top of `base`; what says nothing new adds no revision. Raises Unfit, Refusal."""
    feature = feature_of(kind, feature_id, sent, base)
    if not covers(visit().account, feature.county):
        require_county(feature.county, feature_id)
    if base is not None and _says_nothing_new(feature, base) and not (submit and base.state is not State.PUBLISHED):
        return Kept(base, (), False)
    if base is not None and base.state is State.SUBMITTED:
        if _says_nothing_new(feature, base):
            return Kept(base, (), False)
        raise waits(base)
    shape_is_known = base is not None and base.geometry is not None and feature.geometry is base.geometry
    spots = check_single(
        feature,
        desk().world,
        given=sent.given,
        existing=existing_near(feature),
        may_write=units_in_scope(visit().account),
        shape_is_known=shape_is_known,
    )
    if submit:
        spots = [
            Spot(finding, field=finding.where.rpartition(".")[2]) for finding in missing_to_publish(feature)
        ] + spots
    if any(spot.finding.severity is Severity.ERROR for spot in spots):
        raise Unfit(spots)
    change = _change(feature, sent, base, bearer, shape_is_known)
    state = State.SUBMITTED if submit else State.DRAFT
    try:
        written = desk().store.record([change], author=bearer.account.name, reason=reason_of(bearer), state=state)
    except Conflict as conflict:
        raise overtaken(conflict) from conflict
    if not written and base is not None:
        return Kept(base, tuple(spots), False)
    return Kept(written[0], tuple(spots), True)


def waits(revision: Revision) -> Refusal:
    """The answer where a reviewer is looking at the feature."""
    return Refusal(
        Label(
            f"“{revision.feature_id}”第 {revision.number} 版正在等待审核；请先在工作平台撤回提交。",
            f"Revision {revision.number} of '{revision.feature_id}' waits for review: take it back on its staff page first.",
        ),
        409,
        members=standing(revision),
    )


def overtaken(conflict: Conflict) -> Refusal:
    """The answer where another was quicker."""
    return Refusal(
        Label(
            f"“{conflict.feature_id}”已有第 {conflict.found} 版，您所依据的是第 {conflict.expected} 版；没有写入任何内容。",
            f"'{conflict.feature_id}' is at revision {conflict.found}, yours was made from {conflict.expected}; nothing was written.",
        ),
        409,
        members={"expected": conflict.expected, "current": conflict.found},
    )


def feature_of(kind: type[Feature], feature_id: str, sent: Sent, base: Revision | None) -> Feature:
    """The feature; the record's own shape stays, to the last digit, where the one sent is the same within a centimetre."""
    try:
        feature = kind.from_row({**sent.values, "id": feature_id}, sent.geometry)
    except InvalidFeature as invalid:
        raise Unfit(of_fields(invalid)) from invalid
    if base is not None and same_shape(feature.geometry, base.geometry):
        return replace(feature, geometry=base.geometry)
    return feature


def _says_nothing_new(feature: Feature, base: Revision) -> bool:
    if base.state not in SAID_ALREADY or base.withdraws:
        return False
    return feature.says_same(base.feature(desk().kinds))


def _change(feature: Feature, sent: Sent, base: Revision | None, bearer: Bearer, shape_is_known: bool) -> Change:
    expected = base.number if base else 0
    expires_on = base.expires_on if base else ""
    if base is not None and (shape_is_known or not sent.shape_is_sent):
        return Change(
            feature, expected, base.original_geometry, base.original_crs, origin_of(bearer), expires_on=expires_on
        )
    original = None if sent.given is None else bytes(shapely.to_wkb(sent.given))
    return Change(feature, expected, original, sent.crs if original else "", origin_of(bearer), expires_on=expires_on)
