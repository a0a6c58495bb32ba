"""PostgreSQL agrees on which values are equal: what is sent and what is read back are one."""

import contextlib
import datetime as dt
import struct
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql

from reconciler.values.canonical import canonical
from reconciler.values.column import JSON
from reconciler.values.real import float4
from reconciler.values.types import TYPES
from reconciler.values.unreadable import UnreadableError
from tests.organization import Organization, Row
from tests.properties import examples
from tests.unit.test_canonical import DOCUMENTS, TEXTS

COLUMNS: dict[str, tuple[str, str, Row]] = {
    "text": ("contacts", "notes", {}),
    "jsonb": ("contacts", "meta", {}),
    "real": ("taxes", "percentage", {}),
    "integer": ("coupons", "quota", {"code": "X"}),
    "smallint": ("services", "order", {"type": "checkbox"}),
    "timestamptz": ("bookings", "confirmed_at",
                    {"currency": "EUR", "display_currency": "EUR", "exchange_rate": 1}),
    "time": ("message_templates", "time", {}),
    "text[]": ("webhooks", "events", {"endpoint": "https://example.com", "source": "api"}),
    "boolean[]": ("widgets", "visible_months", {}),
    "datemultirange": ("price_calendar_entries", "intervals", {}),
    "date": ("calendar_events", "start_date", {"type": "blocked-period"}),
}  # fmt: skip
"""A column of each type that people can write, and what its rows need besides."""

DATES = st.dates().map(dt.date.isoformat)
CLOCKS = st.one_of(
    st.times().map(dt.time.isoformat),
    st.builds("{}:{:02}".format, st.integers(0, 23), st.integers(0, 59)),
    st.just("24:00"),
)
ZONES = st.sampled_from(["", "Z", "+00:00", "-00:30", "+02", "+0530", "-11:45"])
MOMENTS = st.builds(
    "{}{}{}{}".format,
    st.dates(dt.date(1800, 1, 1), dt.date(2400, 1, 1)),
    st.sampled_from("T "),
    st.times().map(dt.time.isoformat),
    ZONES,
)


@st.composite
def date_ranges(draw: st.DrawFn) -> str:
    """Write a range of dates in one of the ways there are."""
    first, last = sorted(draw(st.tuples(DATES, DATES)))
    lower = draw(st.sampled_from([first, first, ""]))
    upper = draw(st.sampled_from([last, last, first, ""]))
    opening, closing = draw(st.sampled_from("[(")), draw(st.sampled_from("])"))
    return f"{opening}{lower},{upper}{closing}"


@st.composite
def multiranges(draw: st.DrawFn) -> str:
    """Write ranges near each other, so that many touch, overlap, or are empty."""
    days = [dt.date(2026, 1, 1) + dt.timedelta(n) for n in range(12)]
    near = st.tuples(st.sampled_from(days), st.integers(0, 3)).map(
        lambda pair: (pair[0], pair[0] + dt.timedelta(pair[1]))
    )
    brackets = st.tuples(st.sampled_from("[("), st.sampled_from("])"))
    parts = draw(st.lists(st.tuples(near, brackets), max_size=5))
    return "{" + ",".join(f"{o}{a},{b}{c}" for (a, b), (o, c) in parts) + "}"


VALUES: dict[str, st.SearchStrategy[JSON]] = {
    "text": TEXTS,
    "jsonb": DOCUMENTS.filter(lambda document: document is not None),
    "real": st.floats(width=32, allow_nan=False, allow_infinity=False, allow_subnormal=False)
    | st.integers(-(10**9), 10**9)
    | st.decimals(-1000, 1000, places=3).map(float),
    "integer": st.integers(-(2**31), 2**31 - 1),
    "smallint": st.integers(-(2**15), 2**15 - 1),
    "timestamptz": MOMENTS,
    "time": CLOCKS,
    "text[]": st.lists(TEXTS, max_size=4).map(list[JSON]),
    "boolean[]": st.lists(st.booleans(), max_size=4).map(list[JSON]),
    "datemultirange": multiranges(),
    "date": DATES,
}


@pytest.mark.parametrize("column_type", COLUMNS)
@settings(max_examples=examples(25))
@given(data=st.data())
def test_what_is_read_back_equals_what_was_sent(
    data: st.DataObject, organization: Organization, column_type: str
) -> None:
    kind, column, others = COLUMNS[column_type]
    sent = data.draw(st.lists(VALUES[column_type], min_size=1, max_size=20))
    rows = [{**others, **_parents(organization, kind), column: value} for value in sent]
    stored = organization.insert_all(kind, rows)
    for before, after in zip(sent, stored, strict=True):
        assert canonical(before, TYPES[column_type]) == canonical(after[column], TYPES[column_type])


