"""A view's choice that is none of those on offer."""

from __future__ import annotations

from collections.abc import Collection

from datasets.labels import Label
from geo.query.faults import BadParameter, BadParameters


def offered(param: str, value: str, known: Collection[str]) -> str:
    """`value` if it is one of `known`; raises BadParameters that names the parameter and what it may be."""
    if value in known:
        return value
    message = Label(
        f"{param} 不能是“{value[:60]}”；可用：{'、'.join(known)}",
        f"{param} cannot be '{value[:60]}'; known are {', '.join(known)}",
    )
    raise BadParameters([BadParameter(param, value, message)])
