"""What the days of a unit are: nights, clocks, seasons, and what nobody may see."""

import pytest

from reconciler.calendar.days import stay
from reconciler.calendar.rows import cells
from reconciler.calendar.shape import CalendarDocument
from reconciler.calendar.work import MOST_UNITS, calendar_of
from reconciler.render.calendar import (
    calendar_lines,
    calendar_markdown,
    calendar_svg,
    changed_lines,
)
from reconciler.render.calendar.window import window_from, window_of
from reconciler.values.column import JSON
from reconciler.values.days import day_text
from tests.builders import KINDS, ref
from tests.calendars import WINDOW, entry, event, loft, of_changes, of_example, price

AMSTERDAM, AUCKLAND = "Europe/Amsterdam", "Pacific/Auckland"
FAR = "{[0001-01-01,2026-01-01),[2026-02-01,9999-12-31]}"


def periods(document: CalendarDocument | None) -> list[str]:
    """Write the periods of the only unit in one line each."""
    assert document
    [unit] = document["units"]
    return [
        f"{one['start']} {one['end']} {[unit['sources'][n]['state'] for n in one['after']]}"
        for one in unit["periods"]
    ]


@pytest.mark.parametrize(
    ("since", "until", "zone", "whole_days", "expected"),
    [
        ("2026-07-04", "2026-07-18", AMSTERDAM, False, ("2026-07-04", "2026-07-18")),
        ("2026-07-04", "2026-07-18", AMSTERDAM, True, ("2026-07-04", "2026-07-19")),
        ("2026-07-04", "2026-07-04", None, False, None),
        ("2026-07-04", "2026-07-04", None, True, ("2026-07-04", "2026-07-05")),
        ("2026-07-04", "2026-07-03", None, False, None),
        ("not a day", "2026-07-03", None, False, None),
        # the night in which clocks are put on, and the one in which they are put back
        ("2026-03-28T22:59Z", "2026-03-29T22:01Z", AMSTERDAM, False, ("2026-03-28", "2026-03-30")),
        ("2026-03-28T23:01Z", "2026-03-29T21:59Z", AMSTERDAM, True, ("2026-03-29", "2026-03-30")),
        ("2026-10-24T22:00Z", "2026-10-25T22:59Z", AMSTERDAM, True, ("2026-10-25", "2026-10-26")),
        ("2026-10-24T21:59Z", "2026-10-25T23:00Z", AMSTERDAM, False, ("2026-10-24", "2026-10-26")),
        # the same moments are other days on the other side
        ("2026-07-03T13:00:00+00:00", "2026-07-05T11:59Z", AUCKLAND, False,
         ("2026-07-04", "2026-07-05")),
        ("2026-07-03T13:00:00+00:00", "2026-07-05T11:59Z", None, False,
         ("2026-07-03", "2026-07-05")),
        ("9999-12-31T23:59Z", "infinity", AMSTERDAM, False, ("9999-12-31", None)),
    ],
)  # fmt: skip
def test_a_stay_is_its_nights_at_the_place(
    since: str, until: str, zone: str | None, whole_days: bool, expected: tuple[str, str] | None
) -> None:
    found = stay(since, until, zone, whole_days=whole_days)
    told = [
        tuple(None if abs(day) == float("inf") else day_text(int(day)) for day in span)
        for span in found
    ]
    assert told == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("more", "states"),
    [
        ({"type": "booking"}, ["booked"]),
        ({"type": "booking", "status": "TENTATIVE"}, ["pending"]),
        ({"type": "booking", "status": "CANCELLED"}, []),
        ({"type": "blocked period"}, ["blocked"]),
        ({"type": "blocked-period", "status": "TENTATIVE"}, ["blocked"]),
        ({"type": "note"}, []),
    ],
)
def test_an_event_takes_its_days_or_not(more: dict[str, JSON], states: list[str]) -> None:
    row = event("2026-07-04", "2026-07-11", **more)
    found = calendar_of([loft(), entry("calendar_events.x", row, row)], compared=False)
    assert (periods(found) if found else []) == [f"2026-07-04 2026-07-11 {[s]}" for s in states]


