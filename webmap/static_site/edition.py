"""What a site is made of: one version of an installation's public side, held still while it is written out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from flask import render_template

from datasets.labels import DEFAULT_LANGUAGE
from geo.model import Kinds
from webmap import i18n
from webmap.app import create_app
from webmap.config import Config
from webmap.present.reader import Reader
from webmap.site import Site
from webmap.views.pages_map import script_data
from webmap.views.pages_render import reader

Progress = Callable[[str, int, int], None]


class Unrendered(RuntimeError):
    """A page that the app does not give; it should, so this is a fault of ours."""


@dataclass(frozen=True)
class Answer:
    """What the app answers."""

    status: int
    mimetype: str
    content: bytes


class Edition:
    """The app on the snapshot of the moment; a newer one is not noticed, so that all pages say the same.

    Raises what keeps an application from serving (`create_app`).
    """

    def __init__(
        self, config: Config, languages: tuple[str, ...], kinds: Kinds | None = None, progress: Progress | None = None
    ) -> None:
        self.app = create_app(replace(config, staff_enabled=False), kinds)
        self.config = config
        self.languages = languages
        self.site: Site = self.app.extensions["relitu"]
        self.site.hold()
        self.progress: Progress = progress or (lambda _phase, _done, _total: None)
        self._client = self.app.test_client()

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of which anything is published, in their order."""
        held = self.site.snapshot
        return tuple(kind for kind in self.site.kinds.names if kind in held.kinds and held.table(kind).rows)

    @property
    def static_version(self) -> str:
        """The version of the app's own scripts and styles."""
        return str(self.app.config["STATIC_VERSION"])

    def get(self, address: str) -> Answer:
        """What the app answers at an address."""
        response = self._client.get(address)
        try:
            return Answer(response.status_code, response.mimetype or "", response.get_data())
        finally:
            response.close()  # what is under way counts against what the app does at once

    def content(self, address: str) -> bytes:
        """The bytes at an address that has to be there; raises Unrendered."""
        found = self.get(address)
        if found.status != 200:
            raise Unrendered(f"{address} is answered with {found.status}")
        return found.content

    def text(self, address: str) -> str:
        """The same as text."""
        return self.content(address).decode()

    @contextmanager
    def reading(self, lang: str) -> Iterator[Reader]:
        """A reader of a language, as a request has it; templates and words work inside."""
        with self.app.test_request_context(in_language("/", lang)):
            yield reader()

    def words(self, lang: str) -> dict[str, Any]:
        """What the browser's modules say and show in a language."""
        with self.reading(lang) as who:
            return script_data(who)

    def template(self, name: str, lang: str, **values: object) -> str:
        """A template of ours in a language."""
        with self.reading(lang):
            return render_template(name, **values)


def in_language(address: str, lang: str) -> str:
    """An address in a language."""
    if lang == DEFAULT_LANGUAGE:
        return address
    return f"{address}{'&' if '?' in address else '?'}lang={lang}"


def feature_address(kind: str, feature_id: str) -> str:
    """The address of a feature's page in the app."""
    return f"/f/{quote(kind, safe='')}/{quote(feature_id, safe='')}"


def spoken() -> tuple[str, ...]:
    """The languages that a site may have, the default one first."""
    return i18n.languages()
