"""Measurements, as ratios of what is compared in one run; `make bench` runs them."""