def test_a_unit_that_is_let_by_the_day_is_taken_on_its_last_one() -> None:
    row = event("2026-07-04", "2026-07-11", type="booking")
    entries = [loft(rent_period="daily"), entry("calendar_events.x", row, row)]
    assert periods(calendar_of(entries, compared=False)) == ["2026-07-04 2026-07-12 ['booked']"]


def test_ranges_without_end_cost_no_more_than_a_night() -> None:
    rows = [price(n, FAR) for n in range(50)]
    entries = [entry(f"price_calendar_entries.{n}", row, row) for n, row in enumerate(rows)]
    found = calendar_of(entries, compared=False)
    assert found
    [unit] = found["units"]
    ends = [(one["start"], one["end"]) for one in unit["periods"]]
    assert ends == [("0001-01-01", "2026-01-01"), ("2026-02-01", "10000-01-01")]
    assert "\n".join(calendar_lines(found, WINDOW)).count("?" * 28) == 12


def test_what_only_the_name_or_the_colour_of_an_entry_changes_changes_no_day() -> None:
    rows = price(1, FAR, name={"default": "A"}), price(1, FAR, name={"default": "B"})
    assert calendar_of([entry("price_calendar_entries.a", *rows)], compared=True) is None


def test_another_shortest_stay_is_a_change_though_the_price_stays() -> None:
    rows = price(1, FAR, min_duration=2), price(1, FAR, min_duration=3)
    found = calendar_of([loft(), entry("price_calendar_entries.a", *rows)], compared=True)
    assert found
    assert "1 EUR → 1 EUR, with other rules or rates" in "\n".join(
        changed_lines(found, WINDOW, 200)
    )


def test_private_values_and_secrets_never_get_in() -> None:
    kind = KINDS["price_calendar_entries"]
    values: dict[str, object] = {
        "product_id": ref("products.loft"), "name": {"default": "the code is hunter2"},
        "rates": [{"rate": 1}], "order": 3, "intervals": FAR,
    }  # fmt: skip
    found = cells(kind, values, lambda kind, _: kind, frozenset({"hunter2"}))
    assert found == {"product_id": "products.loft", "rates": [{"rate": 1}], "order": 3,
                     "intervals": FAR}  # fmt: skip
    events = cells(
        KINDS["calendar_events"], {"title": "Jane", "type": "note"}, lambda *_: "", frozenset()
    )
    assert events == {"type": "note"}


def test_too_many_units_are_counted() -> None:
    rows = [{**price(1, FAR), "product_id": f"products.{n}"} for n in range(MOST_UNITS + 7)]
    entries = [entry(f"price_calendar_entries.{n}", None, row) for n, row in enumerate(rows)]
    found = calendar_of(entries, compared=True)
    assert found
    assert (len(found["units"]), found["left_out"]) == (MOST_UNITS, 7)
    assert "7 more units" in "\n".join(calendar_markdown(found))


def test_every_column_that_a_calendar_names_is_there() -> None:
    named = {kind.name: kind.calendar.columns for kind in KINDS.values() if kind.calendar}
    assert sorted(named) == ["calendar_events", "capacities", "price_calendar_entries", "products",
                             "seasons"]  # fmt: skip
    for kind, columns in named.items():
        assert set(columns) <= KINDS[kind].columns.keys()


# --- as text and as tables --------------------------------------------------------------------

