"""The calendar of prices: PostgreSQL, asked for every single day, says the same as our ranges."""

import datetime as dt
import re
import shutil
from collections.abc import Iterator, Mapping
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.calendar.days import day_of
from reconciler.calendar.rows import Entry
from reconciler.calendar.shape import CalendarDocument, UnitDocument
from reconciler.calendar.work import calendar_of
from reconciler.render.calendar.seasons import season_units
from reconciler.render.calendar.window import window_from, yearly_days
from reconciler.values.column import JSON
from reconciler.values.days import day_number, day_text
from tests.builders import KINDS
from tests.commandline import Workspace
from tests.organization import Organization
from tests.properties import examples
from tests.sandbox_server import ROOT
from tests.server import Server

FIRST, LAST = "2026-01-01", "2027-02-28"
PARK = ROOT / "examples" / "villa-park"
PRICES_OF_DAYS = """
select p.name->>'default', d::date::text, array_agg(
  (select array_agg(r->>'rate' order by at) from jsonb_array_elements(e.rates)
     with ordinality as rates(r, at)) order by e."order", e.name->>'default')
from generate_series(%s::date, %s::date, '1 day') d
join {events} e on e.intervals @> d::date join {products} p on p.id = e.product_id
group by 1, 2
"""
Days = Mapping[tuple[str, str], list[list[str]]]
"""The rates of each entry that holds a day of a product, in the order of the entries."""


# --- a plan, and what the database holds before and after it --------------------------------


@pytest.fixture
def park(workspace: Workspace) -> Workspace:
    """The twelve houses, applied."""
    shutil.rmtree(workspace.folder)
    shutil.copytree(PARK, workspace.folder)
    assert workspace.run("apply", "--auto-approve", "--allow", "billing-create").code == 0
    return workspace


@pytest.mark.parametrize(
    ("old", "new", "days", "houses"),
    [
        pytest.param(
            'intervals: "{[2026-06-01,2026-09-01)}"', 'intervals: "{[2026-06-06,2026-09-12)}"',
            5 + 11, 12, id="summer begins and ends later",
        ),
        pytest.param("summer: {type: number, default: 140}", "summer: {type: number, default: 145}",
                     92, 8, id="summer costs more"),
        pytest.param("        order: 1\n", "        order: 2\n", 0, 0, id="nothing is contested"),
    ],
)  # fmt: skip
def test_the_change_of_a_season_shows_exactly_its_days(
    park: Workspace, organization: Organization, old: str, new: str, days: int, houses: int
) -> None:
    before = prices_of_days(organization)
    file = park.folder / "bookingmood.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    plan = park.plan()
    park.apply("--allow", "updates")
    after = prices_of_days(organization)
    unlike = {day for day in before.keys() | after.keys() if before.get(day) != after.get(day)}
    calendar = cast("CalendarDocument | None", plan.get("calendar"))
    units = calendar["units"] if calendar else []
    shown = {day for unit in units for day in changed_days(unit)}
    assert shown == unlike
    assert len(units) == houses
    assert len(shown) == days * houses
    for unit in units:
        for side, table in (("before", before), ("after", after)):
            ours = prices_in(unit, side)
            theirs = {day: found for day, found in table.items() if day[0] == unit["label"]}
            assert ours == theirs


def prices_of_days(organization: Organization) -> Days:
    """Ask the database what each day costs."""
    tables = (organization._table(kind) for kind in ("price_calendar_entries", "products"))
    events, products = (table.as_string(organization.database) for table in tables)
    query = PRICES_OF_DAYS.format(events=events, products=products)
    found = organization.database.execute(query.encode(), (FIRST, LAST)).fetchall()
    return {(name, day): rates for name, day, rates in found}


def prices_in(unit: UnitDocument, side: str) -> Days:
    """Count our ranges out, day by day."""
    found: dict[tuple[str, str], list[list[str]]] = {}
    for period in unit["periods"]:
        numbers = period["before"] if side == "before" else period["after"]
        sources = [unit["sources"][number] for number in numbers]
        rates = [[rate["amount"] for rate in one["rates"]] for one in sources]
        for day in days_between(period["start"], period["end"]) if rates else ():
            found[unit["label"], day] = rates
    return found


def changed_days(unit: UnitDocument) -> Iterator[tuple[str, str]]:
    """Count the changed periods out."""
    for period in unit["periods"]:
        if period["changed"]:
            yield from (
                (unit["label"], day) for day in days_between(period["start"], period["end"])
            )


def days_between(start: str | None, end: str | None) -> Iterator[str]:
    """Name the days of a range that lie between the first and the last of a test."""
    first = max(day_of(start, late=False), day_number(FIRST))
    after = min(day_of(end, late=True), day_number(LAST) + 1)
    yield from map(day_text, range(int(first), int(after)))


BOOKED = """
select d::date::text from generate_series(%s::date, %s::date, '1 day') d
where exists (select from {events} e where e.type = 'booking' and e.product_id = %s
              and e.start_date <= d::date and d::date < e.end_date)
"""


