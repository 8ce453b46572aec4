"""What many ask for at the same moment is made once, and nobody waits for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, Response

from webmap.serving import front as fronts
from webmap.serving.kept import keep
from webmap.serving.once import Once

MANY = 12


class Slow:
    """A view that hangs until it is let go, and all who ask for it."""

    def __init__(self, app: Flask, lasting: bool) -> None:
        self.app, self.lasting, self.made = app, lasting, 0
        self.front = app.extensions[fronts.EXTENSION]
        self.go = threading.Event()
        self.answers: list[tuple[int, bytes]] = []
        self._threads: list[threading.Thread] = []
        app.add_url_rule("/test/slow", view_func=self._view)

    def _view(self) -> Response:
        self.made += 1
        own = self.made
        assert self.go.wait(20)
        if self.lasting:
            keep("")
        return Response(f"made {own}", headers={"Content-Length": str(len(f"made {own}"))})

    def ask(self, count: int, until: Callable[[], Any], path: str = "/test/slow") -> None:
        """So many ask; returns when it has come so far."""
        for _ in range(count):
            thread = threading.Thread(target=self._ask, args=(path,))
            thread.start()
            self._threads.append(thread)
        while not until():
            pass

    def _ask(self, path: str) -> None:
        answer = self.app.test_client(use_cookies=False).get(path)
        self.answers.append((answer.status_code, answer.data))

    def end(self) -> list[tuple[int, bytes]]:
        self.go.set()
        for thread in self._threads:
            thread.join(20)
        return self.answers


@pytest.fixture
def app(app_of: Callable[..., Flask]) -> Flask:
    made = app_of([])
    made.config["PROPAGATE_EXCEPTIONS"] = False
    return made


def test_a_crowd_that_asks_for_the_same_gets_what_was_made_once(app: Flask) -> None:
    slow = Slow(app, lasting=True)
    slow.front.gates["public"].most_waiting = 0  # nobody of them has to find a place
    slow.ask(1, lambda: slow.made == 1)
    slow.ask(MANY, lambda: slow.front.once.waiting == MANY)
    assert slow.end() == [(200, b"made 1")] * (MANY + 1)
    assert (slow.made, slow.front.once.waiting) == (1, 0)
    slow.ask(1, lambda: len(slow.answers) == MANY + 2)
    assert slow.made == 1  # it has been kept


def test_what_is_for_one_alone_is_made_for_each(app: Flask) -> None:
    slow = Slow(app, lasting=False)
    slow.ask(1, lambda: slow.made == 1)
    slow.ask(2, lambda: slow.front.once.waiting == 2)
    assert sorted(slow.end()) == [(200, b"made 1"), (200, b"made 2"), (200, b"made 3")]


def test_another_address_does_not_wait(app: Flask) -> None:
    slow = Slow(app, lasting=True)
    slow.ask(1, lambda: slow.made == 1)
    slow.ask(1, lambda: slow.made == 2, "/test/slow?other=1")
    assert slow.front.once.waiting == 0
    slow.end()


def test_who_waits_goes_on_when_it_fails(app: Flask) -> None:
    app.add_url_rule("/test/fails", view_func=lambda: slow.go.wait(20) and 1 / 0)
    slow = Slow(app, lasting=True)
    slow.ask(3, lambda: slow.front.once.waiting == 2, "/test/fails")
    assert [status for status, _ in slow.end()] == [500] * 3
    assert slow.front.once.begin("anything")
    assert slow.front.gates["public"].running == 0


def test_patience_and_room_have_an_end() -> None:
    once = Once(waiting=1, patience_s=0.01)
    assert once.begin("one")
    assert not once.begin("one")  # waited in vain
    assert once.waiting == 0
    once.most_waiting = 0
    assert not once.begin("one")  # did not wait
    once.end("one")
    assert once.begin("one")