CHANGED = """\
Price calendar by the YAML, 2026-03 to 2027-03 (five signs are a month):
  Loft (products.loft): 110 days to change
            M    A    M    J    J    A    S    O    N    D    J    F    M
    before  AAAAAAAAAAAAAAABBBBBB#BBBBBBBBAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
    after   xxAAAAAAAAAAAAA.CCCCC##CCCCCCC??AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
            ^^             ^^^^^^^^^^^^^^^^^
    # booked, ? several prices, A 95 EUR, B 140 EUR, C 145.50 EUR, x blocked,
      . nothing said, ^ changed
    2026-03-02 to 2026-03-08 (7): 95 EUR → 95 EUR, blocked;
      calendar_events.paint, price_calendar_entries.rest
    2026-06-01 to 2026-06-05 (5): 140 EUR → nothing said;
      price_calendar_entries.summer
    2026-06-06 to 2026-07-03 (28): 140 EUR → 145.50 EUR;
      price_calendar_entries.summer
    2026-07-04 to 2026-07-10 (7): 140 EUR, booked → 145.50 EUR, booked;
      calendar_events.stay, price_calendar_entries.summer
    2026-07-11 to 2026-07-17 (7): 140 EUR → 145.50 EUR, booked;
      calendar_events.stay, price_calendar_entries.summer
    2026-07-18 to 2026-08-31 (45): 140 EUR → 145.50 EUR;
      price_calendar_entries.summer
    … and 1 more period
  Summer <b> (seasons.summer), every year: 06-01 to 08-31 → 06-06 to 09-11
            M    A    M    J    J    A    S    O    N    D    J    F    M
    before  ...............sssssssssssssss...................................
    after   ................ssssssssssssssss.................................
                           ^              ^^
    s season, . nothing said, ^ changed
    2026-06-01 to 2026-06-05 (5): season → nothing said; seasons.summer
    2026-09-01 to 2026-09-11 (11): nothing said → season; seasons.summer"""


def test_a_terminal_shows_what_changes() -> None:
    document = of_changes()
    assert "\n".join(changed_lines(document, window_of(document), 80)) == CHANGED


def test_a_narrow_terminal_gets_the_periods_without_a_strip() -> None:
    lines = list(changed_lines(of_changes(), window_of(of_changes()), 60))
    assert not [line for line in lines if line.startswith("    before  ")]
    assert "    2026-06-01 to 2026-06-05 (5): 140 EUR → nothing said;" in lines


def test_markdown_has_a_table_of_the_changed_periods() -> None:
    text = "\n".join(calendar_markdown(of_changes()))
    assert (
        "| 2026-09-01 | 2026-09-11 | 11 | `95 EUR` | `145.50 EUR or 95 EUR` | "
        "`price_calendar_entries.summer, price_calendar_entries.rest` |"
    ) in text
    assert "| `Summer <b> (seasons.summer)` | 06-01 to 08-31 | 06-06 to 09-11 |" in text


def test_no_line_is_wider_than_a_terminal() -> None:
    lines = list(calendar_lines(of_example(), WINDOW))
    assert max(map(len, lines)) <= 80
    assert "2026-07   BBB##############BBBBBBBBBBBBBB" in lines  # the 18th is the day of departure
    assert "2026-03   AxxxxxxxAAAAAAAAAAAAAAAAAAAAAAA" in lines


def test_a_drawing_needs_nothing_else() -> None:
    drawing = calendar_svg(of_changes(), WINDOW)
    assert drawing.count("<svg") == 1
    assert "Summer &lt;b&gt;" in drawing
    assert "href" not in drawing


def test_a_folder_whose_days_are_past_is_shown_from_its_first_day() -> None:
    document = of_example("villa-park")
    assert window_of(document, WINDOW.months[3].first).title == "2026-04 to 2027-04"
    late = window_from(WINDOW.months[-1].first.replace(year=2031)).months[0].first
    assert window_of(document, late).title == "2026-01 to 2027-01"


def test_a_file_that_names_days_that_are_none_harms_nothing() -> None:
    document = of_changes()
    [unit] = document["units"]
    bad = {**unit["periods"][0], "start": "2026-02-31", "after": [99]}
    broken: CalendarDocument = {**document, "units": [{**unit, "periods": [bad]}]}  # type: ignore[list-item]
    assert list(changed_lines(broken, WINDOW, 80))
    assert list(calendar_markdown(broken))
