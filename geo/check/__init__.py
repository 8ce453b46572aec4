"""Findings about a feature: what is wrong or odd, how grave, where, in words for whoever must mend it."""

from geo.check.finding import Finding, Severity
from geo.check.references import check_references

__all__ = ["Finding", "Severity", "check_references"]
