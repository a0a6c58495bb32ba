"""Calendars to look at: of the example, and of a plan in which days change in every way."""

import datetime as dt
from functools import cache

from reconciler.calendar.folder import folder_calendar
from reconciler.calendar.rows import Entry
from reconciler.calendar.shape import CalendarDocument
from reconciler.calendar.work import calendar_of
from reconciler.catalogue import load_kinds
from reconciler.configuration.read import Limits, read_configuration
from reconciler.plan.digesting import digest_of_document
from reconciler.plan.shape import PlanDocument
from reconciler.render.calendar.window import window_from
from reconciler.values.column import JSON
from tests.builders import KINDS, change
from tests.render_cases import document
from tests.sandbox_server import ROOT

WINDOW = window_from(dt.date(2026, 1, 1))


def price(rate: JSON, intervals: str, **more: JSON) -> dict[str, JSON]:
    """Make a row of prices of the loft."""
    rates: JSON = [{"rate": rate, "occupancy": 2, "duration": 1}]
    return {"product_id": "products.loft", "intervals": intervals, "rates": rates, **more}


def event(start: str, end: str, **more: JSON) -> dict[str, JSON]:
    """Make a row that takes the loft."""
    return {"product_id": "products.loft", "start_date": start, "end_date": end, **more}


def entry(name: str, before: dict[str, JSON] | None, after: dict[str, JSON] | None) -> Entry:
    """Make a row before and after."""
    return Entry(name, KINDS[name.partition(".")[0]], before, after)


def loft(**more: JSON) -> Entry:
    """Make the unit."""
    row: dict[str, JSON] = {"name": {"default": "Loft"}, "currency": "EUR", **more}
    return entry("products.loft", row, row)


def season(first: tuple[int, int], last: tuple[int, int]) -> dict[str, JSON]:
    """Make a row of a season; each end is a day and a month, January being 0."""
    ends: dict[str, JSON] = {
        word: {"day": day, "month": month} for word, (day, month) in (("min", first), ("max", last))
    }
    value: dict[str, JSON] = {"type": "recurring-date-range", "intervals": [ends]}
    return {"name": {"default": "Summer <b>"}, "value": value}


@cache
def of_example(name: str = "villa") -> CalendarDocument:
    """Give the calendar of an example."""
    kinds = load_kinds()
    limits = Limits()
    desired = read_configuration(
        (ROOT / "examples" / name,), kinds, variables={}, environment={}, limits=limits
    )
    found = folder_calendar(desired.configuration)
    assert found
    return found


@cache
def of_changes() -> CalendarDocument:
    """Give one in which prices, periods, bookings and a season change."""
    found = calendar_of(
        [
            loft(),
            entry(
                "price_calendar_entries.summer",
                price(140, "{[2026-06-01,2026-09-01)}"),
                price("145.50", "{[2026-06-06,2026-09-12)}", min_duration=7),
            ),
            entry(
                "price_calendar_entries.rest",
                price(95, "{[2026-01-05,2026-06-01),[2026-09-01,9999-12-31)}", order=1),
                price(95, "{[2026-01-05,2026-06-01),[2026-09-01,9999-12-31)}", order=1),
            ),
            entry("calendar_events.stay", event("2026-07-04", "2026-07-11", type="booking"),
                  event("2026-07-04", "2026-07-18", type="booking")),
            entry("calendar_events.paint", None,
                  event("2026-03-02", "2026-03-09", type="blocked-period")),
            entry("seasons.summer", season((1, 5), (31, 7)), season((6, 5), (11, 8))),
        ],
        compared=True,
    )  # fmt: skip
    assert found
    return found


def plan_with_calendar() -> PlanDocument:
    """Give a plan that has it."""
    plan = document([change("update price_calendar_entries.summer", before={"order": 1}, order=2)])
    plan["calendar"] = of_changes()
    plan["digest"] = digest_of_document(plan)
    return plan
