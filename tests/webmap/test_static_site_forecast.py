"""What a site will come to is told before it is written, and what nobody can have meant is refused with the way out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from small_site import small_site

from webmap.cli import relitu
from webmap.config import Config
from webmap.static_site import publishing
from webmap.static_site.edition import Edition
from webmap.static_site.forecast import forecast
from webmap.static_site.refusals import SiteRefused

ZOOM = 7


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    return replace(small_site(tmp_path_factory.mktemp("foreseen")), map_approval="GS(2024)0000号")


@pytest.fixture(scope="module")
def edition(config: Config) -> Edition:
    return Edition(config, ("zh", "en"))


def test_what_is_foretold_is_what_is_written(edition: Edition, tmp_path: Path) -> None:
    told = forecast(edition, ZOOM, 10**6)
    folder = tmp_path / "site"
    publishing.publish(edition, folder, zoom=ZOOM)
    tiles, pages = list(folder.rglob("*.mvt")), list(folder.rglob("*.html"))
    assert told.tiles[-1] == len(tiles)
    assert [told.tiles[z] for z in range(ZOOM + 1)] == [
        sum(int(tile.parts[-3]) <= z for tile in tiles) for z in range(ZOOM + 1)
    ]
    assert abs(told.pages - len(pages)) <= 20  # a few pages are found only by their links
    size = sum(path.stat().st_size for path in (*tiles, *pages))
    assert size / 2 < told.size < size * 2


def test_too_many_tiles_name_the_zoom_that_can_be_written(edition: Edition) -> None:
    told = forecast(edition, ZOOM, 10**6)
    most = told.pages + told.tiles[4]
    assert forecast(edition, 4, most).tiles == told.tiles[:5]
    with pytest.raises(SiteRefused) as refused:
        forecast(edition, ZOOM, most)
    assert "--zoom 4" in refused.value.label.zh
    assert "--zoom 4" in refused.value.label.en
    assert f"--most {most * 10}" in refused.value.label.en


def test_too_many_pages_name_the_language_or_the_limit(edition: Edition, config: Config) -> None:
    pages = forecast(edition, None, 10**6).pages
    with pytest.raises(SiteRefused) as refused:
        forecast(edition, None, pages - 1)
    assert "--lang zh" in refused.value.label.en
    with pytest.raises(SiteRefused) as refused:
        forecast(edition, None, 3)
    assert "--lang" not in refused.value.label.en
    assert "--most" in refused.value.label.zh
    assert forecast(Edition(config, ("zh",)), None, pages // 2).pages == pages // 2


@pytest.mark.parametrize("form", ["folder", "zip", "html"])
def test_the_commands_say_it_first_and_write_nothing_when_it_is_too_much(
    form: str, config: Config, tmp_path: Path
) -> None:
    target = tmp_path / ("s" if form == "folder" else f"s.{form}")
    words = ["publish", "--static", str(target), "--zoom", "2"] if form == "folder" else ["export-site", str(target)]
    command = [*words, "--data", str(config.data_dir), "--lang", "zh"]
    env = {"LC_ALL": "C.UTF-8"}
    refused = CliRunner().invoke(relitu, [*command, "--most", "5"], env=env)
    assert refused.exit_code != 0
    assert "nothing was written" in refused.output + str(refused.exception)
    assert not target.exists()
    done = CliRunner().invoke(relitu, command, env=env)
    assert done.exit_code == 0, done.output
    assert done.output.index("about ") < done.output.index("wrote ")
    assert target.exists()
