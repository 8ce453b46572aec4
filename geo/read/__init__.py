"""From bytes to raw features: one small reader a format behind one registry."""

from geo.read.raw import Declared, RawFeature, Reader, ReadFile, Sniff, Unreadable
from geo.read.registry import read, readers

__all__ = ["Declared", "RawFeature", "ReadFile", "Reader", "Sniff", "Unreadable", "read", "readers"]
