"""Demonstration data of Xuchang, deterministic and marked as such in every row."""

from datasets.demo.generation import rows
from datasets.demo.plan import PLAN, Share

__all__ = ["PLAN", "Share", "rows"]
