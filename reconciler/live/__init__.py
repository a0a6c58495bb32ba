"""Read the live organization: rows that are ours, rows that are asked for, and who references."""

from .organization import probe, read_organization
from .referencing import UNREADABLE, read_referencing
from .rows import Live, Question, Wanted, ask, read_owned, read_whole_rows

__all__ = [
    "UNREADABLE",
    "Live",
    "Question",
    "Wanted",
    "ask",
    "probe",
    "read_organization",
    "read_owned",
    "read_referencing",
    "read_whole_rows",
]
