"""The staff manages which websites embed the map."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from staff_office import OTHER, OWN, Installation, install

import datasets.world


@pytest.fixture
def office(tmp_path: Path) -> Installation:
    return install(tmp_path, datasets.world.load())


def test_from_the_form_to_the_frame_and_back(office: Installation) -> None:
    browser = office.browser("admin")
    sent = {"name": "长葛市政府", "origins": "https://www.changge.gov.cn/\n\n https://b.cn ", "scope": OWN}
    assert browser.post("/staff/embeds/new", sent).headers["Location"].endswith("done=added")
    (site,) = office.desk.embed_sites.all()
    assert (site.origins, site.counties) == (("https://www.changge.gov.cn", "https://b.cn"), (OWN,))
    page = browser.get("/staff/embeds/").get_data(as_text=True)
    assert site.key in page
    assert "长葛市" in page
    public = office.app.test_client()
    framed = public.get(f"/embed?site={site.key}")
    assert framed.status_code == 200
    assert "https://b.cn" in framed.headers["Content-Security-Policy"]
    office.app.extensions["relitu"].embed_uses.flush()
    assert office.desk.embed_sites.uses([site.key])[site.key].total == 1
    browser.post(f"/staff/embeds/{site.key}/revoke")
    office.app.extensions["relitu"].embed_sites._looked = 0.0
    assert public.get(f"/embed?site={site.key}").status_code == 403
    browser.post(f"/staff/embeds/{site.key}/restore")
    office.app.extensions["relitu"].embed_sites._looked = 0.0
    assert public.get(f"/embed?site={site.key}").status_code == 200


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({"name": "", "origins": "https://a.cn", "scope": OWN}, "name"),
        ({"name": "a", "origins": "www.a.cn", "scope": OWN}, "origins"),
        ({"name": "a", "origins": "https://a.cn"}, "scope"),
        ({"name": "a", "origins": "https://a.cn", "scope": OTHER}, "scope"),
        ({"name": "a", "origins": "https://a.cn", "all": "1"}, "scope"),
        ({"name": "a", "origins": "https://a.cn", "scope": "nowhere"}, "scope"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_kept(
    sent: dict[str, str], wrong: str, office: Installation
) -> None:
    answer = office.browser("admin").post("/staff/embeds/new", sent)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert re.findall(r'class="wrong" id="(\w+)-wrong"', page) == [wrong]
    assert f'value="{sent["name"]}"' in page
    assert office.desk.embed_sites.all() == []


def test_changing_keeps_the_key(office: Installation) -> None:
    browser = office.browser("root")
    browser.post("/staff/embeds/new", {"name": "a", "origins": "https://a.cn", "all": "1"})
    (site,) = office.desk.embed_sites.all()
    assert site.counties == ()
    form = browser.get(f"/staff/embeds/{site.key}").get_data(as_text=True)
    assert "https://a.cn" in form
    browser.post(f"/staff/embeds/{site.key}", {"name": "b", "origins": "https://b.cn", "scope": OWN})
    (changed,) = office.desk.embed_sites.all()
    assert (changed.key, changed.name, changed.counties) == (site.key, "b", (OWN,))
    assert browser.get("/staff/embeds/nobody").status_code == 404
