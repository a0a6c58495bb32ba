"""What people may write for a number, a time or a range, and what is said of the rest."""

import pytest

from reconciler.values.jsontext import exactly
from reconciler.values.moments import A_DATE, A_TIME, AN_INSTANT
from reconciler.values.numbers import A_NUMBER, A_WHOLE_NUMBER
from reconciler.values.ranges import A_RANGE, RANGES
from reconciler.values.types import TYPES
from reconciler.values.unreadable import UnreadableError

NO_DAY = "the calendar has no such day"
NO_TIME = "the clock has no such time"
NO_MOMENT = "the calendar or the clock has no such moment"
BACKWARDS = "it ends before it begins"
LAST_DAY = "5874897-12-31"

READABLE = [
    ("integer", ["12", "+12", "-0", "0" * 39 + "7"]),
    ("real", ["12", "+.5", "5.", "1e3", "-1.5E-3", "3.4028235e38", "1e-45", "0e99"]),
    ("date", ["2026-07-04", "2024-02-29", LAST_DAY]),
    ("time", ["0:00", "15:00", "23:59:59", "23:59:59.999999", "24:00", "24:00:00", "24:00:00.000"]),
    (
        "timestamptz",
        [
            "2026-07-04", "2026-07-04T15:00", "2026-07-04 15:00:01.5Z", "2026-07-04T15:00+02",
            "2026-07-04T15:00-1530", "2026-07-04T15:00:00+15:59", "294276-12-31T23:59:59Z",
        ],
    ),
    (
        "daterange",
        [
            "empty", "[2026-07-04,2026-07-11)", "( 2026-07-04 , 2026-07-11 ]", "(,)",
            "[2026-07-04,]", "[,2026-07-04)", "[2026-07-04,2026-07-04]",
            f"[2026-07-04,{LAST_DAY})", f"[{LAST_DAY},]", f"[{LAST_DAY},)",
        ],
    ),
    (
        "datemultirange",
        [
            "{}", " { } ", "{[2026-07-04,2026-07-11)}", "{(,2026-07-11) , [2026-08-04,]}",
            "{[2026-08-04,2026-08-05),[2026-07-04,2026-07-05)}",
        ],
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text"), [(name, text) for name, texts in READABLE for text in texts]
)
def test_what_can_be_read_keeps_its_spelling(name: str, text: str) -> None:
    value = TYPES[name].read(text)
    if name == "integer":
        assert value == int(text)
    elif name == "real":
        assert isinstance(value, int | float) or str(value) == text
        assert float(exactly(value)) == float(text)  # type: ignore[arg-type]
    else:
        assert value == text


UNREADABLE = [
    # the type, the text, what is expected, and the reason where the form alone does not say it
    ("integer", "1.0", A_WHOLE_NUMBER, None),
    ("integer", "", A_WHOLE_NUMBER, None),
    ("integer", "12x", A_WHOLE_NUMBER, None),
    ("integer", "1" * 41, "a whole number of a sensible size", None),
    ("real", ".", A_NUMBER, None),
    ("real", "1e", A_NUMBER, None),
    ("real", "NaN", A_NUMBER, None),
    ("date", "2026-7-4", A_DATE, None),
    ("date", "2026-07-04T15:00", A_DATE, None),
    ("date", "2026-02-29", A_DATE, NO_DAY),
    ("date", "5874898-01-01", A_DATE, NO_DAY),
    ("time", "15", A_TIME, None),
    ("time", "15:0", A_TIME, None),
    ("time", "15:00:00.1234567", A_TIME, None),
    ("time", "25:00", A_TIME, NO_TIME),
    ("time", "24:00:01", A_TIME, NO_TIME),
    ("time", "24:10", A_TIME, NO_TIME),
    ("time", "12:60", A_TIME, NO_TIME),
    ("time", "12:00:60", A_TIME, NO_TIME),
    ("timestamptz", "soon", AN_INSTANT, None),
    ("timestamptz", "2026-07-04T15", AN_INSTANT, None),
    ("timestamptz", "2026-02-29T15:00Z", AN_INSTANT, NO_MOMENT),
    ("timestamptz", "2026-07-04T25:00Z", AN_INSTANT, NO_MOMENT),
    ("timestamptz", "294277-01-01T00:00Z", AN_INSTANT, "the server has no moment that late"),
    ("timestamptz", "2026-07-04T15:00+16", AN_INSTANT, "no time zone is that far from UTC"),
    ("daterange", "2026-07-04", A_RANGE, None),
    ("daterange", "[2026-07-04)", A_RANGE, None),
    ("daterange", "[2026-07-04,infinity)", A_RANGE, None),
    ("daterange", "[2026-02-30,2026-07-04)", A_RANGE, NO_DAY),
    ("daterange", "[2026-07-11,2026-07-04)", A_RANGE, BACKWARDS),
    ("daterange", f"[2026-07-04,{LAST_DAY}]", A_RANGE,
     "the server has no day after its last one"),
    ("daterange", f"[,{LAST_DAY}]", A_RANGE, "the server has no day after its last one"),
    ("datemultirange", "[2026-07-04,2026-07-11)", RANGES, None),
    ("datemultirange", "{[2026-07-04,2026-07-11)", RANGES, None),
    ("datemultirange", "[2026-07-04,2026-07-11)}", RANGES, None),
    ("datemultirange", "{[2026-07-04,2026-07-11)x", RANGES, None),
    ("datemultirange", "x[2026-07-04,2026-07-11)}", RANGES, None),
    ("datemultirange", "{empty}", RANGES, None),
    ("datemultirange", "{[2026-07-04,2026-07-11),}", RANGES, None),
    ("datemultirange", "{[2026-07-04,2026-07-05) [2026-07-04,2026-07-05)}", RANGES, None),
    ("datemultirange", "{[2026-07-04,2026-07-05),[x,)}", RANGES, None),
    ("datemultirange", "{[2026-07-04,2026-07-05),[2026-07-11,2026-07-04)}", RANGES, BACKWARDS),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "expects", "reason"), UNREADABLE)
def test_what_cannot_be_read_is_refused_with_the_reason(
    name: str, text: str, expects: str, reason: str | None
) -> None:
    with pytest.raises(UnreadableError) as caught:
        TYPES[name].read(text)
    assert (caught.value.expects, caught.value.reason) == (expects, reason)


@pytest.mark.parametrize("text", ["1e39", "-1e39", "1e-60", "1e9999999"])
def test_a_number_that_the_server_cannot_hold_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        TYPES["real"].read(text)
    assert caught.value.expects == "a number of a sensible size"
    assert caught.value.reason not in {None, "None"}
