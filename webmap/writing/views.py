"""The addresses at which programs write: those of OGC API – Features Part 4 (OGC 20-002)."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from flask import Blueprint, Response, request
from sqlalchemy.exc import SQLAlchemyError

from datasets.labels import Label
from geo.model import Feature
from geo.store.revisions import Conflict, Revision, State
from geo.store.tokens import Bearer, Scope
from geo.store.workflow import NotAllowed, ask_withdrawal
from webmap.asking import choice, kind_called, language
from webmap.ogc.negotiation import check_names
from webmap.problems import NotHere, Refusal
from webmap.staff.desk import closed, desk
from webmap.staff.subjects import load
from webmap.staff.visiting import covers, visit
from webmap.writing import bodies
from webmap.writing.answers import answer, private, standing
from webmap.writing.bearer import enter, require_kind
from webmap.writing.keeping import Kept, feature_of, fresh_id, keep, origin_of, overtaken, reason_of, waits

P = ParamSpec("P")
T = TypeVar("T")
ASKED = ("submit", "reason", "crs")

blueprint = Blueprint("writing", __name__, url_prefix="/api")
log = logging.getLogger(__name__)


def _closed_if_away(view: Callable[P, T]) -> Callable[P, T]:
    """503 with Retry-After while the record cannot be used."""

    @functools.wraps(view)
    def guarded(*arguments: P.args, **named: P.kwargs) -> T:
        try:
            return view(*arguments, **named)
        except SQLAlchemyError as error:
            log.exception("the record cannot be used")
            raise closed(error) from error

    return guarded


@_closed_if_away
def _entered(view: Callable[..., Response], kind: str, arguments: dict[str, Any]) -> Response:
    bearer = enter(Scope.WRITE)
    language()
    declared = kind_called(kind)
    require_kind(bearer, kind)
    check_names(*ASKED)
    return view(declared, bearer, **arguments)


def _writes(rule: str, method: str) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
    """Declare a view that writes: it takes the token, the kind and what else its address names."""

    def declare(view: Callable[..., Response]) -> Callable[..., Response]:
        @functools.wraps(view)
        def guarded(kind: str, **arguments: Any) -> Response:
            return _entered(view, kind, arguments)

        # The view that reads at the same address answers OPTIONS for both.
        blueprint.add_url_rule(rule, view_func=guarded, methods=[method], provide_automatic_options=False)
        return guarded

    return declare


@_writes("/collections/<kind>/items", "POST")
def create(kind: type[Feature], bearer: Bearer) -> Response:
    """A new feature as a draft: 201 with its address. Sent again with an id of one's own, nothing is added: 200."""
    sent = bodies.feature()
    if sent.id:
        bodies.require_id(sent.id)
    base = desk().store.current(sent.id) if sent.id else None
    if base is not None:
        return _created_before(kind, sent, base, bearer)
    kept = keep(kind, sent.id or fresh_id(kind), sent, None, bearer, _submits())
    return answer(kept.revision, 201, kept.spots)


def _created_before(kind: type[Feature], sent: bodies.Sent, base: Revision, bearer: Bearer) -> Response:
    """The same request once more is answered as if it were the first; another one with the same id is refused."""
    taken = Label(
        f"编号“{sent.id}”已被使用；修改请用 PUT。", f"The id '{sent.id}' is taken; send a change by PUT to its address."
    )
    if base.kind != kind.kind or not covers(visit().account, str(base.payload.get("county", ""))):
        raise Refusal(taken, 409)
    own = base.feature(desk().kinds)
    if not feature_of(kind, sent.id, sent, base).says_same(own):
        raise Refusal(taken, 409, members=standing(base))
    kept = keep(kind, sent.id, sent, base, bearer, _submits()) if base.state is State.DRAFT else Kept(base, (), False)
    return answer(kept.revision, 200, kept.spots, located=True)


