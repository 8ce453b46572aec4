"""The way from draft to published: who may take which step from which state, and that a second person must approve."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace

import pytest
from argon2 import PasswordHasher
from made_projects import project

from geo.model import Feature, default_kinds
from geo.store import Change, Conflict, State, Store
from geo.store.accounts import Accounts, Role
from geo.store.workflow import RULES, NotAllowed, Step, ask_withdrawal, roll_back, steps_for, take

KINDS = default_kinds()
PASSWORD = "Correct-Horse-9"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
REASON = "because"
ALLOWED = {
    (Step.SUBMIT, State.DRAFT): {Role.EDITOR, Role.ADMIN},
    (Step.SUBMIT, State.REJECTED): {Role.EDITOR, Role.ADMIN},
    (Step.TAKE_BACK, State.SUBMITTED): {Role.EDITOR, Role.ADMIN},
    (Step.PUBLISH, State.SUBMITTED): {Role.REVIEWER, Role.ADMIN},
    (Step.RETURN, State.SUBMITTED): {Role.REVIEWER, Role.ADMIN},
    (Step.WITHDRAW, State.PUBLISHED): {Role.REVIEWER, Role.ADMIN},
    (Step.RESTORE, State.WITHDRAWN): {Role.EDITOR, Role.ADMIN},
}


@pytest.fixture
def person(store: Store) -> Callable[..., object]:
    accounts = Accounts(store.engine, hasher=CHEAP)
    return lambda name, role: accounts.get(name) or accounts.add(name, PASSWORD, role, ["*"], by="test")


def put(store: Store, state: State, author: str = "clerk", feature: Feature | None = None) -> int:
    (revision,) = store.record([Change(feature or project())], author=author, reason="r", state=state)
    return revision.number


@pytest.mark.parametrize(("step", "state", "role"), list(itertools.product(Step, State, Role)))
def test_every_step_from_every_state_in_every_role(step: Step, state: State, role: Role, store, person) -> None:
    number = put(store, state)
    someone = person("someone", role)
    if role in ALLOWED.get((step, state), set()):
        (revision,) = take(store, step, [("a", number)], someone, KINDS, REASON)
        assert revision.state is RULES[step].after
        assert revision.author == "someone"
    else:
        with pytest.raises(NotAllowed):
            take(store, step, [("a", number)], someone, KINDS, REASON)
        assert len(store.history("a")) == 1


def test_who_wrote_it_cannot_approve_it_not_even_an_administrator(store, person) -> None:
    admin = person("admin", Role.ADMIN)
    number = put(store, State.SUBMITTED, author="admin")
    assert Step.PUBLISH not in steps_for(store, store.current("a"), admin)
    with pytest.raises(NotAllowed, match="another person"):
        take(store, Step.PUBLISH, [("a", number)], admin, KINDS)
    assert take(store, Step.PUBLISH, [("a", number)], person("second", Role.REVIEWER), KINDS)


def test_who_wrote_an_earlier_draft_of_it_cannot_approve_it_either(store, person) -> None:
    put(store, State.DRAFT, author="admin")
    number = put(store, State.SUBMITTED, author="clerk", feature=project(amount_wan=1))
    with pytest.raises(NotAllowed):
        take(store, Step.PUBLISH, [("a", number)], person("admin", Role.ADMIN), KINDS)


def test_after_publication_the_slate_is_clean(store, person) -> None:
    put(store, State.PUBLISHED, author="admin")
    number = put(store, State.SUBMITTED, author="clerk", feature=project(amount_wan=1))
    assert take(store, Step.PUBLISH, [("a", number)], person("admin", Role.ADMIN), KINDS)


def test_a_return_without_a_comment_is_refused(store, person) -> None:
    number = put(store, State.SUBMITTED)
    with pytest.raises(NotAllowed, match="reason"):
        take(store, Step.RETURN, [("a", number)], person("rev", Role.REVIEWER), KINDS, "  ")


def test_a_review_of_something_that_has_changed_since_is_refused(store, person) -> None:
    number = put(store, State.SUBMITTED)
    put(store, State.SUBMITTED, feature=project(amount_wan=2))
    with pytest.raises(Conflict):
        take(store, Step.PUBLISH, [("a", number)], person("rev", Role.REVIEWER), KINDS)


def test_all_of_a_step_or_nothing(store, person) -> None:
    first = put(store, State.SUBMITTED, feature=project("a"))
    second = put(store, State.DRAFT, feature=project("b"))
    with pytest.raises(NotAllowed):
        take(store, Step.PUBLISH, [("a", first), ("b", second)], person("rev", Role.REVIEWER), KINDS)
    assert list(store.published(KINDS)) == []


def test_rolling_back_makes_a_new_draft_of_the_old_content(store, person) -> None:
    put(store, State.PUBLISHED, feature=project(amount_wan=1))
    number = put(store, State.PUBLISHED, feature=project(amount_wan=2))
    (draft,) = roll_back(store, "a", 1, number, person("ed", Role.EDITOR), KINDS)
    assert draft.state is State.DRAFT
    assert draft.payload["amount_wan"] == 1
    (public,) = store.published(KINDS)
    assert public.payload()["amount_wan"] == 2
    with pytest.raises(NotAllowed):
        roll_back(store, "a", 99, draft.number, person("ed", Role.EDITOR), KINDS)


def test_what_has_expired_is_not_public(store) -> None:
    change = replace(Change(project()), expires_on="2026-06-30")
    store.record([change], author="x", reason="y", state=State.PUBLISHED)
    assert len(list(store.published(KINDS, today="2026-06-30"))) == 1
    assert list(store.published(KINDS, today="2026-07-01")) == []


def test_who_returned_it_has_written_nothing_and_may_approve_the_next_version(store, person) -> None:
    clerk, reviewer = person("clerk", Role.EDITOR), person("reviewer", Role.REVIEWER)
    number = put(store, State.SUBMITTED)
    (returned,) = take(store, Step.RETURN, [("a", number)], reviewer, KINDS, REASON)
    (again,) = take(store, Step.SUBMIT, [("a", returned.number)], clerk, KINDS)
    (published,) = take(store, Step.PUBLISH, [("a", again.number)], reviewer, KINDS)
    assert published.state is State.PUBLISHED


def request_withdrawal(store, person, name: str = "asker", role: Role = Role.EDITOR):
    return ask_withdrawal(store, store.current("a"), person(name, role), KINDS, "sold")


def test_a_request_for_withdrawal_takes_a_second_person(store, person) -> None:
    put(store, State.PUBLISHED)
    asked = request_withdrawal(store, person, role=Role.ADMIN)
    assert (asked.state, asked.withdraws, asked.reason) == (State.SUBMITTED, True, "sold")
    assert store.published_ids() == {"a"}
    with pytest.raises(NotAllowed, match="another person"):
        take(store, Step.PUBLISH, [("a", asked.number)], person("asker", Role.ADMIN), KINDS)
    (done,) = take(store, Step.PUBLISH, [("a", asked.number)], person("second", Role.REVIEWER), KINDS)
    assert done.state is State.WITHDRAWN
    assert store.published_ids() == set()
    (again,) = take(store, Step.RESTORE, [("a", done.number)], person("clerk", Role.EDITOR), KINDS)
    assert (again.state, again.withdraws) == (State.DRAFT, False)


def test_a_returned_request_leaves_what_is_public_and_may_be_made_again(store, person) -> None:
    put(store, State.PUBLISHED)
    asked = request_withdrawal(store, person)
    (back,) = take(store, Step.RETURN, [("a", asked.number)], person("second", Role.REVIEWER), KINDS, "no")
    assert (back.state, back.withdraws) == (State.REJECTED, True)
    assert store.published_ids() == {"a"}
    assert request_withdrawal(store, person).withdraws
    number = put(store, State.DRAFT, feature=project(amount_wan=5))
    (submitted,) = take(store, Step.SUBMIT, [("a", number)], person("clerk", Role.EDITOR), KINDS)
    assert not submitted.withdraws


def test_only_what_is_public_can_be_asked_to_go_and_only_by_editors(store, person) -> None:
    put(store, State.PUBLISHED)
    for role in (Role.VIEWER, Role.REVIEWER):
        with pytest.raises(NotAllowed):
            request_withdrawal(store, person, f"as-{role}", role)
    put(store, State.DRAFT, feature=project(amount_wan=5))
    with pytest.raises(NotAllowed):
        request_withdrawal(store, person)
    assert len(store.history("a")) == 2


def test_requests_are_not_approved_together_with_what_is_to_be_published(store, person) -> None:
    put(store, State.PUBLISHED)
    asked = request_withdrawal(store, person)
    number = put(store, State.SUBMITTED, feature=project("b"))
    wanted = [("a", asked.number), ("b", number)]
    with pytest.raises(NotAllowed):
        take(store, Step.PUBLISH, wanted, person("second", Role.REVIEWER), KINDS)
    assert {store.current(each).state for each, _ in wanted} == {State.SUBMITTED}
