"""One module a file format; `geo.draw.export` finds them by their FORMAT."""
