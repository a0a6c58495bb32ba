"""The plan: what would be done, as values, as a document, and as a file that was reviewed."""

from .document import ChangeDocument, ColumnDocument, PlanDocument, document_of, text_of
from .model import Plan, digest_of
from .saved import read_plan, write_plan

__all__ = [
    "ChangeDocument",
    "ColumnDocument",
    "Plan",
    "PlanDocument",
    "digest_of",
    "document_of",
    "read_plan",
    "text_of",
    "write_plan",
]