@settings(max_examples=examples(200), suppress_health_check=list(HealthCheck))
@given(text=date_ranges())
def test_a_range_is_what_postgresql_makes_of_it(organization: Organization, text: str) -> None:
    with organization.database.cursor() as cursor:
        cursor.execute("select %s::daterange::text", [text])
        [stored] = cursor.fetchone() or [""]
    assert canonical(text, TYPES["daterange"]) == canonical(stored, TYPES["daterange"])
    assert canonical(stored, TYPES["daterange"]) == stored


def _parents(organization: Organization, kind: str) -> Row:
    """Give the rows that a kind needs, made once."""
    if kind not in ("price_calendar_entries", "calendar_events"):
        return {}
    products = organization.ids("products") or [organization.product("Villa")]
    return {"product_id": products[0]}


# -- what PostgreSQL refuses, and to what it rounds ------------------------------------------------

EDGES = [
    "1.0000001788139343", "1.00000017881393432617187", "1.00000017881393432617188", "-0",
    "16777217",
    "3.4028235677973366e38", "3.40282356779733661637539395458142568447e38", "1e39", "1e-46",
    "3.40282356779733661637539395458142568448e38", "7.1e-46", "1e-45", "0e-99", "1.17549435e-38",
    "7.00649232162408535461864791644958065640130970938257885878534141944895541342930300743319094e-46",
]  # fmt: skip
NEAR = st.builds(
    lambda value, tail: format(Decimal(value) + Decimal(value) * Decimal(tail).scaleb(-30), ".30e"),
    st.floats(width=32, allow_nan=False, allow_infinity=False),
    st.integers(-(10**24), 10**24),
)
"""Decimal texts around the numbers that ``real`` holds, many of them near to half way between."""


def half_way(value: float) -> str:
    """Write the middle of a ``real`` and the next one, a very little more."""
    bits = struct.unpack("<I", struct.pack("<f", abs(value)))[0]
    after = struct.unpack("<f", struct.pack("<I", min(bits + 1, 0x7F7FFFFF)))[0]
    return str((Decimal(abs(value)) + Decimal(after)) / 2)


def rounded(text: str) -> float | None:
    try:
        return float4(Decimal(text))
    except ValueError:
        return None


@settings(max_examples=examples(10), suppress_health_check=list(HealthCheck))
@given(st.lists(NEAR | st.floats(0, 2.0**127, width=32).map(half_way), max_size=100))
def test_real_is_rounded_and_refused_as_postgresql_does(
    organization: Organization, texts: list[str]
) -> None:
    texts = [*EDGES, *texts]
    with organization.database.cursor() as cursor:
        cursor.execute(
            "select case when pg_input_is_valid(t, 'real') then t::real::float8::text end"
            " from unnest(%s::text[]) with ordinality as u(t, n) order by n",
            [texts],
        )
        stored = [None if text is None else float(text) for (text,) in cursor.fetchall()]
    assert [rounded(text) for text in texts] == stored


@pytest.mark.parametrize(
    "column_type", ["date", "timestamptz", "datemultirange", "time", "daterange"]
)
def test_what_is_read_is_what_postgresql_takes(
    organization: Organization, column_type: str
) -> None:
    """What `validate` takes the server takes, and writes as we compare it."""
    days = [
        "0001-01-01",
        "9999-12-31",
        "10000-01-01",
        "5874897-12-31",
        "5874898-01-01",
        "2026-02-30",
    ]
    moments = ["0001-01-01T00:00:00+02:00", "9999-12-31 23:59:59.999999-15:59", "294276-12-31",
               "294277-01-01", "2026-07-01T24:00Z", "2026-07-01 10:00+1"]  # fmt: skip
    ranges = [f"[{day},{end}]" for day in days[:4] for end in days if day < end or len(end) > 10]
    times = ["0:00", "24:00", "24:00:00.0", "23:59:59.999999", "24:01", "23:59:60"]
    texts: list[str] = {
        "date": days, "timestamptz": moments, "daterange": ranges, "time": times,
        "datemultirange": ["{}", "{[2026-01-01,9999-12-31]}", *(f"{{{one}}}" for one in ranges)],
    }[column_type]  # fmt: skip
    taken: list[str] = []
    for text in texts:
        with contextlib.suppress(UnreadableError):
            TYPES[column_type].read(text)
            taken.append(text)
    with organization.database.cursor() as cursor:
        cursor.execute(
            sql.SQL("select to_json(t::{0})#>>'{{}}' from unnest(%s::text[]) t").format(
                sql.SQL(column_type)
            ),
            [taken],
        )
        stored = [text for (text,) in cursor.fetchall()]
    assert [canonical(t, TYPES[column_type]) for t in taken] == [
        canonical(t, TYPES[column_type]) for t in stored
    ]
    for text in stored:
        if not text.endswith(" BC"):  # YAML has no years BC; an export leaves them out and says so
            TYPES[column_type].read(text)
