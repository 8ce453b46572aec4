"""Websites that may show the map in a frame: their key, their origins, their counties, and how often they were opened."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, func, insert, select, update

from datasets.labels import Label
from geo.store import audit
from geo.store.database import writing
from geo.store.tables import embed_sites, embed_uses

# Scheme, host (a leading "*." takes all hosts below it), port: what frame-ancestors knows as a host-source (CSP3 §2.3.1).
ORIGIN = re.compile(r"https?://(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?")
KEY_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
KEY_LENGTH = 16
NAME_LENGTH = 120
MOST_ORIGINS = 50
RECENT_DAYS = 30


class BadSite(ValueError):
    """A site that cannot be kept: `field` is name, origins or key; the label says what is wrong and what to write."""

    def __init__(self, field: str, label: Label) -> None:
        super().__init__(label.en)
        self.field = field
        self.label = label


@dataclass(frozen=True)
class EmbedSite:
    """A website. origins: who may frame the map with its key. counties: adcodes it may show; empty for all."""

    key: str
    name: str
    origins: tuple[str, ...]
    counties: tuple[str, ...]
    created_at: datetime
    created_by: str
    revoked_at: datetime | None = None


@dataclass(frozen=True)
class Uses:
    """How often a site was opened: in all, in the last 30 days, and the last day (ISO 8601, UTC; empty for never)."""

    total: int = 0
    recent: int = 0
    last: str = ""


class EmbedSites:
    """The embedding websites of one store."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def all(self) -> list[EmbedSite]:
        """Every site, those in use first, by name."""
        with self.engine.connect() as connection:
            rows = connection.execute(select(embed_sites)).mappings()
            return sorted(map(_site, rows), key=lambda site: (site.revoked_at is not None, site.name, site.key))

    def get(self, key: str) -> EmbedSite | None:
        """The site of a key, or None."""
        with self.engine.connect() as connection:
            row = connection.execute(select(embed_sites).where(embed_sites.c.key == key)).mappings().first()
        return _site(row) if row else None

    def add(self, name: str, origins: Iterable[str], counties: Iterable[str], *, by: str) -> EmbedSite:
        """A new site with a fresh key; raises BadSite."""
        made = EmbedSite(
            key="".join(secrets.choice(KEY_SIGNS) for _ in range(KEY_LENGTH)),
            name=_named(name),
            origins=origins_of(origins),
            counties=tuple(dict.fromkeys(counties)),
            created_at=datetime.now(UTC),
            created_by=by,
        )
        with writing(self.engine) as connection:
            connection.execute(insert(embed_sites), _row(made))
            _note(connection, by, "embed.add", made)
        return made

    def change(self, key: str, name: str, origins: Iterable[str], counties: Iterable[str], *, by: str) -> None:
        """Give a site other words, origins or counties; raises BadSite."""
        values = {
            "name": _named(name),
            "origins": list(origins_of(origins)),
            "counties": list(dict.fromkeys(counties)),
        }
        self._set(key, values, "embed.change", by)

    def revoke(self, key: str, *, by: str) -> None:
        """From now on nobody may frame the map with this key; raises BadSite."""
        self._set(key, {"revoked_at": datetime.now(UTC)}, "embed.revoke", by)

    def restore(self, key: str, *, by: str) -> None:
        """Let a revoked key work again; raises BadSite."""
        self._set(key, {"revoked_at": None}, "embed.restore", by)

    def _set(self, key: str, values: dict[str, Any], action: str, by: str) -> None:
        with writing(self.engine) as connection:
            found = connection.execute(update(embed_sites).where(embed_sites.c.key == key).values(values))
            if found.rowcount != 1:
                raise BadSite("key", Label(f"没有密钥为 {key} 的网站", f"there is no site with the key {key}"))
            row = connection.execute(select(embed_sites).where(embed_sites.c.key == key)).mappings().one()
            _note(connection, by, action, _site(row))

    def count(self, opened: Mapping[tuple[str, str], int]) -> None:
        """Add to the counters: (key, day) → how often."""
        with writing(self.engine, chained=False) as connection:
            for (key, day), number in sorted(opened.items()):
                here = (embed_uses.c.site == key) & (embed_uses.c.day == day)
                found = connection.execute(update(embed_uses).where(here).values(count=embed_uses.c.count + number))
                if not found.rowcount:
                    connection.execute(insert(embed_uses), {"site": key, "day": day, "count": number})

    def uses(self, keys: Collection[str], today: date | None = None) -> dict[str, Uses]:
        """The counters of these sites."""
        since = ((today or datetime.now(UTC).date()) - timedelta(days=RECENT_DAYS - 1)).isoformat()
        total, last = func.sum(embed_uses.c.count), func.max(embed_uses.c.day)
        recent = func.sum(embed_uses.c.count).filter(embed_uses.c.day >= since)
        wanted = select(embed_uses.c.site, total, recent, last).where(embed_uses.c.site.in_(list(keys)))
        with self.engine.connect() as connection:
            rows = connection.execute(wanted.group_by(embed_uses.c.site)).all()
        found = {row[0]: Uses(int(row[1]), int(row[2] or 0), row[3]) for row in rows}
        return {key: found.get(key, Uses()) for key in keys}


def origins_of(texts: Iterable[str]) -> tuple[str, ...]:
    """Origins as they stand in a policy: small letters, no trailing slash, each once; raises BadSite."""
    found = []
    for text in texts:
        origin = text.strip().lower().rstrip("/")
        if not origin:
            continue
        if not ORIGIN.fullmatch(origin) or ".." in origin:
            raise BadSite(
                "origins",
                Label(
                    f"“{text.strip()[:80]}”不是网站来源，请写作 https://www.example.gov.cn（不含路径）",
                    f"'{text.strip()[:80]}' is not an origin: write https://www.example.gov.cn, without a path",
                ),
            )
        found.append(origin)
    if not found:
        raise BadSite("origins", Label("请至少写一个网站来源", "name at least one origin"))
    if len(found) > MOST_ORIGINS:
        raise BadSite("origins", Label(f"最多 {MOST_ORIGINS} 个来源", f"at most {MOST_ORIGINS} origins"))
    return tuple(dict.fromkeys(found))


def _named(name: str) -> str:
    if not name.strip():
        raise BadSite("name", Label("请填写网站名称", "give the site a name"))
    return name.strip()[:NAME_LENGTH]


def _row(site: EmbedSite) -> dict[str, Any]:
    return {**site.__dict__, "origins": list(site.origins), "counties": list(site.counties)}


def _site(row: Any) -> EmbedSite:
    return EmbedSite(**{**row, "origins": tuple(row["origins"]), "counties": tuple(row["counties"])})


def _note(connection: Any, by: str, action: str, site: EmbedSite) -> None:
    detail = {"name": site.name, "origins": site.origins, "counties": site.counties}
    audit.append(connection, actor=by, action=action, object=site.key, detail=detail)
