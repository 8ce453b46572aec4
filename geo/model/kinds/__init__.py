"""One module a kind of feature; `geo.model.registry` finds them."""
