"""What editors may ask: one module for each feature, and here the table of all."""

from ..feature import Feature
from .code_action import FEATURES as CODE_ACTION
from .code_lens import FEATURES as CODE_LENS
from .completion import FEATURES as COMPLETION
from .definition import FEATURES as DEFINITION
from .document_link import FEATURES as DOCUMENT_LINK
from .formatting import FEATURES as FORMATTING
from .hover import FEATURES as HOVER
from .rename import FEATURES as RENAME
from .semantic_tokens import FEATURES as SEMANTIC_TOKENS
from .symbols import FEATURES as SYMBOLS

FEATURES: tuple[Feature, ...] = (
    *CODE_ACTION,
    *CODE_LENS,
    *COMPLETION,
    *DEFINITION,
    *DOCUMENT_LINK,
    *FORMATTING,
    *HOVER,
    *RENAME,
    *SEMANTIC_TOKENS,
    *SYMBOLS,
)
"""All features; the server registers each."""
