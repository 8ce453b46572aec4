"""How third-party files get into the static folder."""

import json
import shutil
import sys
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from webmap.assets import install as assets
from webmap.assets.install import AssetError, install

HERE = assets.HERE


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A copy of the folder with the lock file, as a checkout has it."""
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(HERE / name, tmp_path / name)
    return tmp_path


def fake_npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> Path:
    """A program in place of npm; its runs are counted in the file that comes back."""
    runs = tmp_path / "runs"
    program = tmp_path / "npm.py"
    program.write_text(
        f"from pathlib import Path\nimport sys\nwith open({str(runs)!r}, 'a') as f: f.write('x')\n{script}"
    )
    monkeypatch.setattr(assets, "_tool", lambda _: [sys.executable, str(program)])
    return runs


UNPACK = f"""
for package, files in {assets.SERVED!r}.items():
    for origin in files:
        path = Path('node_modules') / package / origin
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b'code();\\n//# sourceMappingURL=leaflet.js.map')
"""


def test_the_lock_file_pins_by_hash_and_holds_no_address() -> None:
    text = (HERE / "package-lock.json").read_text(encoding="utf-8")
    packages = json.loads(text)["packages"]
    assert "resolved" not in text and ".tgz" not in text
    assert all(entry["integrity"].startswith("sha512-") for name, entry in packages.items() if name)


def test_files_come_once_and_again_when_the_lock_changes(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = fake_npm(tmp_path, monkeypatch, UNPACK)
    vendor = tmp_path / "vendor"
    assert install(here=place, vendor=vendor)
    assert (vendor / "leaflet/leaflet.js").read_text() == "code();\n"
    assert not install(here=place, vendor=vendor)
    assert runs.read_text() == "x"
    (vendor / "leaflet/leaflet.css").unlink()
    assert install(here=place, vendor=vendor)
    (place / "package-lock.json").write_text("{}")
    assert install(here=place, vendor=vendor)
    assert runs.read_text() == "xxx"


def test_a_failing_npm_is_told_in_both_languages(place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_npm(tmp_path, monkeypatch, "sys.stderr.write('npm error network'); sys.exit(7)")
    with pytest.raises(AssetError, match=r"退出码 7.*exit status 7[\s\S]*npm error network"):
        install(here=place, vendor=tmp_path / "vendor")


def test_without_npm_the_way_out_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets.shutil, "which", lambda _: None)
    monkeypatch.setattr(assets.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(AssetError, match=r"apt install npm[\s\S]*There is no npm"):
        assets._tool("npm")


def test_a_missing_lock_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(AssetError, match=r"package\.json"):
        install(here=tmp_path, vendor=tmp_path / "vendor")


def test_fonts_are_unpacked_and_old_ones_go(place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = sorted((HERE.parent / "static/vendor/fonts/noto-sans-sc").glob("*.ttf"))[0]
    packed = tmp_path / "packed.woff2"
    with TTFont(whole) as font:
        font.flavor = "woff2"
        font.save(packed)
        letters = font.getBestCmap()
    assert packed.read_bytes().startswith(b"wOF2")
    runs = fake_npm(tmp_path, monkeypatch, UNPACK)
    vendor = tmp_path / "vendor"
    (vendor / "fonts/noto-sans-sc").mkdir(parents=True)
    (vendor / "fonts/noto-sans-sc/old.ttf").write_bytes(b"old")
    assert install(here=place, vendor=vendor) and runs.exists()
    assert [path.name for path in (vendor / "fonts/noto-sans-sc").glob("*.ttf")] == ["*.ttf"]
    assets._copy_file(packed, tmp_path / "back.ttf")
    with TTFont(tmp_path / "back.ttf") as font:
        assert font.flavor is None and font.getBestCmap() == letters
