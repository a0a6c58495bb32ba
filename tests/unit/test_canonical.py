"""Two spellings of one value are equal, and two values are not."""

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.values.address import Address
from reconciler.values.canonical import canonical
from reconciler.values.column import JSON
from reconciler.values.jsonform import canonical_json, same_json
from reconciler.values.sent import Pending
from reconciler.values.types import TYPES

TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
DOCUMENTS: st.SearchStrategy[JSON] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)

EQUAL: list[tuple[str, JSON, JSON]] = [
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

DIFFERENT: list[tuple[str, JSON, JSON]] = [
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

WRONG: list[tuple[str, JSON]] = [
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
def test_spellings_of_one_value_are_equal(column_type: str, one: JSON, other: JSON) -> None:
    assert canonical(one, TYPES[column_type]) == canonical(other, TYPES[column_type])


@pytest.mark.parametrize(("column_type", "one", "other"), DIFFERENT)
def test_different_values_stay_different(column_type: str, one: JSON, other: JSON) -> None:
    assert canonical(one, TYPES[column_type]) != canonical(other, TYPES[column_type])


@pytest.mark.parametrize(("column_type", "value"), WRONG)
def test_a_value_of_another_type_is_refused(column_type: str, value: JSON) -> None:
    with pytest.raises(ValueError):
        canonical(value, TYPES[column_type])


FORMS: list[tuple[str, JSON, object]] = [
    ("timestamptz", "2026-07-01T16:00:00+02:00", "2026-07-01T14:00:00.000000+00:00"),
    ("timestamptz", "12345-07-01 16:41:42.5+02", "12345-07-01T14:41:42.500000+00:00"),
    ("timestamptz", "12345-07-01T16", None),
    ("timestamptz", "12345-07-01", "12345-07-01T00:00:00.000000+00:00"),
    ("timestamptz", "12345-07-01 00:00:01Z", "12345-07-01T00:00:01.000000+00:00"),
    ("timestamptz", "12345-07-01 23:59", "12345-07-01T23:59:00.000000+00:00"),
    ("timestamptz", "12345-07-01 16:00:00+02:30:15", "12345-07-01T13:29:45.000000+00:00"),
    ("timestamptz", "12345-07-01 16:00:00-02:30:15", "12345-07-01T18:30:15.000000+00:00"),
    ("timestamptz", "0044-03-15 12:30:00.000001+00 BC", "0044-03-15T12:30:00.000001+00:00 BC"),
    ("timestamptz", "12345-07-01 01:00Z", "12345-07-01T01:00:00.000000+00:00"),
    ("timestamptz", "12345-07-01 24:00:00", None),
    ("timestamptz", "12345-07-01 23:60:00", None),
    ("timestamptz", "12345-07-01 23:59:60", None),
    ("time", "24:00", "24:00:00"),
    ("time", "9:05:07", "09:05:07"),
    ("time", "9:05:07.5", "09:05:07.500000"),
    ("daterange", "[2026-07-01,2026-07-07]", "[2026-07-01,2026-07-08)"),
    ("daterange", "(2026-07-01,2026-07-02)", "empty"),
    ("daterange", "empty", "empty"),
    ("daterange", "(,infinity]", "(,infinity]"),
    ("daterange", "[-infinity,2026-07-01)", "[-infinity,2026-07-01)"),
    ("daterange", "(-infinity,2026-07-01)", "(-infinity,2026-07-01)"),
    ("daterange", "[ 2026-07-01 ,)", "[2026-07-01,)"),
    ("datemultirange", "{[2026-03-01,2026-03-02],[2026-01-01,2026-01-02]}",
     "{[2026-01-01,2026-01-03),[2026-03-01,2026-03-03)}"),
    ("datemultirange", "{[2026-01-01,2026-01-02],empty}", "{[2026-01-01,2026-01-03)}"),
    ("text[]", ["a", None], ("a", None)),
    ("boolean[]", [True, None, False], (True, None, False)),
    ("jsonb", {"b": 1.0, "a": [True, None]}, b'{"a":[true,null],"b":1}'),
    ("uuid", "ABCDEF00-AAAA-4AAA-8AAA-000000000001", "abcdef00-aaaa-4aaa-8aaa-000000000001"),
    ("date", "0044-03-15 BC", "0044-03-15 BC"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("column_type", "value", "words"),
    [
        ("text", 5, "not a text"),
        ("integer", 1.5, "not a whole number"),
        ("real", "0.1", "not a number"),
        ("boolean", 1, "not true or false"),
        ("daterange", "2026-01-01", "not a range"),
        ("daterange", "[2026-02-01,2026-01-01)", "the range ends before it begins"),
        ("datemultirange", "{[2026-01-01,2026-02-01)", "not a list of ranges in braces"),
        ("datemultirange", "[2026-01-01,2026-02-01)}", "not a list of ranges in braces"),
        ("text[]", "a", "not a list"),
    ],
)
def test_what_is_wrong_with_a_value_is_said(column_type: str, value: JSON, words: str) -> None:
    with pytest.raises(ValueError, match=f"^{words}$"):
        canonical(value, TYPES[column_type])


def test_the_zone_of_the_machine_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Seoul")
    time.tzset()
    try:
        for text in ("2026-07-01T14:00:00", "2026-07-01T23:00:00+09:00", "2026-07-01 14:00Z"):
            assert canonical(text, TYPES["timestamptz"]) == "2026-07-01T14:00:00.000000+00:00"
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (2**63 - 1, b"9223372036854775807"),
        (2**63, b"9223372036854775808e0"),
        (-(2**63), b"-9223372036854775808"),
        (Decimal("-9223372036854775808.0"), b"-9223372036854775808"),
        (Decimal("-0.12345678901234567890"), b"-1234567890123456789e-19"),
        (Decimal("1e400"), b"1e400"),
        (Decimal("120e398"), b"12e399"),
        (Decimal("1.50"), b"1.5"),
    ],
)
def test_a_number_has_one_way_to_be_written(number: int | Decimal, written: bytes) -> None:
    assert canonical_json(number) == written


@pytest.mark.parametrize(("column_type", "value", "form"), FORMS)
def test_each_value_has_one_form(column_type: str, value: JSON, form: object) -> None:
    if form is None:
        with pytest.raises(ValueError, match=r"^(not a moment|the clock has no such time)$"):
            canonical(value, TYPES[column_type])
    else:
        assert canonical(value, TYPES[column_type]) == form


@pytest.mark.parametrize("text", ["infinity", "-infinity"])
def test_moments_that_python_has_no_name_for_are_compared_as_written(text: str) -> None:
    assert canonical(text, TYPES["timestamptz"]) == text


TO_COME = Pending(Address("contacts", "jane"))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (1, 1.0, True),
        (0, False, False),
        ({"a": 1, "b": [2]}, {"b": [2], "a": 1}, True),
        (TO_COME, TO_COME, False),  # an id that only the server can give is like no other value
        ([TO_COME], [TO_COME], False),
    ],
)
def test_values_are_compared_as_json(one: object, other: object, same: bool) -> None:
    assert same_json(one, other) is same


@given(document=DOCUMENTS)
def test_a_document_is_written_the_same_whatever_the_order_of_its_names(document: JSON) -> None:
    assert canonical_json(document) == canonical_json(_reversed(document))


def _reversed(document: JSON) -> JSON:
    if isinstance(document, dict):
        return {name: _reversed(value) for name, value in reversed(document.items())}
    if isinstance(document, list):
        return [_reversed(item) for item in document]
    return document
