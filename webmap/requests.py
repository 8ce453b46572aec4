"""The request as views see it: looking for a parameter that is not there costs next to nothing."""

from __future__ import annotations

from typing import Any

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict


class Parameters(ImmutableMultiDict[str, str]):
    """The parameters of an address or a form."""

    def get(self, key: str, *rest: Any, **named: Any) -> Any:
        """As werkzeug's, which makes an exception of what is absent: a dozen times in a request."""
        if key in self or len(rest) > 1 or not named.keys() <= {"default"}:
            return super().get(key, *rest, **named)
        return rest[0] if rest else named.get("default")


class OwnRequest(Request):
    """What an application makes of an environment."""

    parameter_storage_class = Parameters
