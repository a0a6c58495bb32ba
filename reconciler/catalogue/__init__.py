"""The catalogue of kinds: what the schemas say, as values."""

from .catalogue import Catalogue, Growth, made_secret, tenant_of
from .kind import UNCONFIRMED, ConsentRule, KeyPart, Kind, is_deleted, is_initial
from .parse import parse_kind
from .schemas import load_kinds, schema_folder
from .shape import Evidence, Verb

__all__ = [
    "UNCONFIRMED",
    "Catalogue",
    "ConsentRule",
    "Evidence",
    "Growth",
    "KeyPart",
    "Kind",
    "Verb",
    "is_deleted",
    "is_initial",
    "load_kinds",
    "made_secret",
    "parse_kind",
    "schema_folder",
    "tenant_of",
]
