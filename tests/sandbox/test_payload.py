"""Bodies that a table of texts cannot hold: bytes that are no text, and very long ones."""

import pytest

from reconciler.sandbox.jsonwords import json_problem
from reconciler.sandbox.payload import Payload, read_payload
from reconciler.sandbox.refusal import Refusal

JSON, CSV, FORM = "application/json", "text/csv", "application/x-www-form-urlencoded"
ALIEN = "Error in $: Failed reading: Cannot decode byte '\\xff'"
UNDECODABLE = (
    "Failed reading: Cannot decode input: "
    "Data.Text.Internal.Encoding.decodeUtf8: Invalid UTF-8 stream"
)


@pytest.mark.parametrize(
    ("media", "body", "columns", "code", "message"),
    [
        (JSON, b'{"a":"\xff"}', None, "PGRST102", UNDECODABLE),
        (CSV, b"a\n\xff", None, "PGRST102", ALIEN),
        (FORM, b"a=\xff", None, "PGRST102", ALIEN),
        (JSON, b'{"a":"\xff"}', ("a",), "22021", 'invalid byte sequence for encoding "UTF8": 0xff'),
        (CSV, b'\xc3\xa9"', None, "PGRST102", 'parse error (Failed reading: satisfy) at "\\""'),
        (
            CSV,
            b'a\n"b"\xc3\xa9',
            None,
            "PGRST102",
            'parse error (Failed reading: satisfy) at "\\195\\169"',
        ),
        (
            CSV,
            b'a\n"b""',
            None,
            "PGRST102",
            'parse error (Failed reading: insufficient input) at ""',
        ),
        (CSV, b'a\n"b"' + b"x" * 200, None, "PGRST102", f"at {'x' * 100} (truncated)"),
    ],
)
def test_a_body_that_cannot_be_read(
    media: str, body: bytes, columns: tuple[str, ...] | None, code: str, message: str
) -> None:
    with pytest.raises(Refusal) as raised:
        read_payload(body, media, columns)
    assert (raised.value.status, raised.value.code) == (400, code)
    assert message in raised.value.message


@pytest.mark.parametrize(
    ("media", "body", "payload"),
    [
        (JSON, b'{"a":' + b"1" * 5000 + b"}", Payload('{"a":' + "1" * 5000 + "}", frozenset("a"))),
        (CSV, b"a\n" + b"x" * 200_000, Payload(f'[{{"a":"{"x" * 200_000}"}}]', frozenset("a"))),
        (CSV, b'a\n"bc', Payload('[{"a":"b"}]', frozenset("a"))),
        (CSV, b"a,b\r1\r", Payload('[{"a":"1"}]', frozenset("a"))),
    ],
)
def test_a_body_that_is_unusual(media: str, body: bytes, payload: Payload) -> None:
    assert read_payload(body, media, None) == payload


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b'{"a":tr', "not enough input. Expecting object value at 'tr'"),
        (b'{"a":"\\n', "not enough input. Expecting object value"),
        (b'{"a":"\xc3\xa9\n"}', None),
        (b'["a\nb"]', "Failed reading: unescaped control character. Expecting json list value"),
        (b'["\\x"]', f"{UNDECODABLE}. Expecting json list value at ']'"),
        (b'["\\\\x"]', None),
        (b'["\\ud83d\\ude00"]', None),
        (b'["\\ud83d.\\ude00"]', f"{UNDECODABLE}. Expecting json list value at ']'"),
        (b'["\\ude00"]', f"{UNDECODABLE}. Expecting json list value at ']'"),
        (b'{"\xff":1}', f"{UNDECODABLE}. Expecting object key at ':1}}'"),
        (b"-", "not enough input"),
        (b"[01]", "Failed reading: leading zero. Expecting json list value at ']'"),
        (b"[1.e]", "Failed reading: takeWhile1. Expecting json list value at 'e]'"),
        (b"[1e]", "Failed reading: satisfy. Expecting ',' or ']' at 'e]'"),
        (b"[1e5", "not enough input. Expecting ',' or ']'"),
        (b"[1e400]", None),
        (b'{"a":[1,{"b":"c]}', "Failed reading: string without end. Expecting object value"),
    ],
)
def test_what_the_library_says_of_json(body: bytes, problem: str | None) -> None:
    assert json_problem(body) == (problem and f"Error in $: {problem}")
