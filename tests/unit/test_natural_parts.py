"""One part of a natural key at a time: what is asked for, and which rows have it."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from reconciler.catalogue import KeyPart, Kind
from reconciler.catalogue.natural import Parts
from reconciler.configuration.resource import Unknown, Value
from reconciler.identity.natural import (
    UNMATCHED,
    Unmatched,
    Waiting,
    gets_another_key,
    questions_for,
    rows_with,
    through_value,
)
from reconciler.live.rows import Question
from reconciler.values.column import JSON
from tests.builders import KINDS, foreign_id, live, ref, resource, row

LONG = "x" * 301
NOT_SO_LONG = "x" * 300

QUESTIONS: list[tuple[str, str, Parts, set[tuple[str, str]]]] = [
    # the kind, a key of it, what a resource has, what is asked for
    ("bookings", "reference", ("BM-1",), {("reference", "BM-1")}),
    ("bookings", "reference", (LONG,), {("reference", LONG)}),
    ("services", "parent_id? type", (None, "checkbox"), {("type", "checkbox")}),
    ("message_templates", "subject->>default type", (NOT_SO_LONG, "email"),
     {("subject->>default", NOT_SO_LONG)}),
    ("message_templates", "subject->>default type", (LONG, "email"), {("type", "email")}),
    ("message_templates", "subject->>default type", (LONG, LONG), {("subject->>default", LONG)}),
    ("calendar_events", "type=note|memo title", ("note", "Key"), {("title", "Key")}),
    ("calendar_events", "type=note|memo title", ("note", LONG), {("type", "note"),
     ("type", "memo")}),
    ("external_calendars", "ical_url name", ("https://a.test/s3cr3t", "A"), {("name", "A")}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "key", "parts", "expected"), QUESTIONS)
def test_one_part_is_asked_for(
    kind: str, key: str, parts: Parts, expected: set[tuple[str, str]]
) -> None:
    asked = questions_for(KINDS[kind], _key(key), parts)
    assert asked == {Question(kind, name, text) for name, text in expected}


ANOTHER: list[tuple[str, str, dict[str, Value], dict[str, JSON], bool]] = [
    # the kind, its key, what YAML says, what is live, whether that is another key
    ("contacts", "email", {"email": "b@b.test"}, {"email": "a@b.test"}, True),
    ("contacts", "email", {"email": "A@b.test "}, {"email": "a@b.test"}, False),
    ("contacts", "email", {"email": "b@b.test"}, {}, True),
    ("contacts", "email", {}, {"email": "a@b.test"}, False),
    ("taxes", "label->>default", {"label": {"default": "B"}}, {"label": {"default": "A"}}, True),
    ("taxes", "label->>default", {"label": {"nl": "B"}}, {"label": {"default": "A"}}, False),
    ("taxes", "percentage", {"percentage": 9}, {"percentage": 21}, False),
    ("tasks", "calendar_event_id label",
     {"calendar_event_id": ref("calendar_events.e"), "label": "A"}, {"label": "A"}, False),
    ("tasks", "calendar_event_id label",
     {"calendar_event_id": ref("calendar_events.e"), "label": "B"}, {"label": "A"}, True),
    ("members", "user_id.email", {"user_id": "b"}, {"user_id": "a"}, False),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "key", "yaml", "live_row", "expected"), ANOTHER)
def test_a_resource_asks_for_another_key(
    kind: str, key: str, yaml: dict[str, Value], live_row: dict[str, JSON], expected: bool
) -> None:
    one = resource(f"{kind}.a", yaml)
    assert gets_another_key(KINDS[kind], _key(key), one, live_row) is expected


ANN, UPPER, BOB = "ann@b.test", "ANN@b.test", "bob@b.test"

THROUGH: list[tuple[Value, list[JSON], int | Unmatched | None]] = [
    # the e-mail in YAML, those of the user profiles that are live, which one is meant
    (ANN, [BOB, ANN], 1),
    (ANN, [None, UPPER, BOB], 1),
    (ANN, [UPPER, ANN], 1),
    (UPPER, [UPPER, ANN], 0),
    (ANN, [ANN, ANN], UNMATCHED),
    (ANN, [UPPER, "Ann@b.test"], UNMATCHED),
    (ANN, [BOB], UNMATCHED),
    (" ", [" "], None),
    (None, [ANN], None),
    (Unknown("EMAIL", "set EMAIL"), [ANN], None),
]


@pytest.mark.parametrize(("email", "profiles", "expected"), THROUGH)
def test_a_reference_is_found_by_what_an_input_says(
    email: Value, profiles: list[JSON], expected: int | Unmatched | None
) -> None:
    found = _through(KINDS["members"], email, profiles, [ANN, UPPER, BOB])
    assert found == (foreign_id(expected) if isinstance(expected, int) else expected)


def test_a_profile_is_waited_for_in_every_spelling() -> None:
    found = _through(KINDS["members"], UPPER, [], [UPPER])
    assert isinstance(found, Waiting)
    assert found.questions == {Question("user_profiles", "email", ANN.lower())}


def test_a_kind_without_the_input_has_no_such_key() -> None:
    assert _through(replace(KINDS["members"], inputs={}), ANN, [ANN], [ANN]) is None


WITH: list[tuple[dict[str, str], list[dict[str, JSON]], list[int]]] = [
    # the texts, the coupons that are live, which of them have the texts
    ({"code": "TEN"}, [{"code": "TEN"}, {"code": "TWO"}, {}], [0]),
    ({"code": "TEN"}, [{"code": "TEN "}, {"code": "TEN"}], [1]),
    ({"code": "TEN "}, [{"code": "TEN "}, {"code": "TEN"}], [0]),
    ({"code": "TEN"}, [{"code": "TEN "}, {"code": " TEN"}], [0, 1]),
    ({"code": "TEN"}, [{"code": "TEN", "deleted_at": "2026-01-01T00:00:00Z"}], []),
    ({"code": "TEN", "description": "a"},
     [{"code": "TEN", "description": "a "}, {"code": "TEN ", "description": "a"}], [0, 1]),
    ({"code": "TEN", "description": "a"}, [{"code": "TEN", "description": "b"}], []),
]  # fmt: skip


@pytest.mark.parametrize(("texts", "rows", "expected"), WITH)
def test_the_same_spelling_goes_first(
    texts: dict[str, str], rows: list[dict[str, JSON]], expected: list[int]
) -> None:
    criteria = [(KeyPart.parse(name), text) for name, text in texts.items()]
    there: Mapping[str, dict[str, JSON]] = {str(n): one for n, one in enumerate(rows)}
    assert rows_with(KINDS["coupons"], there, criteria) == [str(n) for n in expected]


def _key(text: str) -> tuple[KeyPart, ...]:
    return tuple(map(KeyPart.parse, text.split()))


def _through(
    members: Kind, email: Value, profiles: list[JSON], asked: list[str]
) -> str | Waiting | Unmatched | None:
    there = [row("user_profiles", foreign_id(n), email=e) for n, e in enumerate(profiles)]
    questions = [Question("user_profiles", "email", one) for one in asked]
    ann = resource("members.ann", inputs={} if email is None else {"email": email})
    part = KeyPart.parse("user_id.email")
    return through_value(KINDS, live(questions, user_profiles=there), members, part, ann)
