"""What is said of a refusal: the server's words, without the personal values that they quote."""

from functools import partial

import pytest

from reconciler.diagnostics import ApiError, NotSentError
from reconciler.execution import State
from reconciler.execution.refused import given_up, refused
from reconciler.plan.change import Change
from reconciler.values.sent import Sent
from tests.builders import KINDS, change, own_id, row

CONTACTS = KINDS["contacts"]
jane = partial(change, "create contacts.jane")


def error(
    message: str, code: str | None = None, details: str | None = None, hint: str | None = None
) -> ApiError:
    return ApiError(
        message, method="POST", path="/contacts", status=400, code=code, details=details, hint=hint
    )


def words(one: Change, told: ApiError) -> tuple[str | None, str | None]:
    [outcome] = refused(CONTACTS, [one], told)
    assert outcome.state is State.FAILED
    return outcome.message, outcome.hint


@pytest.mark.parametrize(
    ("one", "said", "shown"),
    [
        (jane(first_name="Jane"), "no Jane here", "no … here"),
        # the longer text holds the shorter: nothing of it may stay
        (jane(first_name="Anna", last_name="Annabelle"), "no Annabelle", "no …"),
        (jane(last_name="Annabelle", first_name="Anna"), "no Annabelle", "no …"),
        (jane(first_name="Anna", email="Anna@example.com"), "Anna@example.com is bad", "… is bad"),
        (jane(notes="  call me  "), "bad text: call me", "bad text: …"),
        (jane(first_name="Bo"), "Bo is Bold", "Bo is Bold"),  # as short as any word
        (jane(first_name="Anna"), "Ann is fine", "Ann is fine"),
        (change("create contacts.jane", meta={"a": [{"b": "deep inside"}]}), "deep inside", "…"),
        (change("update contacts.jane", row=row("contacts", "1", email="old@example.com")),
         "old@example.com is there", "… is there"),
        (change("create taxes.vat", label="Jane"), "no Jane here", "no Jane here"),
    ],
)  # fmt: skip
def test_personal_values_are_masked_wherever_they_are_quoted(
    one: Change, said: str, shown: str
) -> None:
    kind = KINDS[one.kind]
    [outcome] = refused(kind, [one], error(said, "22000", said, said))
    assert (outcome.message, outcome.hint) == (f"{shown} [22000] ({shown})", shown)


def test_values_of_all_changes_of_a_request_are_masked() -> None:
    both = [jane(first_name="Jane"), change("create contacts.john", first_name="John")]
    assert {one.message for one in refused(CONTACTS, both, error("Jane, John"))} == {"…, …"}
    assert [(one.state, one.message) for one in given_up(CONTACTS, both, error("John"))] == [
        (State.SKIPPED, "it was sent with 1 others, of which at least one is bad: …")
    ] * 2


def test_the_servers_words_are_given_whole() -> None:
    assert words(jane(), error("no")) == ("no", None)
    assert words(jane(), error("no", "P0001")) == ("no [P0001]", None)
    assert words(jane(), error("no", "P0001", "why", "do")) == ("no [P0001] (why)", "do")


@pytest.mark.parametrize(
    ("code", "details", "unseen", "taken"),
    [
        ("23505", "Key (id)=(1) already exists.", True, {"id"}),
        ("23505", "Key (email)=(a) already exists.", False, {"email"}),
        ("23505", "Key (lower(email), company_name)=(a, b) exists.", False,
         {"email", "company_name"}),
        ("23505", None, False, {"interim"}),
        ("23503", "Key (id)=(1) is not present.", False, set()),
    ],
)  # fmt: skip
def test_what_is_taken_is_named_by_the_columns_of_its_key(
    code: str, details: str | None, unseen: bool, taken: set[str]
) -> None:
    [outcome] = refused(CONTACTS, [jane()], error("no", code, details, "the server's hint"))
    interim = {name for name, column in CONTACTS.columns.items() if column.interim}
    assert outcome.taken == (interim if taken == {"interim"} else taken)
    assert (outcome.hint != "the server's hint") is unseen


def test_what_was_not_sent_was_not_refused() -> None:
    [outcome] = refused(CONTACTS, [jane()], NotSentError("the journal cannot be written"))
    assert (outcome.state, outcome.message) == (State.SKIPPED, "the journal cannot be written")
    assert own_id("contacts.jane") == outcome.change.id


def test_what_a_json_column_holds_is_any_text() -> None:
    values: Sent = {"a": 1, "b": None, "c": ["long enough", True]}
    assert words(change("create contacts.jane", meta=values), error("long enough 1")) == (
        "… 1",
        None,
    )
