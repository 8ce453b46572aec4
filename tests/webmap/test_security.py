"""Headers: nothing from elsewhere, nothing inline, framing only where it is allowed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from webmap.config import Config
from webmap.security import content_security_policy

PAGES = ["/", "/list", "/embed", "/embed/maker", "/county/410882", "/api/summary", "/nowhere"]


def directives(policy: str) -> dict[str, list[str]]:
    return {name: values for name, *values in (part.split() for part in policy.split(";"))}


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_carries_the_policy(path: str, client: FlaskClient) -> None:
    answer = client.get(path)
    policy = directives(answer.headers["Content-Security-Policy"])
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == ["'self'"]
    assert policy["style-src"] == ["'self'"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/", "/list", "/embed", "/embed/maker", "/county/410882"])
def test_no_page_holds_inline_script_or_style(path: str, client: FlaskClient) -> None:
    page = client.get(path).get_data(as_text=True)
    assert "<style" not in page
    assert " style=" not in page
    assert "javascript:" not in page
    for opening in page.split("<script")[1:]:
        attributes, _, rest = opening.partition(">")
        assert "src=" in attributes or "application/json" in attributes or "ld+json" in attributes, rest[:80]
    assert not [word for word in page.split() if word.startswith(("onclick=", "onload=", "onerror=", "onchange="))]


def test_only_the_embed_may_be_framed_and_only_by_allowed_hosts(app_of: Callable[..., Flask]) -> None:
    client = app_of([], frame_ancestors=("https://www.xuchang.gov.cn",)).test_client()
    embed = directives(client.get("/embed").headers["Content-Security-Policy"])
    assert embed["frame-ancestors"] == ["'self'", "https://www.xuchang.gov.cn"]
    page = directives(client.get("/").headers["Content-Security-Policy"])
    assert page["frame-ancestors"] == ["'self'"]


def test_without_allowed_hosts_nobody_else_frames(client: FlaskClient) -> None:
    assert directives(client.get("/embed").headers["Content-Security-Policy"])["frame-ancestors"] == ["'self'"]


def test_only_the_configured_base_map_is_let_in(config: Config) -> None:
    for base_map, host in (("none", ""), ("tianditu", "tianditu.gov.cn"), ("amap", "autonavi.com")):
        made = Config(data_dir=config.data_dir, base_map=base_map, tianditu_key="a" * 32)  # type: ignore[arg-type]
        images = directives(content_security_policy(made))["img-src"]
        foreign = [image for image in images if image.startswith("https:")]
        assert bool(foreign) == bool(host)
        assert all(host in image for image in foreign)
