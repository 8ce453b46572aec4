"""How long a property is tried in a drill."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Any


def stopping(inner: Callable[..., Any], seconds: float) -> Callable[..., Any]:
    """A property's body that does nothing any more once it has been tried for so long; one that has failed is tried on.

    A failure is looked for in smaller and smaller examples, and each of them must be able to fail again.
    """
    begun: list[float] = []
    failed: list[bool] = []

    @functools.wraps(inner)
    def tried(*given: Any, **named: Any) -> Any:
        now = time.monotonic()
        if not begun:
            begun.append(now)
        if now - begun[0] > seconds and not failed:
            return None
        try:
            return inner(*given, **named)
        except Exception:
            failed.append(True)
            raise

    return tried
