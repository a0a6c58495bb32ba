"""What editors may ask: one module for each feature, and here the table of all."""

from ..feature import Feature
from .completion import FEATURES as COMPLETION
from .definition import FEATURES as DEFINITION
from .formatting import FEATURES as FORMATTING
from .hover import FEATURES as HOVER
from .rename import FEATURES as RENAME

FEATURES: tuple[Feature, ...] = (*COMPLETION, *DEFINITION, *FORMATTING, *HOVER, *RENAME)
"""All features; the server registers each."""
