"""What a past run did to each row, put together from the lines of its journal."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from reconciler.bindings import Binding
from reconciler.journal.records import Answer, JournalEntry, PastRun
from reconciler.plan.change import Action
from reconciler.planning.effects import Effect, effects_of, without_id
from reconciler.values.sent import Row
from tests.builders import KINDS, ORGANIZATION, STACK, address, foreign_id, own_id

JANE, VILLA = own_id("contacts.jane"), foreign_id(7)
T0, T1, T2 = (f"2026-01-0{day}T00:00:00+00:00" for day in (1, 2, 3))


def entry(
    line: str,
    after: Row | None = None,
    *,
    before: Row | None = None,
    stored: Row | None = None,
    answer: Answer | None = "done",
    row_id: str | None = JANE,
) -> JournalEntry:
    """A line of a journal, such as ``update contacts.jane``."""
    action, _, name = line.partition(" ")
    kind, dot, _ = name.partition(".")
    named = address(name) if dot else None
    return JournalEntry(
        kind, Action(action), named, row_id, before, after or {}, stored, answer, None, None
    )


def run(*entries: JournalEntry) -> PastRun:
    return PastRun("r1", STACK, ORGANIZATION, T0, True, None, entries)


def effects(*entries: JournalEntry) -> tuple[Effect, ...]:
    return effects_of(run(*entries), KINDS)


def only(*entries: JournalEntry) -> Effect:
    [effect] = effects(*entries)
    return effect


CREATE = entry("create contacts.jane", {"city": "Oslo"})
UPDATE = entry("update contacts.jane", {"city": "Rome"}, before={"city": "Oslo"})
DELETE = entry("delete contacts.jane", before={"city": "Rome"})


@pytest.mark.parametrize(
    ("entries", "action"),
    [
        ([CREATE], "create"),
        ([CREATE, UPDATE], "create"),
        ([UPDATE], "update"),
        ([entry("adopt contacts.jane"), UPDATE], "adopt"),
        ([DELETE], "delete"),
        ([UPDATE, DELETE], "delete"),
    ],
)
def test_several_requests_about_a_row_are_one_effect(
    entries: Sequence[JournalEntry], action: str
) -> None:
    found = only(*entries)
    assert (found.kind, found.action.value, found.id) == (KINDS["contacts"], action, JANE)
    assert found.before == entries[0].before
    assert found.name == "contacts.jane"


def test_rows_are_told_apart_by_kind_and_id() -> None:
    entries = [
        CREATE,
        entry("create contacts.john", row_id=VILLA),
        entry("create bookings.stay", row_id=VILLA),
        UPDATE,
    ]
    assert [(one.name, one.action.value) for one in effects(*entries)] == [
        ("contacts.jane", "create"),
        ("contacts.john", "create"),
        ("bookings.stay", "create"),
    ]


def test_a_row_without_a_name_is_called_by_its_id_and_takes_a_name_that_comes_later() -> None:
    orphan = entry("delete contacts", before={})
    assert only(orphan).name == f"contacts[{JANE}]"
    assert only(entry("update contacts"), orphan, UPDATE).address == address("contacts.jane")


@pytest.mark.parametrize(
    ("answer", "counts", "certain"),
    [
        ("done", True, True),
        ("lost", True, False),
        (None, True, False),
        ("refused", False, False),
        ("missed", False, False),
    ],
)
def test_what_the_server_refused_is_no_effect(
    answer: Answer | None, counts: bool, certain: bool
) -> None:
    found = effects(replace(UPDATE, answer=answer))
    assert [one.certain for one in found] == [certain] * counts


def test_one_answer_makes_an_effect_certain() -> None:
    assert only(CREATE, replace(UPDATE, answer="lost")).certain


@pytest.mark.parametrize(
    ("entries", "after", "expected"),
    [
        ([CREATE], {"city": "Oslo"}, {"city": "Oslo"}),
        ([CREATE, UPDATE], {"city": "Rome"}, {"city": "Rome"}),
        (
            [CREATE, entry("update contacts.jane", {"email": "a@x"})],
            {"city": "Oslo", "email": "a@x"},
            {"city": "Oslo", "email": "a@x"},
        ),
        # what the server made of it is what must still be there
        (
            [replace(CREATE, stored={"city": "oslo", "updated_at": T1})],
            {"city": "Oslo"},
            {"city": "oslo", "updated_at": T1},
        ),
        # a version that a later request of the run has moved says nothing
        (
            [replace(CREATE, stored={"updated_at": T1}), replace(UPDATE, answer=None)],
            {"city": "Rome"},
            {"city": "Rome"},
        ),
        (
            [CREATE, replace(UPDATE, stored={"city": "ROME", "updated_at": T2})],
            {"city": "Rome"},
            {"city": "ROME"},
        ),
    ],
)
def test_what_was_sent_and_what_must_be_there(
    entries: Sequence[JournalEntry], after: Row, expected: Row
) -> None:
    found = only(*entries)
    assert (found.after, found.expected) == (after, expected)


def test_inputs_are_no_values_of_the_row() -> None:
    sent: Row = {"email": "ann@example.com", "role": "admin"}
    found = only(entry("create members.ann", sent, stored={"id": VILLA, "email": "x"}, row_id=None))
    assert (found.id, found.after) == (VILLA, {"role": "admin"})
    assert found.expected == {"role": "admin", "id": VILLA}


def test_the_first_request_knows_what_the_bindings_held() -> None:
    first = replace(UPDATE, binding=Binding(JANE, "adopted"), bound_as=address("contacts.joan"))
    found = only(first, UPDATE)
    assert (found.binding, found.bound_as) == (Binding(JANE, "adopted"), address("contacts.joan"))


# -- ids that only the server gives ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("stored", "row_id", "found"),
    [
        ({"id": VILLA}, None, VILLA),
        ({"id": VILLA}, JANE, VILLA),
        ({"city": "x"}, JANE, JANE),
        (None, JANE, JANE),
        (None, None, None),
        ({}, None, None),
    ],
)
def test_the_answer_names_the_row_before_the_request(
    stored: Row | None, row_id: str | None, found: str | None
) -> None:
    one = entry("create products.villa", stored=stored, row_id=row_id)
    assert [effect.id for effect in effects(one)] == [found] * (found is not None)
    words = "products.villa: whether it was created, and as which row, is not known; it stays"
    notes = [(n.code, n.message, n.address, n.severity) for n in without_id(run(one), KINDS)]
    unknown = [("undo-unknown", words, "products.villa", "warning")]
    assert notes == ([] if found else unknown)


def test_an_unknown_row_hides_no_other_one() -> None:
    unknown = entry("create products.villa", answer="lost", row_id=None)
    assert [one.id for one in effects(unknown, CREATE)] == [JANE]
    refused = replace(unknown, answer="refused")
    nameless = replace(unknown, address=None)
    barn = entry("create products.barn", answer=None, row_id=None)
    notes = without_id(run(refused, nameless, CREATE, unknown, barn), KINDS)
    assert [note.address for note in notes] == ["products.villa", "products.barn"]


# -- what nobody knows ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entries", "doubtful"),
    [
        ([UPDATE], {}),
        ([replace(UPDATE, answer="lost")], {"city": "Oslo"}),
        ([replace(UPDATE, answer=None)], {"city": "Oslo"}),
        ([CREATE, replace(UPDATE, before=None, answer="lost")], {"city": "Oslo"}),
        ([replace(CREATE, answer="lost")], {}),  # there was no row before
        ([replace(UPDATE, answer="lost"), replace(UPDATE, answer="done")], {}),
        (
            [UPDATE, entry("update contacts.jane", {"city": "Bonn"}, before={}, answer="lost")],
            {"city": "Rome"},
        ),
        (
            [
                entry("update contacts.jane", {"city": "a", "email": "b"},
                      before={"city": "c", "email": "d"}, answer="lost"),
                entry("update contacts.jane", {"email": "e"}, before={"city": "f"}),
            ],
            {"city": "c"},
        ),
    ],
)  # fmt: skip
def test_a_column_whose_last_write_was_not_answered_is_doubtful(
    entries: Sequence[JournalEntry], doubtful: Row
) -> None:
    assert only(*entries).doubtful == doubtful


def test_an_undo_that_was_cut_off_leaves_its_values_behind() -> None:
    other = replace(UPDATE, kind="bookings", id=VILLA)
    broken = [
        run(
            entry("update contacts.jane", {"city": "A"}),
            entry("update contacts.jane", {"city": "B"}, answer="refused"),
            entry("update contacts.jane", {"city": "C"}, answer=None),
            entry("update contacts.jane", {"city": "D"}, row_id=None),
        ),
        run(entry("update contacts.jane", {"email": "E"}), replace(other, after={"a": 1})),
    ]
    one, two, three = effects_of(run(UPDATE, other, replace(CREATE, id=VILLA)), KINDS, broken)
    assert one.left == ({"city": "A"}, {"city": "C"}, {"email": "E"})
    assert two.left == ({"a": 1},)
    assert three.left == ()
