"""What this service says it conforms to."""

FEATURES = "http://www.opengis.net/spec/ogcapi-features-{part}/1.0/conf/{name}"
CQL2 = "http://www.opengis.net/spec/cql2/1.0/conf/{name}"
TILES = "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/{name}"
COMMON = "http://www.opengis.net/spec/ogcapi-common-{part}/1.0/conf/{name}"

CLASSES: tuple[str, ...] = (
    *(COMMON.format(part=1, name=name) for name in ("core", "landing-page", "json", "html", "oas30")),
    COMMON.format(part=2, name="collections"),
    *(FEATURES.format(part=1, name=name) for name in ("core", "geojson", "html", "oas30")),
    FEATURES.format(part=2, name="crs"),
    *(
        FEATURES.format(part=3, name=name)
        for name in ("queryables", "queryables-query-parameters", "filter", "features-filter")
    ),
    *(
        CQL2.format(name=name)
        for name in (
            "cql2-text",
            "cql2-json",
            "basic-cql2",
            "advanced-comparison-operators",
            "case-insensitive-comparison",
            "accent-insensitive-comparison",
            "basic-spatial-functions",
            "basic-spatial-functions-plus",
            "spatial-functions",
            "temporal-functions",
            "array-functions",
            "property-property",
            "arithmetic",
        )
    ),
    *(
        TILES.format(name=name)
        for name in ("core", "tileset", "tilesets-list", "dataset-tilesets", "geodata-tilesets", "mvt", "oas30")
    ),
)

# Of Part 4 (20-002, draft). What is written is seen at once by the token that wrote it, and by the public after a second
# person's approval. Optimistic locking is not named: the public's entity tags are weak, those of a token's answers are strong.
WRITING: tuple[str, ...] = tuple(
    FEATURES.format(part=4, name=name) for name in ("create-replace-delete", "update", "features")
)


def classes(*, writes: bool) -> tuple[str, ...]:
    """What it conforms to; writes: whether programs may write."""
    return CLASSES + WRITING if writes else CLASSES
