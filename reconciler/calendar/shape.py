"""What a calendar looks like as a document, in a plan or of a folder.

Days are half-open, ``start`` until before ``end``, as text; null has no bound. ``before`` and
``after`` of a period are indices into ``sources``.
"""

from typing import NotRequired, TypedDict


class RateDocument(TypedDict):
    """A price as the YAML gives it, and what it depends on."""

    amount: str
    by: dict[str, str]


class SourceDocument(TypedDict):
    """What a resource says of its days. ``state`` is price, booked, pending or blocked.

    ``order`` is null where it is not known; ``rules`` are other columns, such as a shortest stay.
    """

    address: str
    label: str
    state: str
    order: NotRequired[str]
    rates: list[RateDocument]
    rules: dict[str, str]


class PeriodDocument(TypedDict):
    """Days on which the same sources hold."""

    start: str | None
    end: str | None
    before: list[int]
    after: list[int]
    changed: bool


class UnitDocument(TypedDict):
    """One unit; ``limits`` say how many it takes, such as ``{"adults": "1 to 8"}``."""

    unit: str
    label: str
    currency: str
    limits: dict[str, str]
    sources: list[SourceDocument]
    periods: list[PeriodDocument]
    left_out: NotRequired[int]


class YearlyDocument(TypedDict):
    """A part of every year: pairs of a first and a last day, such as ``["06-01", "08-31"]``."""

    address: str
    label: str
    before: list[list[str]]
    after: list[list[str]]


class CalendarDocument(TypedDict):
    """All calendars; ``compared`` tells that what was before is known.

    ``left_out`` counts units for which there was no room.
    """

    compared: bool
    units: list[UnitDocument]
    yearly: list[YearlyDocument]
    undocumented: list[str]
    left_out: int
