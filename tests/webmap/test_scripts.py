"""The browser's modules as files: what older browsers read, what the policy allows, words that exist in every language."""

import re
from pathlib import Path

import pytest

from webmap.i18n import catalogues, script_messages

JS = Path(__file__).parents[2] / "webmap" / "static" / "js"
CSS = JS.parent / "css"
MODULES = sorted(JS.rglob("*.js"))
NAMES = [path.relative_to(JS).as_posix() for path in MODULES]
SVG_NAMESPACE = "http://www.w3.org/2000/svg"

NEWER_THAN_2019 = {
    "optional chaining": r"\w\)?\]?\?\.[A-Za-z_\[(]",
    "nullish coalescing": r"\?\?",
    "private members": r"(?:this\.|^\s+)#\w+",
    "top-level await": r"^await ",
    "logical assignment": r"(?:&&|\|\|)=",
    "replaceAll, at, Array.findLast": r"\.(?:replaceAll|at|findLast|replaceChildren)\(",
    "class fields": r"^  (?:static )?\w+ = ",
}
MARKUP_FROM_TEXT = r"\b(?:innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function)"


def code(path: Path) -> str:
    """A module without its comments."""
    text = path.read_text(encoding="utf-8")
    return re.sub(r"^\s*//.*$", "", re.sub(r"/\*.*?\*/", "", text, flags=re.S), flags=re.M)


@pytest.mark.parametrize("path", MODULES, ids=NAMES)
def test_a_module_uses_no_syntax_newer_than_2019(path: Path) -> None:
    text = code(path)
    assert [name for name, pattern in NEWER_THAN_2019.items() if re.search(pattern, text, re.M)] == []


@pytest.mark.parametrize(
    "line", ["a?.b", "a ?? b", "  #x = 1;", "await start()", "a ||= b", "x.replaceAll('a', 'b')", "  open = false;"]
)
def test_newer_syntax_would_be_found(line: str) -> None:
    assert any(re.search(pattern, line, re.M) for pattern in NEWER_THAN_2019.values())


@pytest.mark.parametrize("path", MODULES, ids=NAMES)
def test_a_module_makes_no_markup_from_text_and_names_no_host(path: Path) -> None:
    text = code(path)
    assert not re.search(MARKUP_FROM_TEXT, text)
    assert set(re.findall(r"https?://[^\"'`\s]+", text)) <= {SVG_NAMESPACE}


@pytest.mark.parametrize("path", MODULES, ids=NAMES)
def test_a_module_is_of_a_size_to_read(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300
    assert path.read_text(encoding="utf-8").startswith("// ")


@pytest.mark.parametrize("path", MODULES, ids=NAMES)
def test_what_a_module_imports_is_there(path: Path) -> None:
    for name in re.findall(r'from "(\.[^"]+)"', code(path)):
        assert (path.parent / name).resolve().is_file(), name


@pytest.mark.parametrize("lang", list(catalogues()))
def test_every_word_that_a_module_says_is_in_the_catalogue(lang: str) -> None:
    said = {key for path in MODULES for key in re.findall(r'\bsay\("(\w+)"', code(path))}
    said |= {f"sheet_{height}" for height in ("peek", "half", "full")}
    said |= {f"measure_{name}" for name in ("projects", "amount", "density")}
    assert len(said) > 20
    assert said - set(script_messages(lang)) == set()


def test_styles_name_no_other_host() -> None:
    for path in CSS.glob("*.css"):
        text = re.sub(r'url\("data:[^"]*"\)', "", path.read_text(encoding="utf-8"))
        assert not re.search(r"https?://|url\((?!#|\.\./)|@import", text), path.name
