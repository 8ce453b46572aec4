"""Repairs of a shape, offered with before and after and never made without a person's word."""

from geo.check.repair.proposal import Proposal, Repair, all_repairs, proposals, repair

__all__ = ["Proposal", "Repair", "all_repairs", "proposals", "repair"]
