"""What can be wrong with boundary data, and with a question put to it."""

from __future__ import annotations

from datasets.errors import DatasetError
from datasets.labels import Label


class BoundaryError(DatasetError):
    """Boundary data that cannot be used: which file or package, what is wrong, and the way out."""


class UnknownUnit(DatasetError, KeyError):
    """A code that names no county or prefecture of the loaded boundaries; also a `KeyError`."""

    def __init__(self, adcode: str) -> None:
        super().__init__(
            Label(
                zh=f"行政区划代码 {adcode!r} 不在已载入的区划数据中；请核对代码（六位数字）或所配置的省份与区划文件。",
                en=f"No county or prefecture of the loaded boundaries has the code {adcode!r}; check the code "
                "(six digits), or the province and boundary file that are configured.",
            )
        )
        self.adcode = adcode

    def __str__(self) -> str:
        # KeyError would show the sentence as a quoted repr.
        return self.label.en
