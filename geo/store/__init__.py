"""The system of record: append-only revisions in SQLite (one file, WAL) or in PostgreSQL with PostGIS."""

from geo.store.database import open_database
from geo.store.failures import OutdatedStore, StoreBusy, StoreUnreachable, UnusableDatabase
from geo.store.revisions import Change, Conflict, Revision, State
from geo.store.store import Store

__all__ = [
    "Change",
    "Conflict",
    "OutdatedStore",
    "Revision",
    "State",
    "Store",
    "StoreBusy",
    "StoreUnreachable",
    "UnusableDatabase",
    "open_database",
]
