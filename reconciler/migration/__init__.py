"""One organization's content into another: what of an export can be moved, and a verification.

The export, the plan and the apply are those of every day; here is only what lies between and
after: leaving out what cannot go, letting stay what people changed there since, and comparing both
organizations row by row.
"""

from ..execution.causes import causes_of
from .ends import REPORT_FOLDER, Ends, export_source, open_ends
from .exclude import Cleared, Moving, Skipped, exclude, settle
from .prospect import Prospect, plan_on
from .report import MigrationReport, left_out, write_report
from .run import move
from .sides import Sides, deletes_of, keep_theirs, without_deletes
from .task import Task, Wishes, prepare
from .verify import Expected, Moved, Verification, shared_between_organizations, verify
from .written import WrittenBefore, read_written, write_written

__all__ = [
    "REPORT_FOLDER",
    "Cleared",
    "Ends",
    "Expected",
    "MigrationReport",
    "Moved",
    "Moving",
    "Prospect",
    "Sides",
    "Skipped",
    "Task",
    "Verification",
    "Wishes",
    "WrittenBefore",
    "causes_of",
    "deletes_of",
    "exclude",
    "export_source",
    "keep_theirs",
    "left_out",
    "move",
    "open_ends",
    "plan_on",
    "prepare",
    "read_written",
    "settle",
    "shared_between_organizations",
    "verify",
    "without_deletes",
    "write_report",
    "write_written",
]
