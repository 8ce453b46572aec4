"""How often logins from one network address may fail; counted in the audit log, so that all workers count together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, func, select

from geo.store import audit as log
from geo.store.database import writing
from geo.store.tables import audit
from webmap.staff.desk import Desk

LOOK_BACK = 5000  # entries; as many as a burst can hold before the limit stops it


def must_wait(desk: Desk, address: str, action: str = "login") -> bool:
    """Whether too many logins (or other `action`s) from this address have failed within the window; the first refusal is noted."""
    limited = f"{action}.limited"
    since = datetime.now(UTC) - timedelta(minutes=desk.config.login_window_minutes)
    with desk.store.engine.connect() as connection:
        if _count(connection, address, since, action) < desk.config.login_address_failures:
            return False
        noted = _count(connection, address, since, limited)
    if not noted:
        with writing(desk.store.engine) as connection:
            log.append(
                connection, actor="", action=limited, object=address, result="refused", detail={"address": address}
            )
    return True


def _count(connection: Connection, address: str, since: datetime, action: str) -> int:
    newest = connection.execute(select(func.max(audit.c.number))).scalar() or 0
    query = select(func.count()).where(
        audit.c.number > newest - LOOK_BACK,
        audit.c.at > since,
        audit.c.action == action,
        audit.c.result != "ok",
        audit.c.detail["address"].as_string() == address,
    )
    return int(connection.execute(query).scalar_one())