def test_a_longer_stay_and_another_season_are_exactly_their_days(
    workspace: Workspace, organization: Organization
) -> None:
    shutil.rmtree(workspace.folder)
    shutil.copytree(ROOT / "examples" / "villa", workspace.folder)
    workspace.apply("--allow", "billing-create")
    product = organization.one("products", "name->>default=eq.Villa Marina")["id"]
    before = booked_days(organization, product)
    replace(workspace, "bookings.yaml", "end_date: 2026-07-18", "end_date: 2026-07-25")
    replace(workspace, "prices.yaml", "max: {day: 31, month: 7}", "max: {day: 11, month: 8}")
    calendar = cast("CalendarDocument", workspace.plan()["calendar"])
    workspace.apply()
    after = booked_days(organization, product)
    [unit] = calendar["units"]
    assert {day for _, day in changed_days(unit)} == after - before
    assert sorted(after - before) == [f"2026-07-{day}" for day in range(18, 25)]
    [season] = season_units(calendar, window_from(dt.date(2026, 1, 1)))
    changed = {day for _, day in changed_days(season)}
    assert changed == {f"2026-09-{day:02}" for day in range(1, 12)}


def replace(workspace: Workspace, file: str, old: str, new: str) -> None:
    """Edit a file."""
    path = workspace.folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def booked_days(organization: Organization, product: JSON) -> set[str]:
    """Ask the database for the nights of a product that are booked."""
    events = organization._table("calendar_events").as_string(organization.database)
    query = BOOKED.format(events=events).encode()
    return {day for (day,) in organization.database.execute(query, (FIRST, LAST, product))}


# --- any rows -------------------------------------------------------------------------------


RATE = re.compile(r"'rate': (\d+)")
DAYS = st.integers(day_number("2026-03-20"), day_number("2026-04-10")).map(day_text)


@st.composite
def ranges(draw: st.DrawFn) -> str:
    """Write a range near a change of clocks, or one that never ends."""
    ends = sorted(draw(st.tuples(DAYS, DAYS)))
    lower = draw(st.sampled_from([ends[0], ends[0], "", "-infinity", "0001-01-01"]))
    upper = draw(st.sampled_from([ends[1], ends[1], "", "infinity", "9999-12-31"]))
    return f"{draw(st.sampled_from('[('))}{lower},{upper}{draw(st.sampled_from('])'))}"


@st.composite
def entries(draw: st.DrawFn) -> list[Entry]:
    """Make rows of prices of one unit, before and after."""
    number = draw(st.integers(1, 5))
    return [
        Entry(f"price_calendar_entries.{n}", KINDS["price_calendar_entries"],
              draw(st.none() | rows()), draw(rows()))
        for n in range(number)
    ]  # fmt: skip


@st.composite
def rows(draw: st.DrawFn) -> dict[str, JSON]:
    """Make a row of prices."""
    inside = ",".join(draw(st.lists(ranges(), max_size=4)))
    rate = draw(st.integers(1, 3))
    return {
        "product_id": "products.loft", "intervals": f"{{{inside}}}",
        "order": draw(st.integers(0, 2)), "rates": [{"rate": rate, "occupancy": 1, "duration": 1}],
    }  # fmt: skip


@given(found=entries())
@settings(max_examples=examples(40))
def test_any_ranges_mean_the_days_that_postgresql_sees_in_them(
    server: Server, found: list[Entry]
) -> None:
    before, after = seen(server, found, "before"), seen(server, found, "after")
    document = calendar_of(found, compared=False)
    unit = document["units"][0] if document else None
    assert (prices_in(unit, "before") if unit else {}) == before
    assert (prices_in(unit, "after") if unit else {}) == after
    compared = calendar_of(found, compared=True)
    changed = {day for one in (compared["units"] if compared else ()) for day in changed_days(one)}
    assert changed == {d for d in before.keys() | after.keys() if before.get(d) != after.get(d)}


def seen(server: Server, found: list[Entry], side: str) -> Days:
    """Let the database look into every day."""
    given = [
        (one.address, str(row["intervals"]), row["order"], RATE.findall(str(row["rates"]))[0])
        for one in found
        if (row := one.before if side == "before" else one.after)
    ]
    if not given:
        return {}
    answer = server.database.execute(
        'select d::date::text, array_agg(array[rate] order by ord, name collate "C") '
        "from unnest(%s::text[], %s::text[], %s::int[], %s::text[]) t(name, days, ord, rate) "
        "join generate_series(%s::date, %s::date, '1 day') d on days::datemultirange @> d::date "
        "group by 1",
        (*map(list, zip(*given, strict=True)), FIRST, LAST),
    ).fetchall()
    return {("", day): rates for day, rates in answer}


PARTS = st.tuples(st.integers(1, 12), st.integers(1, 31)).map(
    lambda day: f"{day[0]:02}-{day[1]:02}"
)


@given(part=st.tuples(PARTS, PARTS), year=st.integers(1999, 2101))
@settings(max_examples=examples(60))
def test_a_season_is_the_days_between_its_ends_in_every_year(
    server: Server, part: tuple[str, str], year: int
) -> None:
    window = window_from(dt.date(year, 1, 1))
    days = [d for a, b in yearly_days([list(part)], window) for d in range(a, b)]
    first, last = part
    within = "and" if first <= last else "or"
    answer = server.database.execute(
        "select array_agg(d::date::text order by d) "
        "from generate_series(%s::date, %s::date, '1 day') d "
        f"where to_char(d, 'MM-DD') >= %s {within} to_char(d, 'MM-DD') <= %s".encode(),
        (day_text(window.start), day_text(window.end - 1), first, last),
    ).fetchone()
    assert answer
    assert [*map(day_text, days)] == (answer[0] or [])
