"""Whole answers, compressed as they were sent, within a budget of bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

from flask import request
from werkzeug.http import parse_etags, remove_entity_headers

Headers = list[tuple[str, str]]
MARK = "relitu.kept"  # where a view leaves its Keeping in the request's environment
OVERHEAD = 1500  # bytes of an entry besides its body: headers, keys, their places in the tables
ALIASES = 16_384  # spellings of addresses that lead to kept answers


@dataclass(frozen=True)
class Keeping:
    """What a view says of its answer: it depends on nothing but `version` and the address.

    version: of the snapshot that it shows; empty for what no snapshot changes. same: an address in its one spelling,
    where the view knows that others mean the same (and the answer does not depend on the host).
    """

    version: str
    same: str = ""


def keep(version: str, same: str = "") -> None:
    """Allow the answer to the running request to be given to others too."""
    request.environ[MARK] = Keeping(version, same)


@dataclass(slots=True)
class KeptAnswer:
    """One answer, as it goes out: headers and body of a 200."""

    version: str
    headers: Headers
    body: bytes | None  # None once it has been dropped
    etag: str
    used: bool = True

    def __post_init__(self) -> None:
        self.headers = [(name, value) for name, value in self.headers if name.lower() != "date"]

    @property
    def unchanged(self) -> Headers:
        """The headers of its 304."""
        left = list(self.headers)
        remove_entity_headers(left)
        return left

    @property
    def weight(self) -> int:
        """Bytes that it takes."""
        return OVERHEAD + len(self.body or b"")

    def is_known_to(self, if_none_match: str) -> bool:
        """Whether the client has it already."""
        if not self.etag:
            return False
        if if_none_match == self.etag:
            return True
        return parse_etags(if_none_match).contains_weak(self.etag.removeprefix("W/").strip('"'))


class KeptAnswers:
    """Answers by their one key, and the spellings that lead to them.

    What nobody asks for again goes first: an answer that was used since the hand last passed gets another round, so that a
    crowd of addresses asked for once does not drive out what everybody asks for. May be used by several threads.
    """

    def __init__(self, size: int) -> None:
        """size: bytes that all may take together."""
        self._size = size
        self._answers: OrderedDict[object, KeptAnswer] = OrderedDict()
        self._aliases: dict[object, KeptAnswer] = {}
        self._lock = threading.Lock()
        self._version = ""
        self.bytes = 0
        self.dropped = 0

    def __len__(self) -> int:
        return len(self._answers)

    def by_alias(self, alias: object) -> KeptAnswer | None:
        """The answer that a spelling led to lately. Takes no lock: it is asked at every request."""
        return self._aliases.get(alias)

    def by_key(self, key: object, alias: object) -> KeptAnswer | None:
        """The answer of that key; the spelling `alias` will lead to it from now on."""
        with self._lock:
            found = self._answers.get(key)
            if found is not None:
                self._point(alias, found)
            return found

    def add(self, key: object, alias: object, made: KeptAnswer) -> None:
        """Keep an answer, unless it alone would take an eighth of all room."""
        if made.weight > self._size // 8:
            return
        with self._lock:
            before = self._answers.get(key)
            if before is not None and before.version == made.version and before.etag == made.etag:
                self._point(alias, before)  # another spelling of the same
                return
            if before is not None:
                self._forget(self._answers.pop(key))
            made.used = False
            self._answers[key] = made
            self.bytes += made.weight
            self._point(alias, made)
            while self.bytes > self._size:
                oldest, answer = self._answers.popitem(last=False)
                if answer.used:
                    answer.used = False
                    self._answers[oldest] = answer
                else:
                    self._forget(answer)
                    self.dropped += 1

    def turn_to(self, version: str) -> bool:
        """Drop what shows another version of the snapshot; tells whether it is one that was not served before."""
        if version == self._version:
            return False
        with self._lock:
            self._version = version
            for key, answer in list(self._answers.items()):
                if answer.version not in ("", version):
                    del self._answers[key]
                    self._forget(answer)
            self._aliases.clear()
        return True

    def _point(self, alias: object, answer: KeptAnswer) -> None:
        if len(self._aliases) >= ALIASES:
            self._aliases.clear()  # they are found again at the price of one look at the key
        self._aliases[alias] = answer

    def _forget(self, answer: KeptAnswer) -> None:
        self.bytes -= answer.weight
        answer.body = None  # spellings may still lead here
