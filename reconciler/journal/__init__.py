"""What a run was about to do and did: written as it happens, and read again."""

from .read import begun_creates, past_runs, read_run
from .records import DEFAULT_FOLDER, Answer, Entry, PastRun
from .write import Journal

__all__ = [
    "DEFAULT_FOLDER",
    "Answer",
    "Entry",
    "Journal",
    "PastRun",
    "begun_creates",
    "past_runs",
    "read_run",
]
