"""What a KML placemark says of itself: name, description, extended data, the folders it lies in."""

from __future__ import annotations

from collections.abc import Sequence
from html.parser import HTMLParser
from xml.etree.ElementTree import Element

from geo.read.formats._kml_shapes import child, local

_MOST_HTML = 200_000


def attributes(placemark: Element, folders: Sequence[str]) -> dict[str, object]:
    """The placemark's attributes; a table in the description (as GIS programs write it) gives one a row of two cells."""
    found: dict[str, object] = {}
    for element in placemark:
        kind = local(element.tag)
        if kind in ("name", "description", "address", "phoneNumber", "Snippet"):
            found[kind] = (element.text or "").strip()
        elif kind == "ExtendedData":
            found |= _extended(element)
    description = found.get("description")
    if isinstance(description, str) and "<t" in description.lower():
        found = _rows_of(description) | found
    if placemark.get("id") and "id" not in found:
        found["id"] = placemark.get("id")
    if any(folders):
        found["folder"] = "/".join(each for each in folders if each)
    return found


def _extended(element: Element) -> dict[str, object]:
    found: dict[str, object] = {}
    for each in element:
        if local(each.tag) == "Data":
            value = child(each, "value")
            found[each.get("name") or ""] = ((value.text or "") if value is not None else "").strip()
        elif local(each.tag) == "SchemaData":
            for cell in each:
                found[cell.get("name") or ""] = (cell.text or "").strip()
    found.pop("", None)
    return found


class _Table(HTMLParser):
    """Gathers the cells of each table row."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "tr":
            self.rows.append([])
            self._inside = False
        elif tag in ("td", "th") and self.rows:
            self.rows[-1].append("")
            self._inside = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr"):
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.rows[-1][-1] += data


def _rows_of(html: str) -> dict[str, object]:
    table = _Table()
    try:
        table.feed(html[:_MOST_HTML])
    except (ValueError, AssertionError):
        return {}
    pairs = [[cell.strip() for cell in row] for row in table.rows if len(row) == 2]
    return {key: value for key, value in pairs if key and len(key) <= 100}
