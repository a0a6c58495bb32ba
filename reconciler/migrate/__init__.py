"""One organization's content into another: what of an export can be moved, and proof that it was.

The export, the plan and the apply are those of every day; here is only what lies between and
after: leaving out what cannot go, and comparing both organizations row by row.
"""

from .narrow import Cleared, Moving, narrow, settle
from .report import MigrationReport, write_report
from .verify import Moved, Verification, verify

__all__ = [
    "Cleared",
    "MigrationReport",
    "Moved",
    "Moving",
    "Verification",
    "narrow",
    "settle",
    "verify",
    "write_report",
]
