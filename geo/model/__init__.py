"""The kinds of feature: one declaration each drives table, filters, exports, schema and labels."""

from geo.model.feature import Feature, fields_of
from geo.model.field import Field
from geo.model.invalid import FieldError, InvalidFeature
from geo.model.registry import Kinds, default_kinds

__all__ = ["Feature", "Field", "FieldError", "InvalidFeature", "Kinds", "default_kinds", "fields_of"]
