"""The system of record: append-only revisions in SQLite (one file, WAL) or any database that SQLAlchemy reaches."""

from geo.store.database import OutdatedStore, open_database
from geo.store.revisions import Change, Conflict, Revision, State
from geo.store.store import Store

__all__ = ["Change", "Conflict", "OutdatedStore", "Revision", "State", "Store", "open_database"]
