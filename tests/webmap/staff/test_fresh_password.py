"""Passwords that the office gives out are always such as the accounts accept."""

from __future__ import annotations

import re
import secrets

import pytest

from webmap.staff.people import fresh_password


def test_a_password_never_holds_the_name_of_its_account(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter("aNEubc2DEFGHJKmnPQRS" + "aXEubc2DEFGHJKmnPQRS")
    monkeypatch.setattr(secrets, "choice", lambda _: next(drawn))
    assert fresh_password("neu") == "aXEub-c2DEF-GHJKm-nPQRS"


@pytest.mark.parametrize("name", ["a2", "e-e", "neu"])
def test_a_password_is_four_groups_of_five(name: str) -> None:
    for _ in range(200):
        password = fresh_password(name)
        assert re.fullmatch(r"[A-Za-z2-9]{5}(-[A-Za-z2-9]{5}){3}", password)
        assert name not in password.lower()
