"""OGC API – Features (Parts 1, 2 and 3) and OGC API – Tiles: what the services of GIS software read."""
