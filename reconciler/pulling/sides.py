"""Which of three sides holds: what was applied, what the files say now, or what is live."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from ..values.sent import Sent


class Verdict(StrEnum):
    """What becomes of a difference between the files and live.

    ``SAME``: there is none. ``LIVE``: only live changed, so it comes into the files. ``FILES``:
    only the files changed, so a plan will apply it. ``CONFLICT``: both did, or nobody knows.
    """

    SAME = "same"
    LIVE = "live"
    FILES = "files"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Applied:
    """The value that was applied; it may be personal, so no ``repr`` holds it."""

    value: Sent = field(repr=False)


Alike = Callable[[Sent, Sent], bool]
"""Tells whether live (the second) is as something that is written (the first)."""


def judge(base: Applied | None, files: Sent, live: Sent, alike: Alike) -> Verdict:
    """Judge one column of a resource; ``base`` is None where it is not known what was applied."""
    if alike(files, live):
        return Verdict.SAME
    if base is None:
        return Verdict.CONFLICT
    if alike(base.value, files):
        return Verdict.LIVE
    return Verdict.FILES if alike(base.value, live) else Verdict.CONFLICT


def judge_gone(*, was_applied: bool | None, unchanged: bool) -> Verdict:
    """Judge a block whose row is not there; ``was_applied`` is None where that is not known."""
    if was_applied is None:
        return Verdict.CONFLICT
    if not was_applied:
        return Verdict.FILES
    return Verdict.LIVE if unchanged else Verdict.CONFLICT