@_writes("/collections/<kind>/items/<path:feature_id>", "PUT")
def put(kind: type[Feature], bearer: Bearer, feature_id: str) -> Response:
    """Another content for a feature, as a draft on top of the revision that If-Match names."""
    base = _base(kind, feature_id)
    kept = keep(kind, feature_id, bodies.feature(), base, bearer, _submits())
    return answer(kept.revision, 200, kept.spots)


@_writes("/collections/<kind>/items/<path:feature_id>", "PATCH")
def change(kind: type[Feature], bearer: Bearer, feature_id: str) -> Response:
    """The same for some properties of a feature (RFC 7396)."""
    base = _base(kind, feature_id)
    kept = keep(kind, feature_id, bodies.patch(base), base, bearer, _submits())
    return answer(kept.revision, 200, kept.spots)


@_writes("/collections/<kind>/items/<path:feature_id>", "DELETE")
def remove(kind: type[Feature], bearer: Bearer, feature_id: str) -> Response:
    """The request that a feature be withdrawn (202): it stays public until a second person has approved."""
    base = _base(kind, feature_id)
    if base.state is State.WITHDRAWN:
        return private(Response(status=204))
    if base.state is State.SUBMITTED:
        if base.withdraws:
            return answer(base, 202)
        raise waits(base)
    try:
        asked = ask_withdrawal(desk().store, base, visit().account, desk().kinds, reason_of(bearer), origin_of(bearer))
    except NotAllowed as obstacle:
        raise Refusal(
            Label(f"{obstacle.label.zh}。", f"{obstacle.label.en}."), 409, members=standing(base)
        ) from obstacle
    except Conflict as conflict:
        raise overtaken(conflict) from conflict
    return answer(asked, 202)


@_closed_if_away
def working(kind: str, feature_id: str) -> Response | None:
    """The newest revision of a feature for a token that may read it; None where the token does not reach there."""
    bearer = enter(Scope.READ)
    if bearer.token.kinds and kind not in bearer.token.kinds:
        return None
    revision = desk().store.current(feature_id)
    if (
        revision is None
        or revision.kind != kind
        or not covers(visit().account, str(revision.payload.get("county", "")))
    ):
        return None
    return answer(revision)


def _base(kind: type[Feature], feature_id: str) -> Revision:
    """The newest revision, which must be the one that If-Match names; raises NotHere, Refusal (403, 412, 428)."""
    try:
        found = load("feature", feature_id)
        if not isinstance(found, Revision) or found.kind != kind.kind:
            raise NotHere(Label(f"没有编号为 {feature_id} 的要素", f"there is no feature with the id {feature_id}"))
    except NotHere as nowhere:
        if "If-Match" in request.headers:
            raise Refusal(Label(f"{nowhere.label.zh}", f"{nowhere.label.en}"), 412) from nowhere
        raise
    wanted = request.headers.get("If-Match", "").strip()
    if not wanted:
        message = Label(
            f'请用 If-Match 说明依据哪一版（现为 "{found.number}"；* 表示任意一版）。',
            f'Say by If-Match which revision yours is made from (it is "{found.number}" now; * for any).',
        )
        raise Refusal(message, 428, members=standing(found), headers={"ETag": f'"{found.number}"'})
    if not (request.if_match.star_tag or request.if_match.contains(str(found.number))):
        message = Label(
            f"“{feature_id}”已是第 {found.number} 版，If-Match 为 {wanted[:80]}；没有写入任何内容。",
            f"'{feature_id}' is at revision {found.number}, If-Match says {wanted[:80]}; nothing was written.",
        )
        members = {"expected": wanted[:80], **standing(found)}
        raise Refusal(message, 412, members=members, headers={"ETag": f'"{found.number}"'})
    return found


def _submits() -> bool:
    """Whether the draft is to be handed to the reviewers at once."""
    return choice("submit", ("true", "false"), "false") == "true"


@blueprint.after_request
def keep_private(response: Response) -> Response:
    """Nothing here is for caches, nor for other origins' scripts."""
    return private(response)
