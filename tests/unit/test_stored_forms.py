"""The forms in which a server may store a value: known by a word, and kept with the bindings."""

from decimal import Decimal
from pathlib import Path

import pytest

from reconciler.bindings import Bindings, read_stored
from reconciler.client.filters import RowLock
from reconciler.diagnostics import ConfigurationError
from reconciler.execution.compare import written
from reconciler.execution.watch import to_answer
from reconciler.values.column import JSON, Column
from reconciler.values.stored import Form, as_sent, form_between
from tests.builders import KINDS, change

TEXT, NUMBER = KINDS["contacts"].columns["email"], KINDS["taxes"].columns["percentage"]
DOCUMENT = KINDS["contacts"].columns["meta"]


@pytest.mark.parametrize("word", ["lower", "trim", "round:0", "round:2", "round:9"])
def test_a_form_is_a_word(word: str) -> None:
    assert str(Form.parse(word)) == word


def test_only_rounding_has_digits() -> None:
    assert Form.parse("lower") == Form("lower", 0)
    assert Form.parse("round:2") == Form("round", 2)


@pytest.mark.parametrize(
    "word", ["", "upper", "round", "round:", "round:x", "round:-1", "round:10", "lower:2", "trim:"]
)
def test_what_is_no_form_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match="is not lower, trim or round:N"):
        Form.parse(word)


@pytest.mark.parametrize(
    ("word", "value", "formed"),
    [
        ("lower", "Jane@X", "jane@x"),
        ("lower", 5, 5),
        ("lower", ["A"], ["A"]),
        ("trim", "  a b ", "a b"),
        ("trim", None, None),
        ("round:1", 8.25, 8.3),
        ("round:1", -8.25, -8.3),  # half away from zero
        ("round:0", 8.5, 9),
        ("round:2", 8, 8),
        ("round:1", True, True),
        ("round:1", "8.25", "8.25"),
        ("round:2", float("inf"), float("inf")),
    ],
)
def test_what_a_form_makes_of_a_value(word: str, value: JSON, formed: JSON) -> None:
    found = Form.parse(word).of(value)
    assert found == formed
    assert type(found) is type(formed) or isinstance(found, int | float | Decimal)


@pytest.mark.parametrize(
    ("word", "sent", "stored", "explained"),
    [
        ("lower", "Jane", "jane", True),
        ("lower", "Jane", "joan", False),
        ("lower", "jane", "jane", False),  # it has that form already
        ("lower", "Jane", "Jane", False),
        ("lower", "ΟΔΟΣ", "οδοσ", True),  # PostgreSQL does not know that a word ends
        ("lower", "ΟΔΟΣ", "οδος", True),
        ("lower", "İZMİR", "izmir", True),
        ("lower", "İZMİR", "i\u0307zmi\u0307r", True),
        ("lower", "ΟΔΟΣ", "οδοι", False),
        ("trim", " a", "a", True),
        ("trim", "a", "b", False),
    ],
)
def test_a_form_explains_only_what_it_would_change(
    word: str, sent: str, stored: str, explained: bool
) -> None:
    assert Form.parse(word).explains(TEXT, sent, stored) is explained


@pytest.mark.parametrize(
    ("sent", "stored", "word"),
    [
        ("Jane", "jane", "lower"),
        (" jane", "jane", "trim"),
        (" Jane", "jane", None),
        ("jane", "jane", None),
        ("jane", None, None),
    ],
)
def test_the_form_between_two_texts(sent: str, stored: JSON, word: str | None) -> None:
    found = form_between(TEXT, sent, stored)
    assert (found and str(found)) == word


@pytest.mark.parametrize(
    ("sent", "stored", "word"),
    [
        (8.256, 8.3, "round:1"),
        (8.256, 8.26, "round:2"),
        (8.256, 8, "round:0"),
        (8.256, 9, None),
        (1.2e-9, 1e-9, "round:9"),
        (1.2e-10, 1e-10, None),
        (84, 80, None),
    ],
)
def test_the_form_between_two_numbers_keeps_the_most_digits(
    sent: float, stored: float, word: str | None
) -> None:
    found = form_between(NUMBER, sent, stored)
    assert (found and str(found)) == word


