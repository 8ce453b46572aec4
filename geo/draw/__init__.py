"""From selected rows to bytes: GeoJSON, marks, heat, choropleth classes, exports. Arrays in, bytes out."""
