"""What editors may ask: one module for each feature, and here the table of all."""

from ..feature import Feature
from .definition import FEATURES as DEFINITION
from .formatting import FEATURES as FORMATTING

FEATURES: tuple[Feature, ...] = (*DEFINITION, *FORMATTING)
"""All features; the server registers each."""
