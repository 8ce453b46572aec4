"""Embedding websites: kept, changed, revoked, counted; the same on every database."""

from __future__ import annotations

from datetime import date

import pytest

from geo.store import Store, audit
from geo.store.embed_sites import BadSite, EmbedSites, Uses, origins_of


@pytest.fixture
def sites(store: Store) -> EmbedSites:
    return EmbedSites(store.engine)


def test_a_site_is_kept_as_given(sites: EmbedSites) -> None:
    made = sites.add(
        " 长葛市政府 ", ["https://www.changge.gov.cn/", "HTTPS://*.example.cn:8443"], ["411082"], by="root"
    )
    assert sites.get(made.key) == made
    assert (made.name, made.counties) == ("长葛市政府", ("411082",))
    assert made.origins == ("https://www.changge.gov.cn", "https://*.example.cn:8443")
    assert sites.add("other", ["https://a.cn"], [], by="root").key != made.key


def test_changing_and_revoking_leave_the_key_and_a_trace(sites: EmbedSites, store: Store) -> None:
    key = sites.add("a", ["https://a.cn"], [], by="root").key
    sites.change(key, "b", ["https://b.cn"], ["411082"], by="root")
    sites.revoke(key, by="root")
    changed = sites.get(key)
    assert changed is not None
    assert (changed.name, changed.origins, changed.counties) == ("b", ("https://b.cn",), ("411082",))
    assert changed.revoked_at is not None
    sites.restore(key, by="root")
    assert [site.revoked_at for site in sites.all()] == [None]
    actions = [entry.action for entry in audit.entries(store.engine) if entry.object == key]
    assert sorted(actions) == ["embed.add", "embed.change", "embed.restore", "embed.revoke"]


def test_an_unknown_key_changes_nothing(sites: EmbedSites, store: Store) -> None:
    with pytest.raises(BadSite) as bad:
        sites.revoke("nobody", by="root")
    assert bad.value.field == "key"
    assert not [entry for entry in audit.entries(store.engine) if entry.action.startswith("embed.")]


@pytest.mark.parametrize(
    "origin",
    [
        "www.example.cn",
        "https://example.cn/path",
        "javascript:alert(1)",
        "https://",
        "https://a b.cn",
        "*",
        "https://*",
        "https://a..cn",
        "https://a.cn; script-src *",
        "ftp://a.cn",
    ],
)
def test_what_is_no_origin_is_refused_by_name(origin: str) -> None:
    with pytest.raises(BadSite) as bad:
        origins_of(["https://good.cn", origin])
    assert bad.value.field == "origins"
    assert origin.strip() in bad.value.label.zh


def test_a_site_needs_a_name_and_an_origin(sites: EmbedSites) -> None:
    for name, origins, field in ((" ", ["https://a.cn"], "name"), ("a", ["", " "], "origins")):
        with pytest.raises(BadSite) as bad:
            sites.add(name, origins, [], by="root")
        assert bad.value.field == field
    assert sites.all() == []


def test_openings_add_up_by_day(sites: EmbedSites) -> None:
    sites.count({("k", "2026-10-01"): 2, ("k", "2026-11-19"): 3})
    sites.count({("k", "2026-11-19"): 4, ("other", "2026-11-19"): 1})
    found = sites.uses(["k", "never"], today=date(2026, 11, 20))
    assert found == {"k": Uses(total=9, recent=7, last="2026-11-19"), "never": Uses()}
