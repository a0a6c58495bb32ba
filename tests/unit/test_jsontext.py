"""JSON whose numbers keep every digit, and rows of which one value is beyond all bounds."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.client.cells import Beyond, read_cells
from reconciler.values.jsonform import canonical_json
from reconciler.values.jsontext import DEEPEST, UncarriedError, dumps, loads, number, spaced

NUMBERS = [
    ("12", 12), ("-0", 0), ("1.5", 1.5), ("1e5", 100000.0), ("9007199254740993", 9007199254740993),
    ("0.30000000000000004", 0.30000000000000004), ("5e-324", 5e-324),
    ("0.1234567890123456789", Decimal("0.1234567890123456789")),
    ("0.1000000000000000055", Decimal("0.1000000000000000055")),
    ("12345678901234567890", Decimal("12345678901234567890")),
    ("1e400", Decimal("1e400")), ("1E-400", Decimal("1e-400")), ("4e-324", Decimal("4e-324")),
    ("1" + "0" * 400, Decimal("1e400")), ("0." + "0" * 399 + "1", Decimal("1e-400")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), NUMBERS)
def test_a_number_is_read_as_what_it_is(text: str, value: object) -> None:
    read = loads(f'{{"a": [{text}]}}'.encode())
    assert read == {"a": [value]}
    assert type(read["a"][0]) is type(value)  # type: ignore[index]
    assert canonical_json(loads(dumps(read))) == canonical_json(read)


@given(
    st.decimals(allow_nan=False, allow_infinity=False)
    | st.decimals(-10, 10, places=25)
    | st.integers(-(10**30), 10**30).map(Decimal)
)
def test_no_number_is_rounded(exact: Decimal) -> None:
    read = loads(dumps([exact]))
    assert isinstance(read, list)
    [value] = read
    assert Decimal(repr(value)) == exact if isinstance(value, float) else value == exact


@pytest.mark.parametrize(
    "text", [b"", b"<html>", b"[1,]", b"[NaN]", b"[1e400", b'["\\ud800", 1e400]', b'["\xff"]']
)
def test_what_is_no_json_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError):
        loads(text)


@pytest.mark.parametrize("text", [b"[1e99999999999999999999]", b"[" * 300 + b"]" * 300])
def test_what_cannot_be_carried_is_refused(text: bytes) -> None:
    with pytest.raises(UncarriedError):
        loads(text)


def test_people_see_all_digits() -> None:
    value = loads(b'{"a": [0.1234567890123456789, 1.5, "x"], "b": {}}')
    assert spaced(value) == '{"a": [0.1234567890123456789, 1.5, "x"], "b": {}}'
    assert number("9") == 9


def nested(depth: int) -> bytes:
    return b'{"]}": ' * depth + b'"\\"[{"' + b"}" * depth


@pytest.mark.parametrize("depth", [1, DEEPEST, DEEPEST + 1, 255, 1024, 1025, 20_000])
@pytest.mark.parametrize("as_list", [True, False])
def test_a_value_that_is_too_deep_takes_nothing_else_with_it(depth: int, as_list: bool) -> None:
    body = b'{"id": "1", "meta": ' + nested(depth) + b', "notes": "a, b: [c", "n": [1e400]}'
    rows = read_cells(b'[{"id": "0"},\n ' + body + b"]" if as_list else body)
    row = rows[-1] if isinstance(rows, list) else rows
    assert isinstance(row, dict)
    assert row["notes"] == "a, b: [c"
    assert row["n"] == [Decimal("1e400")]
    assert isinstance(row["meta"], Beyond) == (depth > DEEPEST)


def test_a_number_beyond_all_bounds_takes_nothing_else_with_it() -> None:
    rows = read_cells(b'[{"id": "1", "meta": [1e99999999999999999999]}, {"id": "2", "meta": 1}]')
    assert rows == [
        {"id": "1", "meta": Beyond("a number beyond all bounds")},
        {"id": "2", "meta": 1},
    ]


@pytest.mark.parametrize("cut", [-1, -2, -5])
def test_an_answer_that_is_cut_off_is_no_json(cut: int) -> None:
    body = b'[{"id": "1", "meta": ' + nested(300) + b"}]"
    with pytest.raises(ValueError):
        read_cells(body[:cut])
