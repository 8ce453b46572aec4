"""The map's shell: folium's own page reduced to an element and a script that ask nobody else."""

import re
import subprocess
import sys

import pytest

from webmap import folium_map
from webmap.folium_map import Shell, ShellSettings, render

KEY = "0123456789abcdef0123456789abcdef"
PLAIN = ShellSettings()
TIANDITU = ShellSettings("zh", "tianditu", KEY)
AMAP = ShellSettings("zh", "amap")
ALL = [PLAIN, ShellSettings("en"), TIANDITU, ShellSettings("en", "tianditu", KEY), AMAP]


def addresses(shell: Shell) -> set[str]:
    return set(re.findall(r"(?:https?:)?//[\w{}.-]+\.[a-z]{2,}", shell.html + shell.script))


@pytest.mark.parametrize("settings", [PLAIN, ShellSettings("en")])
def test_without_a_base_map_no_other_host_is_named(settings: ShellSettings) -> None:
    assert addresses(render(settings)) == set()


def test_a_base_map_names_its_own_hosts_only() -> None:
    assert addresses(render(TIANDITU)) == {"https://t{s}.tianditu.gov.cn"}
    assert addresses(render(AMAP)) == {"https://webrd0{s}.is.autonavi.com"}


@pytest.mark.parametrize("settings", ALL)
def test_the_markup_is_one_empty_element(settings: ShellSettings) -> None:
    shell = render(settings)
    assert re.fullmatch(r'\s*<div class="folium-map" id="map_relitu"\s*>\s*</div>\s*', shell.html)
    assert "<" not in re.sub(r"step < 5", "", shell.script)


@pytest.mark.parametrize("settings", ALL)
def test_the_same_settings_give_the_same_bytes(settings: ShellSettings) -> None:
    first = render(settings)
    render.cache_clear()
    assert render(settings) == first
    assert not re.search(r"[0-9a-f]{32}", first.script.replace(KEY, "")), "a random identifier of folium's"


def test_other_settings_give_another_version() -> None:
    assert len({render(settings).version for settings in ALL}) == len(ALL)


def test_the_script_leaves_one_global() -> None:
    script = render(PLAIN).script
    assert script.startswith("(function () {") and script.rstrip().endswith("}());")
    assert re.findall(r"window\.(\w+) =", script) == ["relitu"]


def test_leaflet_gets_the_limits_of_the_province() -> None:
    script = render(PLAIN).script
    assert '"minZoom": 7' in script and '"maxZoom": 18' in script and '"maxBounds"' in script


def test_panes_stand_between_the_tiles_and_the_marks() -> None:
    levels = dict(re.findall(r'createPane\("(\w+)"\)\.style\.zIndex = (\d+)', render(PLAIN).script))
    assert levels == {name: str(level) for name, level in folium_map.PANES.items()}
    assert all(200 < int(level) < 600 for level in levels.values())


def test_words_follow_the_language() -> None:
    assert '"Zoom in"' in render(ShellSettings("en")).script
    assert "\\u653e\\u5927" in render(PLAIN).script


def test_tianditu_shows_ground_and_names_of_the_language() -> None:
    assert re.findall(r"LAYER=(\w+)", render(TIANDITU).script) == ["vec", "cva"]
    assert re.findall(r"LAYER=(\w+)", render(ShellSettings("en", "tianditu", KEY)).script) == ["vec", "eva"]
    assert render(TIANDITU).script.count(f"tk={KEY}") == 2


@pytest.mark.parametrize("key", ["", "short", "0123456789'; alert(1)", f"{KEY}</script>"])
def test_tianditu_without_a_sound_key_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="key"):
        render(ShellSettings("zh", "tianditu", key))


def test_an_unknown_base_map_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown base map"):
        render(ShellSettings("zh", "osm"))  # type: ignore[arg-type]


def test_what_has_to_be_loaded_is_ours() -> None:
    shell = render(PLAIN)
    assert shell.js == ("vendor/leaflet/leaflet.js",)
    assert all(name.endswith(".css") and ":" not in name for name in shell.css)


def test_importing_the_module_does_not_import_folium() -> None:
    code = "import sys, webmap.folium_map; sys.exit('folium' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
