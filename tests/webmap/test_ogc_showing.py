"""What of the features is shown: some properties only, no geometries."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient


def link_of(body: dict, rel: str) -> str:
    """The one address of a relation."""
    (found,) = (link["href"] for link in body["links"] if link["rel"] == rel)
    return str(found)


def test_only_what_is_asked_for_is_shown(client: FlaskClient) -> None:
    at = "/api/collections/plot/items"
    whole = client.get(f"{at}?limit=4").get_json()["features"]
    body = client.get(f"{at}?limit=4&properties=county_name,area_m2").get_json()
    for each, full in zip(body["features"], whole, strict=True):
        assert list(each["properties"]) == ["area_m2", "county_name"]  # in the order of the declaration
        assert each == full | {"properties": {name: full["properties"][name] for name in each["properties"]}}
    behind = client.get(link_of(body, "next")).get_json()["features"]
    assert all(list(each["properties"]) == ["area_m2", "county_name"] for each in behind)
    bare = client.get(f"{at}?limit=4&skipGeometry=true").get_json()["features"]
    assert bare == [full | {"geometry": None} for full in whole]
    assert client.get(f"{at}?limit=4&skipGeometry=false").get_json()["features"] == whole
    one = client.get(f"{at}/{whole[0]['id']}?properties=name&skipGeometry=true").get_json()
    assert (list(one["properties"]), one["geometry"]) == (["name"], None)
    assert client.get(link_of(one, "self")).get_json()["properties"] == one["properties"]


@pytest.mark.parametrize(
    ("query", "param", "said"),
    [
        ("properties=nam", "properties", "name"),
        ("properties=", "properties", "properties"),
        ("properties=name&properties=id", "properties", "一次"),
        ("skipGeometry=maybe", "skipGeometry", "true"),
    ],
)
def test_what_is_to_be_shown_must_be_there(query: str, param: str, said: str, client: FlaskClient) -> None:
    for address in ("/api/collections/plot/items", f"/api/collections/plot/items/{one_plot(client)}"):
        answer = client.get(f"{address}?{query}")
        (fault,) = answer.get_json()["parameters"]
        assert (answer.status_code, fault["name"]) == (400, param)
        assert said in fault["message"]


def one_plot(client: FlaskClient) -> str:
    found: str = client.get("/api/collections/plot/items?limit=1").get_json()["features"][0]["id"]
    return found
