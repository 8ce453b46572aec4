"""What can be wrong with a coordinate system or with coordinates in it, in words for the person who brought the file."""

from __future__ import annotations

from datasets.labels import Label


class CrsFault(ValueError):
    """A fault whose `label` says what is wrong and the way out, in both languages."""

    def __init__(self, label: Label) -> None:
        super().__init__(label.en)
        self.label = label


class UnknownSystem(CrsFault):
    """No supported system is meant, or not enough is said to tell which one."""


class ContradictoryDeclaration(UnknownSystem):
    """A file says two things of its system that cannot both be true."""


class LocalParametersNeeded(CrsFault):
    """Xian 1980 or Beijing 1954 without the seven parameters of the place; `datum` is "Xian80" or "Beijing54"."""

    def __init__(self, datum: str, name: Label) -> None:
        self.datum = datum
        super().__init__(
            Label(
                f"“{name.zh}”要换算到 2000 国家大地坐标系，需先配置本地七参数；没有参数会偏差几十至一百多米。"
                "请配置七参数，或请测绘单位改交 CGCS2000 成果",
                f"'{name.en}' needs the local seven parameters to be configured: without them it would be tens of metres"
                " off, or more than a hundred. Configure them, or ask the survey office for CGCS2000",
            )
        )


class OutOfDomain(CrsFault):
    """A coordinate that the system cannot hold; `index` is the first such row, from 0, `point` its two numbers."""

    def __init__(self, index: int, point: tuple[float, float], name: Label) -> None:
        self.index = index
        self.point = point
        x, y = point
        super().__init__(
            Label(
                f"第 {index + 1} 个点（{x:.10g}, {y:.10g}）不在“{name.zh}”的范围内；请检查坐标系、带号和两列的先后",
                f"point {index + 1} ({x:.10g}, {y:.10g}) is outside '{name.en}'; check the system, the zone and the"
                " order of the two columns",
            )
        )
