"""Findings about a feature: what is wrong or odd, how grave, where, in words for whoever must mend it."""

from geo.check.context import Context
from geo.check.existing import Existing
from geo.check.intake import Intake, prepare
from geo.check.references import check_references
from geo.check.repair import Proposal
from geo.check.required import missing_to_publish
from geo.check.rows import Row
from geo.check.spot import Spot, finding_payload
from geo.model.finding import Finding, Severity

__all__ = [
    "Context",
    "Existing",
    "Finding",
    "Intake",
    "Proposal",
    "Row",
    "Severity",
    "Spot",
    "check_references",
    "finding_payload",
    "missing_to_publish",
    "prepare",
]
