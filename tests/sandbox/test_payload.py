"""Bodies that a table of texts cannot hold: bytes that are no text, and very long ones."""

import pytest

from reconciler.sandbox.payload import Payload, read_payload
from reconciler.sandbox.refusal import Refusal

JSON, CSV, FORM = "application/json", "text/csv", "application/x-www-form-urlencoded"
ALIEN = "Error in $: Failed reading: Cannot decode byte '\\xff'"


@pytest.mark.parametrize(
    ("media", "body", "columns", "code", "message"),
    [
        (JSON, b'{"a":"\xff"}', None, "PGRST102", ALIEN),
        (CSV, b"a\n\xff", None, "PGRST102", ALIEN),
        (FORM, b"a=\xff", None, "PGRST102", ALIEN),
        (JSON, b'{"a":"\xff"}', ("a",), "22021", 'invalid byte sequence for encoding "UTF8": 0xff'),
        (CSV, b'\xc3\xa9"', None, "PGRST102", 'parse error (Failed reading: satisfy) at "\\""'),
        (CSV, b'a\n"\xc3\xa9', None, "PGRST102", 'parse error (endOfInput) at "\\"\\195\\169"'),
        (CSV, b'a\n"' + b"x" * 200, None, "PGRST102", f'at "{"x" * 99} (truncated)'),
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
        (CSV, b"a,b\r1\r", Payload('[{"a":"1"}]', frozenset("a"))),
    ],
)
def test_a_body_that_is_unusual(media: str, body: bytes, payload: Payload) -> None:
    assert read_payload(body, media, None) == payload