@pytest.mark.parametrize(
    ("column", "sent", "stored", "same"),
    [
        (NUMBER, 1, 1.0, True),
        (NUMBER, 1, 2, False),
        (NUMBER, 1, "x", False),  # odd
        (NUMBER, [1], [1], True),  # odd, both
        (TEXT, "a", "a", True),
        (TEXT, "A", "a", False),
        (TEXT, None, None, True),
        (DOCUMENT, {"a": 1}, {"a": 1.0}, True),
        (DOCUMENT, True, 1, False),
        (DOCUMENT, [1], [True], False),
    ],
)
def test_what_is_one_to_the_server_is_as_it_was_sent(
    column: Column, sent: JSON, stored: JSON, same: bool
) -> None:
    assert as_sent(sent, stored, column) is same


@pytest.mark.parametrize(
    ("before", "sent", "row", "is_written"),
    [
        (None, "Jane@X.example", "jane@x.example", True),
        (None, "Jane@X.example", "Jane@X.example", True),
        (None, "Jane@X.example", "joan@x.example", False),
        ("jane@x.example", "Jane@X.example", "jane@x.example", False),
        ("joan@x.example", "Jane@X.example", "jane@x.example", True),
    ],
)
def test_after_a_lost_answer_a_form_shows_that_it_was_written(
    before: JSON, sent: str, row: str, is_written: bool
) -> None:
    one = change("update contacts.jane", before={"email": before}, email=sent)
    assert written(KINDS["contacts"], {"email": row}, one, {"email": sent}) is is_written


LOCK = RowLock((("id", "1"),), (("updated_at", "2026-01-01"),))
ORDER = RowLock((("id", "1"),), (("order", "1"),))


@pytest.mark.parametrize(
    ("kind", "locks", "values", "bound", "answers"),
    [
        ("contacts", (LOCK,), {"email": "x", "city": "y"}, 8000, ("id", "email", "city")),
        ("contacts", (LOCK, LOCK), {"email": "x"}, 8000, ()),
        ("site_nav_items", (ORDER,), {"target": "x"}, 8000, ()),
        ("contacts", (LOCK,), {"email": "x"}, 50, ()),
        ("external_calendars", (LOCK,), {"ical_url": "https://x"}, 8000, ()),
        ("external_calendars", (LOCK,), {"ical_url": "x", "name": "x"}, 8000, ("id", "name")),
    ],
)  # fmt: skip
def test_what_an_update_answers(
    kind: str,
    locks: tuple[RowLock, ...],
    values: dict[str, JSON],
    bound: int,
    answers: tuple[str, ...],
) -> None:
    assert to_answer(KINDS[kind], locks, values, bound) == answers  # type: ignore[arg-type]


# -- the file -------------------------------------------------------------------------------------


def test_rules_are_kept_beside_what_others_write(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    one, two = Bindings.read(path), Bindings.read(path)
    one.learn("contacts.email", Form("lower"))
    one.save()
    two.learn("taxes.percentage", Form("round", 2))
    two.save()
    assert path.read_text().splitlines()[1:] == [
        "stored:",
        "  contacts.email: lower",
        "  taxes.percentage: round:2",
    ]
    two.unlearn("contacts.email")
    two.save()
    assert Bindings.read(path).stored == {"taxes.percentage": Form("round", 2)}


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("stored: lower\n", 1, "stored takes columns, each with lower, trim or round:N"),
        ("stored:\n  contacts.email: upper\n", 2, "'upper' is not lower, trim or round:N"),
        ("stored:\n  contacts.email: lower\n  contacts.city: [trim]\n", 3, "is not lower, trim"),
        ("stored: {email: lower}\n", 1, "email is no column, such as contacts.email"),
        ("stored: {taxes.percentage: round}\n", 1, "'round' is not"),
    ],
)
def test_a_rule_that_is_none_is_refused_with_its_place(
    text: str, line: int, says: str, tmp_path: Path
) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        read_stored(path)
    [problem] = caught.value.problems
    assert problem.code == "bad-binding"
    assert problem.position is not None
    assert problem.position.line == line
    assert says in problem.message
