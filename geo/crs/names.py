"""What a name or a line of a header says of its coordinate system, in the spellings that survey offices use."""

from __future__ import annotations

import re
import unicodedata

from geo.crs.said import Said, by_epsg, meant, said_of, unknown
from geo.crs.systems import Local, System, with_local

EPSG = re.compile(
    r"^(?:(?:urn:ogc:def:crs:epsg:[\d.]*:|https?://www\.opengis\.net/def/crs/epsg/[\d.]+/|epsg\s*:+\s*))?(\d{4,6})$"
)
UNSUPPORTED = re.compile(r"\butm\b|\bnew beijing|新北京|新 ?54|bd ?0?9 ?mc|百度墨卡托|独立坐标|地方坐标|任意带")

DATUMS = (
    ("GCJ-02", re.compile(r"gcj ?0?2|火星坐标|国测局坐标|高德|腾讯地图")),
    ("BD-09", re.compile(r"bd ?0?9|百度")),
    ("Beijing54", re.compile(r"beijing ?(?:19)?54|(?:北京|bj) ?(?:19)?54|(?<!\d)(?:19)?54 ?年?(?:北京|国家|坐标)")),
    ("Xian80", re.compile(r"xi'?an ?(?:19)?80|(?:西安|国家) ?(?:19)?80|(?<!\d)(?:19)?80 ?年?(?:西安|国家|坐标)")),
    (
        "CGCS2000",
        re.compile(
            r"cgcs ?(?:2000)?(?!\d)|china (?:geodetic coordinate system )?2000"
            r"|(?:国家|大地)(?:大地)?(?:坐标系?)? ?2000|2000 ?年?(?:国家|中国|大地|坐标)"
        ),
    ),
    ("WGS84", re.compile(r"wgs ?(?:19)?84|crs ?84|(?<!\d)84 ?坐标")),
)
MERCATOR = re.compile(r"web ?mercator|pseudo ?mercator|mercator auxiliary sphere|(?:web|网络) ?墨卡托")
WIDTH = re.compile(
    r"(?<![\d.])([36]) ?(?:degrees?|deg|度|°) ?(?:分?带|gk|gauss|高斯|tm|$|\W)|几度分带\W*([36])(?!\d)|([三六])度"
)
ZONE = re.compile(r"\bzone ?(\d{1,2})(?!\d)|(?<!\d)(\d{2}) ?号?带|带号\W{0,3}(\d{1,2})(?!\d)")
MERIDIAN = re.compile(
    r"(?:\bcm|central meridian|中央(?:经|子午)线)[ =:为(]*(?:东经 ?)?(\d{2,3}(?:\.\d+)?)(?: ?[°度] ?(\d{1,2}) ?['′分])?"
    r"|(?<![\d.])(\d{2,3}(?:\.\d+)?) ?°? ?e\b"
)
DEGREES = re.compile(r"^gcs |经纬度|\blon ?/? ?lat\b|\blat ?/? ?lon\b|crs ?84")
UNPREFIXED = re.compile(r"\bcm ?\d|[不无]带?加?带号")
SIX_DEGREES = re.compile(
    r"(?<!degree )\b(?:gauss kruger|gk) cm\b"
)  # the registry names the width of 3-degree zones only
PROJECTED = re.compile(r"gauss|高斯|\bgk\b|度带|分带|平面")


def system(code: str, local: Local | None = None) -> System:
    """The system that a code or a name means: "4526", "EPSG:4526", "CGCS2000_3_Degree_GK_Zone_38", "gcj02", "国家2000".

    local: datum → the seven parameters configured for it. Raises UnknownSystem, and LocalParametersNeeded for Xian 1980
    and Beijing 1954 without them.
    """
    number = EPSG.match(code.strip().casefold())
    if number:
        return with_local(by_epsg(int(number[1])), local)
    said = read_name(code)
    if said == Said():
        raise unknown(code.strip())
    return with_local(meant(said), local)


def read_name(text: str) -> Said:
    """The pieces that a text names, none where it names none; raises UnknownSystem for what is known not to be supported."""
    words = re.sub(r"[\s_\-–—]+", " ", unicodedata.normalize("NFKC", text).casefold()).strip()
    if UNSUPPORTED.search(words):
        raise unknown(text.strip())
    if MERCATOR.search(words):
        return said_of(by_epsg(3857))
    datum = next((name for name, pattern in DATUMS if pattern.search(words)), None)
    if datum in ("GCJ-02", "BD-09"):
        return Said(datum=datum, geographic=True, mercator=False)
    zone, meridian, width = _zone(words), _meridian(words), _width(words)
    geographic = True if DEGREES.search(words) else False if PROJECTED.search(words) or zone or meridian else None
    # The registry's own names tell the two kinds of easting apart; a header's 带号 does not.
    prefixed = True if re.search(r"\bzone ?\d", words) else False if UNPREFIXED.search(words) else None
    if width is None and SIX_DEGREES.search(words) and meridian is not None and meridian % 6 == 3:
        width = 6
    return Said(datum=datum, width=width, zone=zone, meridian=meridian, geographic=geographic, prefixed=prefixed)


def _zone(words: str) -> int | None:
    found = ZONE.search(words)
    return int(next(filter(None, found.groups()))) if found else None


def _width(words: str) -> int | None:
    found = WIDTH.search(words)
    if not found:
        return None
    figure = next(filter(None, found.groups()))
    return {"三": 3, "六": 6}.get(figure) or int(figure)


def _meridian(words: str) -> float | None:
    found = MERIDIAN.search(words)
    if not found:
        return None
    named, minutes, bare = found.groups()
    return float(named or bare) + int(minutes or 0) / 60
