"""The picture of a view over HTTP: parameters, what stands on it, the same bytes each time."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from test_tiles import plot

from webmap.app import create_app
from webmap.config import Config
from webmap.views import pictures

APPROVAL = "GS(2024)0000号"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def approved(config: Config) -> FlaskClient:
    """The facts and the demonstration data under a 审图号."""
    return create_app(replace(config, map_approval=APPROVAL)).test_client()


def drawing(client: FlaskClient, query: str = "") -> ET.Element:
    answer = client.get(f"/map.svg?{query}")
    assert answer.status_code == 200, answer.get_data(as_text=True)[:600]
    assert answer.mimetype == "image/svg+xml"
    return ET.fromstring(answer.data)  # noqa: S314 (our own)


def texts(root: ET.Element) -> list[str]:
    """Every text on the picture, each of which is drawn."""
    found = [group for group in root.iter(f"{SVG}g") if group.get("aria-label")]
    assert all(group.findall(f".//{SVG}use") for group in found)
    return [group.get("aria-label", "") for group in found]


def counted(root: ET.Element) -> int:
    return sum(int(group.get("data-n", "0")) for group in root.iter(f"{SVG}g"))


@pytest.mark.parametrize("query", ["", "lang=en", "view=heat", "view=choropleth&measure=amount", "county=411082"])
def test_marks_add_up_to_what_is_selected(approved: FlaskClient, query: str) -> None:
    root = drawing(approved, query)
    total = approved.get(f"/api/summary?{re.sub('(view|measure)=[^&]*&?', '', query)}").get_json()["total"]
    said = next(text for text in texts(root) if re.search(rf"\b{total}|共{total}", text))
    outside = re.search(r"其中(\d+)|(\d+) of them", said)
    assert counted(root) + (int(outside[1] or outside[2]) if outside else 0) == total > 0


def test_everything_that_a_picture_must_say_is_drawn_and_told(approved: FlaskClient) -> None:
    root = drawing(approved, "county=411082&kind=project")
    said = texts(root)
    for wanted in (f"审图号：{APPROVAL}", "招商合作热力图", "产业链集群"):
        assert wanted in said
    assert any(text.startswith("数据截至") for text in said) and any("公里" in text for text in said)
    assert any(text.startswith("边界：") for text in said)
    assert any("长葛市" in text and "项目" in text for text in said)
    description = root.find(f"{SVG}desc")
    assert description is not None and APPROVAL in (description.text or "")
    assert root.get("role") == "graphics-document"


def test_demonstration_data_are_marked_only_where_they_are(approved: FlaskClient) -> None:
    demo = approved.get("/api/collections/plot/items?limit=1").get_json()["features"][0]["properties"]
    assert demo["demo"]
    assert "含演示数据" in texts(drawing(approved, "kind=plot"))
    assert "含演示数据" not in texts(drawing(approved, "kind=policy"))


def test_legend_holds_what_the_view_shows_and_can_be_hidden(approved: FlaskClient) -> None:
    described = approved.get("/api/choropleth?measure=density&classes=quantile").get_json()
    coloured = drawing(approved, "view=choropleth&measure=density&classes=quantile")
    said = texts(coloured)
    assert all(row["label"] in "".join(said) for row in described["legend"])
    assert described["unit"]["zh"] in said
    heat = approved.get("/api/heat?scale=log").get_json()
    hot = texts(drawing(approved, "view=heat&scale=log"))
    assert {row["label"] for row in heat["legend"]} <= set(hot) and heat["unit"]["zh"] in hot
    hidden = drawing(approved, "view=heat&legend=0")
    assert not any(group.get("class") == "legend" for group in hidden.iter(f"{SVG}g"))


def test_counties_have_the_colours_of_their_classes(approved: FlaskClient) -> None:
    described = approved.get("/api/choropleth").get_json()
    root = drawing(approved, "view=choropleth&map=7/33.9/113.6")
    fills = {path.get("data-county"): path.get("fill") for path in root.iter(f"{SVG}path") if path.get("data-county")}
    assert len(fills) == len(described["values"])
    for adcode, value in described["values"].items():
        wanted = (
            "#ffffff"
            if value == 0
            else described["colours"][next(at for at, upper in enumerate(described["breaks"][1:]) if value <= upper)]
        )
        assert fills[adcode] == wanted, adcode


def test_counties_without_data_are_hatched(approved: FlaskClient) -> None:
    hatched = [
        [path.get("d") for path in drawing(approved, query).iter(f"{SVG}path") if path.get("class") == "no-data"]
        for query in ("view=choropleth&measure=amount", "view=choropleth")
    ]
    assert len(hatched[0]) == 1 and len(hatched[0][0] or "") > 1000 and not hatched[1]


@pytest.mark.parametrize(
    ("query", "size"),
    [("", (1200, 900)), ("size=200x2400", (200, 2400)), ("size=1200x630&view=heat&lang=en", (1200, 630))],
)
def test_png_has_the_size_that_was_asked_for_and_something_on_it(
    approved: FlaskClient, query: str, size: tuple[int, int]
) -> None:
    answer = approved.get(f"/map.png?{query}")
    assert answer.mimetype == "image/png"
    with Image.open(io.BytesIO(answer.data)) as picture:
        assert picture.size == size
        colours = picture.convert("RGB").getcolors(size[0] * size[1])
    assert colours is not None and len(colours) > 50


def test_the_same_address_gives_the_same_bytes_in_another_server(approved: FlaskClient, config: Config) -> None:
    pictures.typeface.cache_clear()
    other = create_app(replace(config, map_approval=APPROVAL)).test_client()
    for address in ("/map.svg?view=heat", "/map.png?size=600x450"):
        assert approved.get(address).data == other.get(address).data


def test_answers_are_tagged_and_differ_by_their_settings(approved: FlaskClient, client: FlaskClient) -> None:
    first = approved.get("/map.svg?kind=plot")
    again = approved.get("/map.svg?kind=plot", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert not any("审图号" in text for text in texts(drawing(client, "kind=plot")))


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("size=199x900", "size"),
        ("size=2401x900", "size"),
        ("size=900", "size"),
        ("size=1e3x900", "size"),
        ("center=200,34", "center"),
        ("center=113.7", "center"),
        ("zoom=nan", "zoom"),
        ("zoom=19", "zoom"),
        ("map=9/99/113", "map"),
        ("view=sky", "view"),
        ("legend=yes", "legend"),
        ("theme=neon", "theme"),
        ("colour=red", "colour"),
        ("county=999999", "county"),
    ],
)
def test_a_bad_parameter_is_named(client: FlaskClient, query: str, named: str) -> None:
    for suffix in ("svg", "png"):
        answer = client.get(f"/map.{suffix}?{query}")
        assert answer.status_code == 400 and named in answer.get_data(as_text=True)


def test_a_place_can_be_asked_for_as_an_embed_or_as_the_map_does(client: FlaskClient) -> None:
    assert client.get("/map.svg?map=10.5/34.2/113.8").data == client.get("/map.svg?center=113.8,34.2&zoom=10.5").data


def test_outlines_of_features_are_drawn_where_the_zoom_shows_them(app_of: Callable[..., Flask]) -> None:
    near = app_of([plot("one"), plot("two", "granted", 0.006)]).test_client()
    root = drawing(near, "kind=plot")
    assert {path.get("data-feature") for path in root.iter(f"{SVG}path")} >= {"plot/one", "plot/two"}
    assert {"one", "two"} & set(texts(root))


def test_nothing_selected_is_a_picture_too(client: FlaskClient) -> None:
    root = drawing(client, "q=\u2603nothing")
    assert counted(root) == 0 and any(text.endswith("共0项") for text in texts(root))


def test_pages_offer_the_picture(client: FlaskClient) -> None:
    page = client.get("/?kind=plot&view=heat&select=county/411082").get_data(as_text=True)
    assert 'href="/map.png?kind=plot&amp;view=heat"' in page
    assert (
        '<meta property="og:image" content="http://localhost/map.png?kind=plot&amp;view=heat&amp;size=1200x630">'
        in page
    )
    county = client.get("/county/411082").get_data(as_text=True)
    assert 'content="http://localhost/map.png?county=411082&amp;size=1200x630"' in county


def test_without_its_font_the_picture_says_so_and_the_map_goes_on(
    client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures.typeface.cache_clear()
    monkeypatch.setattr(pictures, "FONT", tmp_path)
    answer = client.get("/map.png?kind=route")
    assert answer.status_code == 503 and "make setup" in answer.get_data(as_text=True)
    assert client.get("/?kind=route").status_code == 200


def test_a_shared_link_to_a_feature_brings_a_picture_of_it_alone(approved: FlaskClient) -> None:
    page = approved.get("/f/plot/demo-plot-411082-01?lang=en").get_data(as_text=True)
    found = re.search(r'<meta property="og:image" content="http://localhost(/map\.png\?[^"]*)">', page)
    assert found
    href = unescape(found[1])
    assert href == "/map.png?feature=plot/demo-plot-411082-01&lang=en&size=1200x630"
    assert Image.open(io.BytesIO(approved.get(href).data)).size == (1200, 630)
    root = drawing(approved, href.partition("?")[2])
    told = texts(root)
    assert "Demo plot Changge-01" in told
    assert "Industrial plot; Xuchang · Changge City; Position: Surveyed" in told
    assert counted(root) == 1
    assert "Includes demo data" in told


def test_a_feature_known_to_its_county_is_a_badge_there_and_says_so(approved: FlaskClient) -> None:
    root = drawing(approved, "feature=project/hj-2022-cbn-mobile")
    assert counted(root) == 1
    assert {"招商项目；郑州市 · 惠济区；位置精度：县级", "惠济区", "1"} <= set(texts(root))


def test_a_filter_that_leaves_the_feature_out_leaves_nothing(approved: FlaskClient) -> None:
    assert counted(drawing(approved, "feature=project/hj-2022-cbn-mobile&kind=plot")) == 0
    assert counted(drawing(approved, "feature=project/hj-2022-cbn-mobile&county=411082")) == 0


@pytest.mark.parametrize("feature", ["plot/none", "castle/1", "plot", "/"])
def test_a_feature_that_is_not_there_is_named(feature: str, client: FlaskClient) -> None:
    answer = client.get(f"/map.png?feature={feature}")
    assert answer.status_code == 404
    assert feature in answer.get_data(as_text=True)
