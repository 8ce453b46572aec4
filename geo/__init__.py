"""What we do with a feature: model, check, store, publish, query, draw, in that order. Knows no HTTP."""
