"""The app's pages with the addresses of a site without a server.

The templates write every attribute in double quotes and escape what stands in it, so tags can be read one by one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape

from webmap.static_site.addresses import needs_server, selected_by

TAG = re.compile(r'<(a|form|link|img|iframe|source)\b((?:[^>"]|"[^"]*")*)>')
MODULE = re.compile(r'<script type="module" src="([^"]*)"></script>')
SCRIPT = re.compile(r'<script src="([^"]*)"')
SHARED = re.compile(r'<meta property="og:image[^>]*>\n?')  # a picture that only a server draws
ATTRIBUTE = re.compile(r'([\w-]+)(?:="([^"]*)")?')
LINK = re.compile(r'(?: · )?<a\b(?:[^>"]|"[^"]*")*?\shref="([^"]*)"(?:[^>"]|"[^"]*")*>.*?</a>', re.S)
ADDRESS = {"a": "href", "form": "action", "link": "href", "img": "src", "iframe": "src", "source": "src"}
Place = Callable[[str], str | None]


def rewritten(html: str, place: Place, scripts: Callable[[str], str] = lambda _: "") -> str:
    """A page or fragment of the app with other addresses.

    place: the new address of one of the app's; None for what the site has not: such a link stays as words, such a form
    is hidden, anything else is left out. A link to what only a server can do goes with its words. scripts: what stands
    for a module, by its address.
    """
    html = LINK.sub(lambda found: "" if needs_server(unescape(found[1])) else found[0], html)
    html = SHARED.sub("", html)
    html = SCRIPT.sub(lambda found: f'<script src="{escape(_needed(place, unescape(found[1])))}"', html)
    html = MODULE.sub(lambda found: scripts(unescape(found[1])), html)
    return TAG.sub(lambda found: _tag(found[1], found[2], place), html)


def _needed(place: Place, address: str) -> str:
    found = place(address)
    if found is None:
        raise LookupError(f"a page needs {address}, which the site has not")
    return found


def _tag(name: str, rest: str, place: Place) -> str:
    attributes = {found[1]: unescape(found[2] or "") for found in ATTRIBUTE.finditer(rest)}
    address = attributes.get(ADDRESS[name])
    if address is None or address.startswith(("#", "?", "data:", "mailto:", "tel:")):
        return f"<{name}{rest}>"
    if name == "form" and attributes.get("method", "get").lower() != "get":
        return _hidden(name, rest)
    found = place(address)
    if found is None:
        return _hidden(name, rest) if name in ("a", "form") else ""
    written = _with(rest, ADDRESS[name], found)
    if name == "a" and "data-select" not in attributes and (selected := selected_by(address)):
        written += f' data-select="{escape(selected)}"'
    return f"<{name}{written}>"


def _hidden(name: str, rest: str) -> str:
    """A form disappears; a link stays as words, for it may be a part of a sentence or a title."""
    without = re.sub(rf'\s+{ADDRESS[name]}="[^"]*"', "", rest)
    return f"<{name}{without}{' hidden' if name == 'form' else ''}>"


def _with(rest: str, attribute: str, value: str) -> str:
    return re.sub(rf'(\s{attribute}=")[^"]*(")', lambda found: found[1] + escape(value) + found[2], rest, count=1)
