"""Two spellings of one value are equal, two values are not, and PostgreSQL agrees."""

import contextlib
import datetime as dt
import struct
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql

from reconciler.configuration.validate.scalars import READERS
from reconciler.configuration.validate.unreadable import UnreadableError
from reconciler.values.canonical import canonical, canonical_json
from reconciler.values.column import JSON, ColumnType
from reconciler.values.real import float4
from tests.organization import Organization, Row

EQUAL: list[tuple[ColumnType, JSON, JSON]] = [
    ("text", "NO", "NO"),
    ("uuid", "6F1C0A9E-3B52-4C8D-9A70-2F5D8E1B4C37", "6f1c0a9e-3b52-4c8d-9a70-2f5d8e1b4c37"),
    ("integer", 5, 5.0),
    ("real", 0.1, 0.10000000149011612),
    ("real", 1, 1.0),
    ("real", 16777217, 16777216.0),
    ("real", 1.0000001788139343, 1.0000001192092896),
    ("real", Decimal("1.00000017881393432617187"), 1.0000001),
    ("real", Decimal("1.00000017881393432617188"), 1.0000002),
    ("real", 3.4028235677973366e38, 3.4028235e38),
    ("real", -7.1e-46, -1e-45),
    ("real", "NaN", "NaN"),
    ("timestamptz", "2026-07-01T14:00:00Z", "2026-07-01 14:00:00+00"),
    ("timestamptz", "2026-07-01T16:00:00+02:00", "2026-07-01T14:00:00+00:00"),
    ("timestamptz", "2026-07-01T16:00:00.5+0200", "2026-07-01T14:00:00.500000Z"),
    ("timestamptz", "2026-07-01T23:30:00-00:30", "2026-07-02T00:00:00Z"),
    ("timestamptz", "2026-07-01 16:00+02", "2026-07-01T14:00:00Z"),
    ("timestamptz", "2026-07-01", "2026-07-01T00:00:00Z"),
    ("time", "15:00", "15:00:00"),
    ("time", "9:05", "09:05:00"),
    ("time", "15:00:00.250", "15:00:00.25"),
    ("time", "24:00", "24:00:00"),
    ("date", "2026-07-01", "2026-07-01"),
    ("timestamptz", "0044-03-15 00:00:00+00 BC", "0044-03-15T01:00:00+01:00 BC"),
    ("timestamptz", "9999-12-31T23:00:00-02:00", "10000-01-01T01:00:00Z"),
    ("timestamptz", "0001-01-01T00:00:00+02:00", "0001-12-31T22:00:00+00:00 BC"),
    ("daterange", "[2026-07-01,2026-07-07]", "[2026-07-01,2026-07-08)"),
    ("daterange", "(2026-06-30,2026-07-08)", "[2026-07-01, 2026-07-08)"),
    ("daterange", "[2026-07-01,2026-07-01)", "empty"),
    ("daterange", "[,2026-07-01)", "(,2026-07-01)"),
    ("daterange", "[2026-07-01,]", "[2026-07-01,)"),
    ("daterange", "[2026-07-01,9999-12-31]", "[2026-07-01,10000-01-01)"),
    ("datemultirange", "{[2026-01-01,2026-01-05),[2026-01-05,2026-01-09)}",
     "{[2026-01-01,2026-01-09)}"),
    ("datemultirange", "{[2026-03-01,2026-03-02),[2026-01-01,2026-01-02]}",
     "{[2026-01-01,2026-01-03),[2026-03-01,2026-03-02)}"),
    ("datemultirange", "{[2026-01-01,2026-01-01)}", "{}"),
    ("datemultirange", " { } ", "{}"),
    ("datemultirange", "{(,2026-01-01),[2025-12-01,)}", "{(,)}"),
    ("jsonb", {"a": 1, "b": [1.0, None]}, {"b": [1, None], "a": 1.0}),
    ("jsonb", 1e15, 1000000000000000),
    ("jsonb", -0.0, 0),
    ("jsonb", 6.234969802125327e16, 62349698021253270),
    ("jsonb", 1e19, 10000000000000000000),
    ("jsonb", Decimal("0.12345678901234567890"), Decimal("0.1234567890123456789")),
    ("jsonb", Decimal("1e400"), Decimal("1" + "0" * 400)),
    ("jsonb", Decimal("0e500"), 0),
    ("daterange", "[0044-03-15 BC,10000-01-01]", "[0044-03-15 BC,10000-01-02)"),
    ("text[]", ["a", "b"], ["a", "b"]),
    ("boolean[]", [True, False], [True, False]),
]  # fmt: skip

