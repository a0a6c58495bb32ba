"""Rows written many at once are written as each by itself is: for any rows, in every kind."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconciler.catalogue import Kind
from reconciler.exporting import columnwise
from reconciler.exporting.columnwise import blocks
from reconciler.exporting.cycles import Point
from reconciler.exporting.redact import Redactor
from reconciler.exporting.values import Writing
from reconciler.exporting.writing import block
from reconciler.values.column import JSON
from reconciler.values.sent import Row
from tests.builders import KINDS, foreign_id, row
from tests.random_rows import values_of

ONE, TWO, THREE = map(foreign_id, (1, 2, 3))
IDS = {name: [ONE, TWO.upper(), THREE] for name in KINDS}
KEYED = {name: {ONE: "one", TWO: "no", foreign_id(9): "nine"} for name in KINDS}
NAMES = sorted(
    name for name, kind in KINDS.items() if any(column.exported for column in kind.columns.values())
)


def writing_of(kind: Kind, rows: list[Row], **options: object) -> Writing:
    own = {str(one[kind.id_column]): f"k-{number}" for number, one in enumerate(rows)}
    writing = Writing(KINDS, {**KEYED, kind.name: {**KEYED[kind.name], **own}}, {})
    for name, value in options.items():
        object.__setattr__(writing, name, value)
    return writing


def one_by_one(kind: Kind, rows: list[Row], writing: Writing) -> list[str]:
    keys = writing.keys[kind.name]
    named = [(keys[str(one[kind.id_column])], one) for one in rows]
    return [block(kind, key, writing.columns(kind, key, one)) for key, one in named]


def check(name: str, rows: list[Row], **options: object) -> None:
    kind = KINDS[name]
    once, together = writing_of(kind, rows, **options), writing_of(kind, rows, **options)
    assert [*blocks(kind, [rows], together)] == one_by_one(kind, rows, once)
    assert together.unfit == once.unfit


@st.composite
def pages(draw: st.DrawFn) -> tuple[str, list[Row]]:
    """Draw a kind, and rows that mostly have the same columns and often the same values."""
    name = draw(st.sampled_from(NAMES))
    kind = KINDS[name]
    columns = [column for column in kind.columns.values() if column.exported]
    few = {
        column.name: draw(st.lists(values_of(column, IDS), min_size=1, max_size=3))
        for column in columns
    }
    lacking = draw(st.sets(st.sampled_from([*few]), max_size=2)) if draw(st.booleans()) else set()
    rows: list[Row] = []
    for number in range(draw(st.integers(0, 4))):
        values = {n: draw(st.sampled_from(some)) for n, some in few.items() if n not in lacking}
        rows.append(row(name, foreign_id(100 + number), **values))
        if draw(st.integers(0, 9)) == 0:
            lacking ^= {draw(st.sampled_from([*few]))}
    return name, rows


@settings(suppress_health_check=list(HealthCheck))
@given(page=pages(), omit_defaults=st.booleans())
def test_any_rows_are_written_as_each_by_itself_is(
    page: tuple[str, list[Row]], omit_defaults: bool
) -> None:
    name, rows = page
    check(name, rows, omit_defaults=omit_defaults)


def contact(number: int, **values: JSON) -> Row:
    return row("contacts", foreign_id(100 + number), **values)


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("contacts", {"first_name": ["no", "no", "Zoë", "", "a: b", "w " * 90, "a\nb", "${X}"]}),
        ("contacts", {"creator_id": [None, ONE, ONE.upper(), TWO, THREE], "language": [None] * 5}),
        ("contacts", {"meta": [[], [{"key": "a", "value": 1}], [{"key": "a", "value": True}]]}),
        ("bookings", {"exchange_rate": [1, 1.0, 0.0, -0.0, 1e16], "silent": [True, False] * 3}),
        ("bookings", {"exchange_rate": [0.0, -0.0, 0.5, 0.5]}),
        ("bookings", {"confirmed_at": [None, "2026-07-01T10:00:00+00:00"]}),
        ("contact_bookings", {"booking_id": [ONE, TWO, THREE], "contact_id": [TWO, ONE, ONE]}),
        ("line_items", {"name": [{}, {"default": "a"}, {"default": "word " * 30}]}),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_usual_rows_are_written_at_once(
    name: str, columns: dict[str, list[JSON]], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows: list[Row] = [
        row(name, foreign_id(100 + number), **dict(zip(columns, values, strict=True)))
        for number, values in enumerate(zip(*columns.values(), strict=False))
    ]
    expected = one_by_one(KINDS[name], rows, writing_of(KINDS[name], rows))

    def not_usual(*_: object) -> str:
        raise AssertionError("it is written by itself")

    monkeypatch.setattr(columnwise, "block", not_usual)
    assert [*blocks(KINDS[name], [rows, []], writing_of(KINDS[name], rows))] == expected


def test_a_link_that_is_too_long_for_its_line_gets_more(monkeypatch: pytest.MonkeyPatch) -> None:
    kind, lengths = KINDS["contact_bookings"], range(20, 40)
    monkeypatch.setitem(KEYED, "contacts", {foreign_id(n): "a" * n for n in lengths})
    monkeypatch.setitem(KEYED, "bookings", {ONE: "b" * 30})
    rows: list[Row] = [
        row(kind.name, foreign_id(100 + n), contact_id=foreign_id(n), booking_id=ONE)
        for n in lengths
    ]
    check(kind.name, rows)
    written = [*blocks(kind, [rows], writing_of(kind, rows))]
    assert {one.count("\n") for one in written} == {0, 1}


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("contacts", [contact(1, city="Den Haag"), contact(2, city=None)]),
        ("contacts", [contact(1, city="Den Haag"), contact(2)]),
        ("contacts", [contact(1, zip="1"), contact(2, zip="2", city="Den Haag")]),
        ("contacts", [contact(1, meta=[{"key": "a", "value": {"${X}": 1}}]), contact(2, meta=[])]),
        (
            "price_calendar_entries",
            [row("price_calendar_entries", ONE, check_in_days=[True, None])],
        ),
        ("contacts", [contact(1, meta=[Decimal("0.12345678901234567890")]), contact(2, meta=[])]),
        ("bookings", [row("bookings", ONE, exchange_rate=Decimal("0.12345678901234567890"))]),
        ("bookings", [row("bookings", ONE, method="swap"), row("bookings", TWO, method="book")]),
        ("external_calendars", [row("external_calendars", ONE, name="a", ical_url="secret")]),
        ("members", [row("members", ONE, user_id=ONE)]),
    ],
)
def test_what_is_not_usual_is_written_by_itself(name: str, rows: list[Row]) -> None:
    check(name, rows)


def test_a_reference_that_closes_a_cycle_stays_an_id() -> None:
    here: tuple[Point, Point] = (("services", foreign_id(101)), ("services", ONE))
    columns = {c.name for c in KINDS["services"].references if c.reference}
    rows: list[Row] = [
        row("services", foreign_id(100 + number), **dict.fromkeys(columns, ONE))
        for number in range(3)
    ]
    check("services", rows, closing=frozenset({here}))


def test_what_is_redacted_is_looked_at_row_by_row() -> None:
    rows = [contact(1, city="Jane", notes="Jane is late"), contact(2, city="", notes="call Jane")]
    redactor = Redactor()
    redactor.learn(KINDS["contacts"], rows)
    check("contacts", rows, redactor=redactor)
