"""The area that a file declares against the geodesic area of its boundary.

Up to 0.5 % is the difference of plane and ellipsoid and of rounding, and not told; up to 2 % info; up to 10 % a warning (a part
may not count, such as a road's strip); more is an error. What the last digit given can hide (0.77 公顷 ± 50 ㎡), and 1 ㎡, are
allowed on top. Where only another unit makes the figure fit, that unit is meant, and the finding says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from datasets.labels import Label
from geo.check.spot import Spot, error, info, warning
from geo.model.fields import MU_IN_M2

QUIET_SHARE = 0.005
INFO_SHARE = 0.02
WARNING_SHARE = 0.10
FIT_SHARE = 0.02
LEAST_M2 = 1.0


TRIED: tuple[tuple[Label, float], ...] = (
    (Label("㎡", "m²"), 1.0),
    (Label("亩", "mu"), MU_IN_M2),
    (Label("公顷", "ha"), 1e4),
    (Label("平方公里", "km²"), 1e6),
)


@dataclass(frozen=True, slots=True)
class DeclaredArea:
    """An area as a file gives it. number: in a unit that holds `factor` ㎡; unit: the words for it, "" where none is said (then
    ㎡ is assumed). half_digit: half a unit of the last digit given, in the same unit."""

    number: float
    unit: str = ""
    factor: float = 1.0
    half_digit: float = 0.0

    @property
    def m2(self) -> float:
        """Square metres."""
        return self.number * self.factor


@dataclass(frozen=True, slots=True)
class Judged:
    """What a declared area comes to: the ㎡ to keep, half a unit of its last digit in ㎡, and what is odd about it."""

    m2: float
    half_digit_m2: float
    spot: Spot | None = None


def judge(declared: DeclaredArea, geodesic: float) -> Judged:
    """The declared area against the geodesic one in ㎡ (0 where there is no boundary: nothing to compare)."""
    if geodesic <= 0 or declared.number <= 0 or _off(declared.m2, geodesic, _slack(declared)) <= FIT_SHARE:
        difference = _difference(declared, geodesic) if geodesic > 0 else None
        return Judged(declared.m2, declared.half_digit * declared.factor, difference)
    meant = _fitting(declared, geodesic)
    if meant is None:
        return Judged(declared.m2, declared.half_digit * declared.factor, _difference(declared, geodesic))
    factor = meant[1]
    return Judged(declared.number * factor, declared.half_digit * factor, _unit_spot(declared, meant, geodesic))


def _slack(declared: DeclaredArea) -> float:
    return max(LEAST_M2, declared.half_digit * declared.factor)


def _off(m2: float, geodesic: float, slack: float) -> float:
    return max(abs(m2 - geodesic) - slack, 0) / geodesic


def _fitting(declared: DeclaredArea, geodesic: float) -> tuple[Label, float] | None:
    """The one unit in which the figure is within 2 % of the boundary's area."""
    units = [(label, factor) for label, factor in TRIED if factor != declared.factor]
    exact = [unit for unit in units if abs(declared.number * unit[1] / geodesic - 1) <= FIT_SHARE]
    if exact:
        return exact[0]
    # A last digit must not make a coarse unit fit anything: 1 km² ± 0.5 km².
    if declared.half_digit > declared.number / 10:
        return None
    near = [u for u in units if _off(declared.number * u[1], geodesic, declared.half_digit * u[1]) <= FIT_SHARE]
    return near[0] if near else None


def _unit_spot(declared: DeclaredArea, meant: tuple[Label, float], geodesic: float) -> Spot:
    label, factor = meant
    said = (declared.unit, declared.unit) if declared.unit else ("㎡", "m²")
    m2 = declared.number * factor
    zh = (
        f"面积 {declared.number:,.10g} 按{said[0]}与图形面积（{geodesic:,.2f} ㎡）相差甚远，按{label.zh}则相符，"
        f"已按{label.zh}计为 {m2:,.2f} ㎡"
    )
    en = (
        f"the area {declared.number:,.10g} is far from the boundary's ({geodesic:,.2f} m²) in {said[1]} but fits in "
        f"{label.en}; taken as {m2:,.2f} m²"
    )
    return (warning if declared.unit else info)("area-unit", zh, en, field="area_m2")


def _difference(declared: DeclaredArea, geodesic: float) -> Spot | None:
    share = _off(declared.m2, geodesic, _slack(declared))
    if share <= QUIET_SHARE:
        return None
    difference = declared.m2 - geodesic
    zh = f"所报面积 {declared.m2:,.2f} ㎡，图形面积 {geodesic:,.2f} ㎡，相差 {difference:+,.2f} ㎡（{difference / geodesic:+.2%}）"
    en = (
        f"the declared area is {declared.m2:,.2f} m², the boundary's {geodesic:,.2f} m²: "
        f"{difference:+,.2f} m² ({difference / geodesic:+.2%})"
    )
    if share <= INFO_SHARE:
        return info("area-mismatch-small", zh, en, field="area_m2")
    return (warning if share <= WARNING_SHARE else error)("area-mismatch", zh, en, field="area_m2")
