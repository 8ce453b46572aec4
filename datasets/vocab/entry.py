"""One entry of a TOML file that people edit, read strictly: every error says where it is and the way out."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from datasets.errors import DatasetError
from datasets.labels import Label

_COLOUR = re.compile(r"#[0-9a-f]{6}")


def read_toml(path: Path) -> Mapping[str, object]:
    """The tables of a TOML file (UTF-8); DatasetError when it is missing or is not TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DatasetError(
            Label(
                zh=f"读不到文件 {path}（{error.strerror}）。请检查路径与读权限。",
                en=f"Cannot read {path} ({error.strerror}). Check the path and the right to read it.",
            )
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DatasetError(
            Label(
                zh=f"{path} 不是有效的 UTF-8 TOML：{error}。请按提示的行改正。",
                en=f"{path} is not valid UTF-8 TOML: {error}. Correct the line it names.",
            )
        ) from error


def entries(path: Path, tables: Mapping[str, object], kind: str, id_key: str) -> Iterator[Entry]:
    """The `[[kind]]` entries of `tables` in the file's order, each named by its `id_key` where it has one."""
    rows = tables.get(kind, [])
    if not isinstance(rows, list):
        raise DatasetError(
            Label(
                zh=f"{path}：{kind} 应写成多条 [[{kind}]]。",
                en=f"{path}: write {kind} as a list of [[{kind}]] tables.",
            )
        )
    for number, row in enumerate(rows, start=1):
        where = f"[[{kind}]] {number}"
        if not isinstance(row, dict):
            raise DatasetError(Label(zh=f"{path}：{where} 应是一张表。", en=f"{path}: {where} should be a table."))
        name = row.get(id_key)
        yield Entry(path, f"{where} ({name})" if isinstance(name, str) else where, row)


class Entry:
    """A TOML table whose values are taken key by key; `done()` refuses whatever was not taken."""

    def __init__(self, path: Path, where: str, row: Mapping[str, object]) -> None:
        self.path = path
        self.where = where
        self.row = row
        self._taken: set[str] = set()

    def error(self, key: str, zh: str, en: str) -> DatasetError:
        """The error to raise about `key`: `zh` and `en` say what is wrong and how to put it right."""
        return DatasetError(
            Label(
                zh=f"{self.path}：{self.where}，键 {key}：{zh}",
                en=f"{self.path}: {self.where}, key {key}: {en}",
            )
        )

    def text(self, key: str, default: str | None = None) -> str:
        """A string that is not empty, or `default` where the key is absent and a default is given."""
        value = self._take(key)
        if value is None and default is not None:
            return default
        if isinstance(value, str) and value.strip():
            return value
        raise self.error(key, '应填写非空文字，如 "甲"。', 'give a text that is not empty, such as "a".')

    def integer(self, key: str) -> int:
        """A whole number."""
        value = self._take(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        raise self.error(key, "应填写整数，如 3。", "give a whole number, such as 3.")

    def truth(self, key: str, default: bool | None = None) -> bool:
        """true or false, or `default` where the key is absent and a default is given."""
        value = self._take(key)
        if value is None and default is not None:
            return default
        if isinstance(value, bool):
            return value
        raise self.error(key, "应填写 true 或 false。", "give true or false.")

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings, empty where the key is absent."""
        value = self._take(key)
        if value is None:
            return ()
        if isinstance(value, list) and all(isinstance(each, str) and each.strip() for each in value):
            return tuple(value)
        raise self.error(key, '应填写文字列表，如 ["甲", "乙"]。', 'give a list of texts, such as ["a", "b"].')

    def weights(self, key: str) -> Mapping[str, float]:
        """A table of positive numbers by name, empty where the key is absent."""
        value = self._take(key)
        if value is None:
            return {}
        if isinstance(value, dict) and all(_is_weight(each) for each in value.values()):
            return {name: float(each) for name, each in value.items()}
        raise self.error(key, "应填写正数表，如 { 36 = 0.7 }。", "give positive numbers, such as { 36 = 0.7 }.")

    def colour(self, key: str) -> str | None:
        """A colour as #rrggbb in lower case, None where the key is absent."""
        value = self._take(key)
        if value is None or (isinstance(value, str) and _COLOUR.fullmatch(value)):
            return value
        raise self.error(key, "应填写小写的 #rrggbb，如 #0f6b8f。", "give #rrggbb in lower case, such as #0f6b8f.")

    def label(self, zh: str = "zh", en: str = "en") -> Label:
        """The texts under the keys `zh` and `en` together."""
        return Label(zh=self.text(zh), en=self.text(en))

    def take(self, key: str) -> None:
        """Mark `key` as known although another reader takes its value."""
        self._taken.add(key)

    def done(self) -> None:
        """DatasetError when the entry has a key that nothing reads: a misspelt key must not pass unseen."""
        for key in self.row:
            if key not in self._taken:
                known = "、".join(sorted(self._taken))
                raise self.error(
                    key,
                    f"不认识这个键。可用：{known}。",
                    f"unknown key. Known here: {known.replace('、', ', ')}.",
                )

    def _take(self, key: str) -> object:
        self._taken.add(key)
        return self.row.get(key)


def _is_weight(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0
