"""One module a format; `geo.read.registry` finds them by their READER."""
