"""From draft to published and back: which step is allowed from which state, to whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from datasets.labels import Label
from geo.model import Kinds
from geo.store.accounts import Account, Role
from geo.store.revisions import Change, Conflict, Revision, State
from geo.store.store import Store


class Step(StrEnum):
    """What a person does with a revision."""

    SUBMIT = "submit"
    TAKE_BACK = "take-back"
    PUBLISH = "publish"
    RETURN = "return"
    WITHDRAW = "withdraw"
    RESTORE = "restore"


@dataclass(frozen=True)
class Rule:
    """A step's states before and after, who may take it, and whether a second person must and a reason is needed."""

    before: frozenset[State]
    after: State
    roles: frozenset[Role]
    label: Label
    second_person: bool = False
    needs_reason: bool = False


ASK = Label("申请下架", "Ask for withdrawal")
MIXED = Label("发布与下架申请请分开批准", "approve requests for withdrawal apart from what is to be published")
EDITORS = frozenset({Role.EDITOR, Role.ADMIN})
REVIEWERS = frozenset({Role.REVIEWER, Role.ADMIN})

RULES: Mapping[Step, Rule] = {
    Step.SUBMIT: Rule(frozenset({State.DRAFT, State.REJECTED}), State.SUBMITTED, EDITORS, Label("提交审核", "Submit")),
    Step.TAKE_BACK: Rule(frozenset({State.SUBMITTED}), State.DRAFT, EDITORS, Label("撤回提交", "Take back")),
    Step.PUBLISH: Rule(
        frozenset({State.SUBMITTED}), State.PUBLISHED, REVIEWERS, Label("发布", "Publish"), second_person=True
    ),
    Step.RETURN: Rule(
        frozenset({State.SUBMITTED}), State.REJECTED, REVIEWERS, Label("退回", "Return"), needs_reason=True
    ),
    Step.WITHDRAW: Rule(
        frozenset({State.PUBLISHED}), State.WITHDRAWN, REVIEWERS, Label("下架", "Withdraw"), needs_reason=True
    ),
    Step.RESTORE: Rule(frozenset({State.WITHDRAWN}), State.DRAFT, EDITORS, Label("恢复为草稿", "Restore as draft")),
}


class NotAllowed(RuntimeError):
    """A step that this person may not take, or not from this state; the label says which and why."""

    def __init__(self, label: Label) -> None:
        super().__init__(label.en)
        self.label = label


def steps_for(store: Store, revision: Revision, person: Account) -> list[Step]:
    """The steps that a person may take from a feature's newest revision, scope left aside."""
    return [step for step in RULES if not _obstacle(store, step, revision, person)]


def take(
    store: Store,
    step: Step,
    wanted: Sequence[tuple[str, int]],
    person: Account,
    kinds: Kinds,
    reason: str = "",
) -> list[Revision]:
    """Take `step` with features as they were seen, given as (id, revision number): all of them or none.

    Approving a request for withdrawal takes the feature down; such requests and others are approved in calls of their own.
    Raises NotAllowed, or Conflict where one has changed since it was seen. Whether the person's scope holds the counties
    is the caller's loader's business.
    """
    rule = RULES[step]
    if rule.needs_reason and not reason.strip():
        raise NotAllowed(Label(f"{rule.label.zh}需要填写理由", f"{rule.label.en} needs a reason"))
    changes, asked = [], set()
    for feature_id, number in wanted:
        revision = store.current(feature_id)
        if revision is None or revision.number != number:
            raise Conflict(feature_id, number, revision.number if revision else 0)
        if obstacle := _obstacle(store, step, revision, person):
            raise NotAllowed(obstacle)
        asked.add(revision.withdraws)
        changes.append(replace(again(revision, kinds), withdraws=revision.withdraws and step is not Step.RESTORE))
    after, label = rule.after, rule.label
    if step is Step.PUBLISH and asked == {True}:
        after, label = State.WITHDRAWN, RULES[Step.WITHDRAW].label
    elif step is Step.PUBLISH and True in asked:
        raise NotAllowed(MIXED)
    return store.record(changes, author=person.name, reason=reason or label.zh, state=after)


def ask_withdrawal(
    store: Store, revision: Revision, person: Account, kinds: Kinds, reason: str, origin: str = ""
) -> Revision:
    """Submit the request that a published feature be taken down; a second person approves or returns it.

    Raises NotAllowed, or Conflict where the feature has changed since it was seen.
    """
    if person.role not in EDITORS:
        raise NotAllowed(_wrong_role(ASK, EDITORS))
    again_asked = revision.withdraws and revision.state in (State.DRAFT, State.REJECTED)
    if revision.state is not State.PUBLISHED and not again_asked:
        raise NotAllowed(
            Label(
                f"只有已发布且没有未决修改的记录可以申请下架（{revision.feature_id}）",
                f"only what is published, with no change pending, can be asked to be withdrawn ({revision.feature_id})",
            )
        )
    change = replace(again(revision, kinds), withdraws=True, origin=origin or revision.origin)
    (made,) = store.record([change], author=person.name, reason=reason or ASK.zh, state=State.SUBMITTED)
    return made


def again(revision: Revision, kinds: Kinds) -> Change:
    """The same content as a change on top of that very revision."""
    return Change(
        revision.feature(kinds),
        expected=revision.number,
        original_geometry=revision.original_geometry,
        original_crs=revision.original_crs,
        origin=revision.origin,
        expires_on=revision.expires_on,
    )


def roll_back(store: Store, feature_id: str, to: int, expected: int, person: Account, kinds: Kinds) -> list[Revision]:
    """A new draft with what revision `to` said, on top of revision `expected`; raises NotAllowed or Conflict."""
    if person.role not in EDITORS:
        raise NotAllowed(_wrong_role(Label("恢复旧版本", "Roll back"), EDITORS))
    history: Mapping[int, Revision] = {revision.number: revision for revision in store.history(feature_id)}
    if to not in history:
        raise NotAllowed(Label(f"没有第 {to} 版", f"there is no revision {to}"))
    old = history[to]
    change = Change(
        old.feature(kinds), expected, old.original_geometry, old.original_crs, old.origin, expires_on=old.expires_on
    )
    return store.record(
        [change], author=person.name, reason=f"恢复第 {to} 版 / back to revision {to}", state=State.DRAFT
    )


def authors_since_published(history: Iterable[Revision]) -> set[str]:
    """Who has written anything of a feature since it was last published. Who returned it has only said so, and wrote nothing."""
    authors: set[str] = set()
    for revision in history:
        if revision.state is State.PUBLISHED:
            authors = set()
        elif revision.state in (State.DRAFT, State.SUBMITTED):
            authors.add(revision.author)
    return authors


def _obstacle(store: Store, step: Step, revision: Revision, person: Account) -> Label | None:
    rule = RULES[step]
    if person.role not in rule.roles:
        return _wrong_role(rule.label, rule.roles)
    if revision.state not in rule.before:
        return Label(
            f"当前状态不能{rule.label.zh}（{revision.feature_id}）",
            f"{rule.label.en}: not possible from the state {revision.state} ({revision.feature_id})",
        )
    if rule.second_person and person.name in authors_since_published(store.history(revision.feature_id)):
        return Label(
            f"编写者不能审核自己的内容，请由另一人审核（{revision.feature_id}）",
            f"who wrote it cannot approve it; another person must ({revision.feature_id})",
        )
    return None


def _wrong_role(step: Label, roles: Iterable[Role]) -> Label:
    names = ", ".join(sorted(roles))
    return Label(f"您的角色不能{step.zh}", f"{step.en} takes one of the roles {names}")