DIFFERENT: list[tuple[ColumnType, JSON, JSON]] = [
    ("text", "", None),
    ("text", "a", "a "),
    ("text", "é", "e\u0301"),
    ("text", "Jane@example.com", "jane@example.com"),
    ("real", 0.1, 0.2),
    ("integer", 0, None),
    ("timestamptz", "2026-07-01T14:00:00Z", "2026-07-01T14:00:00.000001Z"),
    ("timestamptz", "2026-07-01T14:00:00Z", "2026-07-01T14:00:00+02:00"),
    ("time", "15:00", "15:00:00.000001"),
    ("time", "24:00", "00:00"),
    ("daterange", "[2026-07-01,2026-07-07]", "[2026-07-01,2026-07-07)"),
    ("daterange", "[2026-07-01,)", "[2026-07-01,9999-12-31)"),
    ("daterange", "empty", "(,)"),
    ("daterange", "[2026-07-01,infinity]", "[2026-07-01,infinity)"),
    ("daterange", "[2026-07-01,infinity)", "[2026-07-01,)"),
    ("date", "infinity", "-infinity"),
    ("real", "Infinity", 3.4028235e38),
    ("datemultirange", "{[2026-01-01,2026-01-05),[2026-01-06,2026-01-09)}",
     "{[2026-01-01,2026-01-09)}"),
    ("jsonb", True, 1),
    ("jsonb", False, 0),
    ("jsonb", "1", 1),
    ("jsonb", [1, 2], [2, 1]),
    ("jsonb", {"a": None}, {}),
    ("jsonb", {}, []),
    ("jsonb", 9007199254740993, 9007199254740992),
    ("jsonb", Decimal("0.1234567890123456789"), 0.12345678901234568),
    ("jsonb", 10**20, 10**20 + 1),
    ("jsonb", Decimal("1e400"), Decimal("1e401")),
    ("text[]", ["a", "b"], ["b", "a"]),
    ("text[]", [], None),
    ("boolean[]", [True], [True, False]),
]  # fmt: skip

WRONG: list[tuple[ColumnType, JSON]] = [
    ("text", 5),
    ("integer", True),
    ("integer", 1.5),
    ("integer", "1"),
    ("real", "0.1"),
    ("real", True),
    ("real", 1e300),
    ("real", 1e-46),
    ("boolean", 1),
    ("boolean", "true"),
    ("date", "2026-02-30"),
    ("time", "25:00"),
    ("timestamptz", "soon"),
    ("timestamptz", "10000-02-30T00:00:00+00:00"),
    ("timestamptz", "10000-01-01T25:00:00+00:00"),
    ("date", "5874898-01-01"),
    ("date", "0000-01-01"),
    ("daterange", "2026-01-01"),
    ("daterange", "[2026-02-01,2026-01-01)"),
    ("datemultirange", "[2026-01-01,2026-02-01)"),
    ("text[]", "a"),
    ("text[]", [1]),
    ("boolean[]", ["true"]),
]


@pytest.mark.parametrize(("column_type", "one", "other"), EQUAL)
def test_spellings_of_one_value_are_equal(column_type: ColumnType, one: JSON, other: JSON) -> None:
    assert canonical(one, column_type) == canonical(other, column_type)


@pytest.mark.parametrize(("column_type", "one", "other"), DIFFERENT)
def test_different_values_stay_different(column_type: ColumnType, one: JSON, other: JSON) -> None:
    assert canonical(one, column_type) != canonical(other, column_type)


@pytest.mark.parametrize(("column_type", "value"), WRONG)
def test_a_value_of_another_type_is_refused(column_type: ColumnType, value: JSON) -> None:
    with pytest.raises(ValueError):
        canonical(value, column_type)


@pytest.mark.parametrize("text", ["infinity", "-infinity"])
def test_moments_that_python_has_no_name_for_are_compared_as_written(text: str) -> None:
    assert canonical(text, "timestamptz") == text


# -- PostgreSQL's view: what is sent and what is read back are equal -----------------------------

COLUMNS: dict[ColumnType, tuple[str, str, Row]] = {
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

TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
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


DOCUMENTS: st.SearchStrategy[JSON] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)

VALUES: dict[ColumnType, st.SearchStrategy[JSON]] = {
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
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_what_is_read_back_equals_what_was_sent(
    data: st.DataObject, organization: Organization, column_type: ColumnType
) -> None:
    kind, column, others = COLUMNS[column_type]
    sent = data.draw(st.lists(VALUES[column_type], min_size=1, max_size=20))
    rows = [{**others, **_parents(organization, kind), column: value} for value in sent]
    stored = organization.insert_all(kind, rows)
    for before, after in zip(sent, stored, strict=True):
        assert canonical(before, column_type) == canonical(after[column], column_type)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=date_ranges())
def test_a_range_is_what_postgresql_makes_of_it(organization: Organization, text: str) -> None:
    with organization.database.cursor() as cursor:
        cursor.execute("select %s::daterange::text", [text])
        [stored] = cursor.fetchone() or [""]
    assert canonical(text, "daterange") == canonical(stored, "daterange")
    assert canonical(stored, "daterange") == stored


@given(document=DOCUMENTS)
def test_a_document_is_written_the_same_whatever_the_order_of_its_names(document: JSON) -> None:
    assert canonical_json(document) == canonical_json(_reversed(document))


def _reversed(document: JSON) -> JSON:
    if isinstance(document, dict):
        return {name: _reversed(value) for name, value in reversed(document.items())}
    if isinstance(document, list):
        return [_reversed(item) for item in document]
    return document


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


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
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
    organization: Organization, column_type: ColumnType
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
            READERS[column_type](text)
            taken.append(text)
    with organization.database.cursor() as cursor:
        cursor.execute(
            sql.SQL("select to_json(t::{0})#>>'{{}}' from unnest(%s::text[]) t").format(
                sql.SQL(column_type)
            ),
            [taken],
        )
        stored = [text for (text,) in cursor.fetchall()]
    assert [canonical(t, column_type) for t in taken] == [canonical(t, column_type) for t in stored]
    for text in stored:
        if not text.endswith(" BC"):  # YAML has no years BC; an export leaves them out and says so
            READERS[column_type](text)
