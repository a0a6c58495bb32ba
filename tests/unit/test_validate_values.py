"""Columns decide what a text means, with variables put in, and what they do not take."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.configuration.resource import IdReference, Unknown, Value
from reconciler.values.column import JSON
from reconciler.values.ranges import read_range
from reconciler.values.unreadable import UnreadableError
from tests.builders import KINDS
from tests.validating import ID, check, column, errors, problem_with

# Values


@pytest.mark.parametrize(
    "text", ["NO", "0123", "15:00", "1.10", "yes", "on", "1e3", "0x1F", "2026-01-01", "True",
             ".inf", "1_000", "NULL", "'~'", "'null'", "''", "a b", "NaN", "=", "é"],
)  # fmt: skip
def test_a_text_column_keeps_what_is_written(text: str, tmp_path: Path) -> None:
    assert column("contacts", "phone", text, tmp_path) == text.strip("'")


@pytest.mark.parametrize("text", ["null", "~", "", "# nothing"])
def test_a_plain_null_is_null(text: str, tmp_path: Path) -> None:
    assert column("contacts", "avatar", text, tmp_path) is None


@pytest.mark.parametrize(
    ("kind", "name", "text", "value"),
    [
        ("bookings", "silent", "true", True),
        ("bookings", "silent", "'false'", False),
        ("services", "order", "-7", -7),
        ("services", "order", "+007", 7),
        ("taxes", "percentage", "21", 21),
        ("taxes", "percentage", "-.5e1", -5.0),
        ("products", "latest_arrival_time", "15:00", "15:00"),
        ("products", "latest_arrival_time", "24:00:00", "24:00:00"),
        ("products", "latest_arrival_time", "9:05:01.5", "9:05:01.5"),
        ("calendar_events", "start_date", "2028-02-29", "2028-02-29"),
        ("bookings", "confirmed_at", "2026-07-04", "2026-07-04"),
        ("bookings", "confirmed_at", "2026-07-04 15:00", "2026-07-04 15:00"),
        ("bookings", "confirmed_at", "2026-07-04T15:00:00.5+0530", "2026-07-04T15:00:00.5+0530"),
        ("price_calendar_entries", "intervals", "'{}'", "{}"),
        ("price_calendar_entries", "intervals", "'{ [2026-01-01,2026-01-01], (,) }'",
         "{ [2026-01-01,2026-01-01], (,) }"),
        ("price_calendar_entries", "check_in_days", "[true,false,true,false,true,false,true]",
         [True, False, True, False, True, False, True]),
        ("contacts", "meta", "[]", []),
        ("taxes", "percentage", "9.50", 9.5),
        ("products", "timezone", "europe/AMSTERDAM", "Europe/Amsterdam"),
        ("products", "timezone", "utc", "UTC"),
        ("calendar_events", "start_date", "10000-01-01", "10000-01-01"),
        ("bookings", "confirmed_at", "9999-12-31T23:00:00-02:00", "9999-12-31T23:00:00-02:00"),
        ("price_calendar_entries", "intervals", "'{[2026-01-01,10000-01-01)}'",
         "{[2026-01-01,10000-01-01)}"),
        ("taxes", "percentage", "1.00000017881393432617187", Decimal("1.00000017881393432617187")),
        ("taxes", "percentage", "3.4028235677973366e38", 3.4028235677973366e38),
        ("contacts", "meta", "[0.1234567890123456789, 12345678901234567890, 1e400]",
         [Decimal("0.1234567890123456789"), Decimal("12345678901234567890"), Decimal("1e400")]),
        ("contacts", "meta", "[0x7fffffffffffffff, -9223372036854775808]", [2**63 - 1, -(2**63)]),
    ],
)  # fmt: skip
def test_columns_decide_types(
    kind: str, name: str, text: str, value: Value, tmp_path: Path
) -> None:
    read = column(kind, name, text, tmp_path)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("kind", "name", "text"),
    [
        ("bookings", "silent", "TRUE"),
        ("bookings", "silent", "off"),
        ("bookings", "silent", "''"),
        ("services", "order", "1_000"),
        ("services", "order", "0x10"),
        ("services", "order", "٣"),
        ("taxes", "percentage", "1e39"),
        ("taxes", "percentage", "3.4028235677973366396e38"),
        ("taxes", "percentage", "1e-46"),
        ("taxes", "percentage", "-7e-46"),
        ("taxes", "percentage", "nan"),
        ("products", "latest_arrival_time", "24:00:01"),
        ("products", "timezone", "Europe/Amsterdm"),
        ("products", "timezone", "Factory"),
        ("products", "timezone", "''"),
        ("calendar_events", "start_date", "5874898-01-01"),
        ("bookings", "confirmed_at", "294277-01-01"),
        ("products", "latest_arrival_time", "15:60"),
        ("products", "latest_arrival_time", "3pm"),
        ("calendar_events", "start_date", "2026-02-29"),
        ("calendar_events", "start_date", "0000-01-01"),
        ("bookings", "confirmed_at", "2026-07-04T15:00:60Z"),
        ("bookings", "confirmed_at", "2026-07-04T15:00+16:00"),
        ("bookings", "confirmed_at", "tomorrow"),
        ("price_calendar_entries", "intervals", "'[2026-01-01,2026-01-02)'"),
        ("price_calendar_entries", "intervals", "'{[2026-01-01,2026-01-02),}'"),
        ("price_calendar_entries", "intervals", "'{[2026-01-32,2026-02-02)}'"),
        ("price_calendar_entries", "intervals", "'{[2026-01-02,2026-01-01)}'"),
        ("price_calendar_entries", "intervals", "'{a}'"),
        ("bookings", "creator_id", "[]"),
        ("contacts", "phone", "{}"),
        ("contacts", "meta", "x"),
    ],
)
def test_what_is_not_of_the_type_is_refused(
    kind: str, name: str, text: str, tmp_path: Path
) -> None:
    configuration, problems = check(f"{kind}:\n  a:\n    {name}: {text}\n", folder=tmp_path)
    assert configuration is None
    assert errors(problems) == ["wrong-type"]


def test_ranges_may_be_empty_and_are_checked() -> None:
    assert read_range("empty") == "empty"
    assert read_range("[2026-01-01,)") == "[2026-01-01,)"
    for text in ("[2026-01-01]", "2026-01-01", "[2026-01-02,2026-01-01)", "[a,b)"):
        with pytest.raises(UnreadableError):
            read_range(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[null, ~, Null, 'null']", [None, None, None, "null"]),
        ("[true, FALSE, yes, 'true']", [True, False, "yes", "true"]),
        ("[12, -1, 0x1F, 0o17, 017, '12']", [12, -1, 31, 15, 17, "12"]),
        ("[1.10, 1e3, .5, '1.0', 1.2.3]", [1.1, 1000.0, 0.5, "1.0", "1.2.3"]),
        ("[2026-01-01, 15:00, '.inf']", ["2026-01-01", "15:00", ".inf"]),
        ("[{key: x, value: [1, {}]}]", [{"key": "x", "value": [1, {}]}]),
    ],
)
def test_json_columns_follow_the_core_rules_of_yaml(
    text: str, value: Value, tmp_path: Path
) -> None:
    assert repr(column("contacts", "meta", text, tmp_path)) == repr(value)


@given(st.text(alphabet=st.characters(exclude_categories=["C", "Z"]), min_size=1))
def test_any_text_in_a_text_column_stays_as_spelled(tmp_path: Path, text: str) -> None:
    quoted = text.replace("${", "$${").replace("'", "''")
    assert column("contacts", "notes", f"'{quoted}'", tmp_path) == text


# Variables


@pytest.mark.parametrize(
    ("kind", "name", "text", "given", "value"),
    [
        ("contacts", "phone", "${X}", "null", "null"),
        ("contacts", "phone", "${X}", "", ""),
        ("contacts", "phone", "+31 ${X}", "6", "+31 6"),
        ("contacts", "phone", "$${X}", "6", "${X}"),
        ("taxes", "percentage", "'${X}'", "21", 21),
        ("services", "order", "${X}", "7", 7),
        ("bookings", "creator_id", "${X}", ID.upper(), IdReference("user_profiles", ID)),
        ("contacts", "meta", "[${X}, '${X}']", "7", [7, "7"]),
        ("contacts", "meta", "['${X}']", "", [""]),
    ],
)
def test_variables_are_read_by_the_column(
    kind: str, name: str, text: str, given: str, value: Value, tmp_path: Path
) -> None:
    if "[${X}" in text:
        text = "\n      - ${X}\n      - '${X}'"
    assert column(kind, name, text, tmp_path, X=given) == value


def test_unset_variables_are_unknown_to_validate_and_an_error_to_plan(tmp_path: Path) -> None:
    text = (
        "bookings:\n  stay:\n    currency: EUR\n    display_currency: EUR\n"
        "    exchange_rate: ${RATE}\n    method: ${M}\n"
        "contacts:\n  jane: {meta: ['${RATE}'], creator_id: '${WHO}'}\n"
        "contact_bookings:\n  - {contact_id: '${WHO}', booking_id: stay}\n"
    )
    configuration, problems = check(text, folder=tmp_path)
    assert not problems
    assert configuration is not None
    stay, jane, link = configuration.resources.values()
    assert (stay.values["exchange_rate"], stay.values["method"]) == (Unknown("RATE"), Unknown("M"))
    assert jane.values == {"meta": [Unknown("RATE")], "creator_id": Unknown("WHO")}
    assert link.address.key == "unset-who--stay"
    assert errors(check(text, folder=tmp_path, unset=True)[1]) == ["unset-variable"] * 5


FEED = f"external_calendars: {{a: {{ical_url: 'URL', time_offset: 0, product_id: {ID}}}}}"


@pytest.mark.parametrize("url", ["${X}", "https://ical.example.com/${X}.ics", ""])
def test_an_empty_secret_is_refused_and_validate_warns(url: str, tmp_path: Path) -> None:
    configuration, problems = check(FEED.replace("URL", url), folder=tmp_path, X="")
    assert configuration is not None
    (resource,) = configuration.resources.values()
    assert isinstance(resource.values["ical_url"], Unknown)
    assert [p.code for p in problems] == ["empty-secret"]
    assert problems[0].hint == "set it, or leave the column out"
    assert errors(check(FEED.replace("URL", url), folder=tmp_path, unset=True, X="")[1]) == [
        "empty-secret"
    ]


def test_the_hint_of_an_empty_secret_that_can_be_cleared(tmp_path: Path) -> None:
    text = "sites: {a: {password_hash: '${X}'}}"
    (problem,) = (p for p in check(text, folder=tmp_path, X="")[1] if p.code == "empty-secret")
    assert problem.hint == "set it, or write null to clear"


@pytest.mark.parametrize("unset", [False, True])
def test_an_empty_variable_elsewhere_is_warned_of(unset: bool, tmp_path: Path) -> None:
    text = "contacts: {a: {phone: '+31${X}', meta: ['${X}']}}"
    configuration, problems = check(text, folder=tmp_path, unset=unset, X="")
    assert configuration is not None
    assert [p.code for p in problems] == ["empty-variable"] * 2


def test_a_lookup_by_an_empty_variable_is_refused(tmp_path: Path) -> None:
    text = "contact_bookings: [{contact_id: {lookup: {email: '${X}'}}, booking_id: ID}]"
    assert errors(check(text.replace("ID", ID), folder=tmp_path, X="")[1]) == ["bad-lookup"]


@pytest.mark.parametrize(
    ("kind", "name", "text", "value", "warned"),
    [
        ("contacts", "meta", "[{key: 007, value: 0612}]", [{"key": "007", "value": "0612"}], False),
        ("contacts", "meta", "[{key: 12, value: -01}]", [{"key": 12, "value": "-01"}], False),
        ("widgets", "settings", "{color: 001100}", {"color": "001100"}, False),
        ("taxes", "label", "{default: 007}", {"default": "007"}, False),
        ("contacts", "meta", "[0612, '07', 0, 0.5, 0x1F]", [612, "07", 0, 0.5, 31], True),
        ("products", "images", "[{src: a, width: 0612}]", [{"src": "a", "width": 612}], True),
    ],
)
def test_a_number_that_begins_with_zero_is_a_text_where_one_may_stand(
    kind: str, name: str, text: str, value: Value, warned: bool, tmp_path: Path
) -> None:
    configuration, problems = check(f"{kind}:\n  a:\n    {name}: {text}\n", folder=tmp_path)
    assert configuration is not None
    (resource,) = configuration.resources.values()
    assert resource.values[name] == value
    assert [p.code for p in problems if p.code != "missing-column"] == ["leading-zero"] * warned


@pytest.mark.parametrize(
    "text",
    ["Villa Plain", "12", "true", "'true'", "'a: b'", "'it''s [1]'", '"${X}"', '"a\\nb"'],
)
def test_the_hint_for_a_text_in_one_language_is_right(text: str, tmp_path: Path) -> None:
    _, problems = check(f"taxes:\n  a:\n    label: {text}\n", folder=tmp_path, X="x")
    (hint,) = (str(problem.hint) for problem in problems if problem.is_error)
    written = hint.removeprefix("write ")
    label = column("taxes", "label", written, tmp_path, X="x")
    assert label == {"default": column("contacts", "phone", text, tmp_path, X="x")}


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("bookings: {a: {method: null}}", "leave the column out if it is not yours to set"),
        (FEED.replace("'URL'", "null"), "leave the column out if it is not yours to set"),
        ("taxes: {a: {percentage: [9]}}", None),
        (f"calendar_events: {{a: {{occupancy: {{{ID}: 1e999999}}}}}}", None),
    ],
)
def test_no_hint_leads_to_the_next_error(text: str, hint: str | None, tmp_path: Path) -> None:
    _, problems = check(text, folder=tmp_path)
    assert [problem.hint for problem in problems if problem.is_error] == [hint]


def test_a_variable_with_a_nul_is_refused(tmp_path: Path) -> None:
    _, problems = check("contacts: {a: {phone: '${X}'}}", folder=tmp_path, X="a\0")
    assert errors(problems) == ["wrong-type"]


@pytest.mark.parametrize(
    ("schema", "value", "says"),
    [
        ({"minimum": 3}, "2", "takes a number not under 3, not '2'"),
        ({"multipleOf": 2}, "3", "is not accepted, not '3'"),
    ],
)
def test_a_schema_says_what_it_takes(
    schema: dict[str, JSON], value: str, says: str, tmp_path: Path
) -> None:
    services = KINDS["services"]
    order = replace(services.columns["order"], schema=schema)
    kinds = {"services": replace(services, columns={**services.columns, "order": order})}
    problem = problem_with(kinds, f"services: {{a: {{type: time, order: {value}}}}}", tmp_path)
    assert (problem.code, problem.message) == ("invalid-value", f"order {says}")


def test_what_only_the_gate_refuses_is_still_an_error(tmp_path: Path) -> None:
    # Python's \\d knows digits of every script, the gate's only the ten of ASCII.
    contacts = KINDS["contacts"]
    phone = replace(contacts.columns["phone"], schema={"type": "string", "pattern": r"^\d+$"})
    kinds = {"contacts": replace(contacts, columns={"phone": phone}, natural_keys=())}
    problem = problem_with(kinds, "contacts: {a: {phone: ٣}}", tmp_path)
    assert (problem.code, problem.message) == ("invalid-value", "phone is not accepted")


def test_maxima_of_lists_and_places(tmp_path: Path) -> None:
    days = ", ".join(["true"] * 8)
    text = f"price_calendar_entries: {{a: {{product_id: {ID}, check_in_days: [{days}]}}}}"
    (problem,) = check(text, folder=tmp_path)[1]
    assert problem.message == "check_in_days takes at most 7 values, not 8"
