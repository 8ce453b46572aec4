"""The staff's pages on a record in PostgreSQL, and while it is away."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from staff_office import install

import datasets.world

if TYPE_CHECKING:
    from postgres_cluster import Cluster

PAGES = ("/staff/", "/staff/records", "/staff/records?q=%00A", "/staff/audit/", "/staff/people/")


def test_they_say_so_while_it_is_away_and_go_on_when_it_is_back(
    cluster: Cluster, tmp_path: Path, world: datasets.world.World
) -> None:
    here = install(tmp_path, world, database_url=cluster.new_database())
    staff, public = here.browser("admin"), here.app.test_client()

    def answers() -> list[int]:
        return [staff.get(page).status_code for page in PAGES]

    try:
        assert set(answers()) == {200}
        cluster.stop()
        try:
            assert set(answers()) == {503}
            page = staff.get("/staff/").get_data(as_text=True)
            assert "公众页面不受影响" in page
            assert "127.0.0.1" not in page
            assert public.get("/list").status_code == 200
        finally:
            cluster.start()
        assert set(answers()) == {200}
    finally:
        here.desk.store.close()
        here.desk.accounts.engine.dispose()


@pytest.mark.parametrize("url", ["postgresql://someone:S3cret@127.0.0.1:9/x", "oracle://u:S3cret@h/x"])
def test_a_database_that_cannot_be_used_from_the_start(url: str, config: object) -> None:
    from dataclasses import replace

    from webmap.app import create_app

    client = create_app(replace(config, database_url=url)).test_client()  # type: ignore[type-var]
    answer = client.get("/staff/login")
    assert answer.status_code == 503
    assert "S3cret" not in answer.get_data(as_text=True)
    assert client.get("/list").status_code == 200
