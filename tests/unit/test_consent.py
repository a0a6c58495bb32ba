"""Consents: when they are needed, exactly, and what no consent allows."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pytest

from reconciler.bindings import Binding
from reconciler.diagnostics import UsageError
from reconciler.identity.found import Found, Identities, Orphan
from reconciler.ids import Owner
from reconciler.plan.change import Change
from reconciler.plan.consents import ADVISORY, MEANINGS, missing, needed, protected
from reconciler.planning.consent import Protection, count_owned, parse_allowed, with_consents
from tests.builders import (
    KINDS,
    ORGANIZATION,
    OWNER,
    address,
    change,
    configuration,
    foreign_id,
    live,
    own_id,
    row,
)


def deletes(number: int, kind: str = "contacts") -> list[Change]:
    return [change(f"delete {kind}", id=foreign_id(n)) for n in range(number)]


def updates(number: int, kind: str = "contacts") -> list[Change]:
    return [change(f"update {kind}.c{n}", first_name="x") for n in range(number)]


def creates(number: int, kind: str = "contacts") -> list[Change]:
    return [change(f"create {kind}.n{n}", first_name="x") for n in range(number)]


def consents(changes: list[Change], **owned: int) -> set[str]:
    return {name for one in with_consents(changes, owned_rows=owned) for name in one.consents}


@pytest.mark.parametrize(
    ("deleted", "owned", "asked"),
    [
        (1, 1, False),  # one row is never a sweep
        (2, 2, True),
        (2, 6, True),
        (2, 7, False),
        (3, 10, False),  # exactly 30 %
        (3, 9, True),
        (4, 10, True),
        (30, 100, False),
        (31, 100, True),
        (3000, 10000, False),
        (3001, 10000, True),
    ],
)
def test_deleting_more_than_30_percent_of_a_kind_is_asked_for(
    deleted: int, owned: int, asked: bool
) -> None:
    # as many rows of another kind that the whole stack is not meant
    assert (consents(deletes(deleted), contacts=owned, taxes=100_000) == {"deletes"}) is asked


@pytest.mark.parametrize(
    ("updated", "owned", "asked"),
    [
        (9, 9, False),
        (10, 10, True),
        (10, 33, True),
        (10, 34, False),
        (30, 100, False),
        (31, 100, True),
    ],
)
def test_changing_more_than_30_percent_of_a_kind_is_asked_for(
    updated: int, owned: int, asked: bool
) -> None:
    assert (consents(updates(updated), contacts=owned) == {"updates"}) is asked


def test_deleting_more_than_30_percent_of_the_stack_is_asked_for_in_every_kind() -> None:
    changes = deletes(3, "contacts") + deletes(1, "taxes")
    found = with_consents(changes, owned_rows={"contacts": 10, "taxes": 3})
    assert [one.consents for one in found] == [("deletes",)] * 4
    assert consents(changes, contacts=10, taxes=4) == set()


def test_creates_are_never_a_sweep() -> None:
    assert consents(creates(1000), contacts=0) == set()


def test_an_adoption_counts_as_a_change_only_where_columns_change() -> None:
    adopted = [change(f"adopt contacts.c{n}") for n in range(20)]
    assert consents(adopted, contacts=20) == set()
    changing = [change(f"adopt contacts.c{n}", first_name="x") for n in range(20)]
    assert consents(changing, contacts=20) == {"updates"}


def test_adoptions_without_columns_make_no_sweep_of_the_others() -> None:
    changes = [*updates(3), *(change(f"adopt contacts.a{n}") for n in range(20))]
    assert consents(changes, contacts=23) == set()


def test_a_kind_of_which_nobody_counted_a_row_counts_none() -> None:
    assert consents(deletes(2), taxes=100) == {"deletes"}
    assert consents(updates(10), taxes=100) == {"updates"}


def test_only_the_kind_that_is_swept_is_marked() -> None:
    changes = [*updates(10), *updates(1, "taxes")]
    found = with_consents(changes, owned_rows={"contacts": 10, "taxes": 100})
    assert [one.consents for one in found] == [("updates",)] * 10 + [()]


def test_a_delete_that_is_referenced_needs_consent() -> None:
    referenced = change("delete contacts", referenced_by=[("contact_bookings", foreign_id(1))])
    assert consents([referenced], contacts=10) == {"referenced"}


def test_consents_of_the_kind_are_kept() -> None:
    product = change("delete products", consents=["billing-delete", "cascade"])
    [found] = with_consents([product], owned_rows={"products": 10})
    assert found.consents == ("billing-delete", "cascade")


def test_what_is_needed_is_counted_by_consent_in_the_order_of_the_documentation() -> None:
    changes = [
        change("create products.a", consents=["billing-create"]),
        change("create products.b", consents=["billing-create"]),
        change("delete contacts", consents=["deletes", "referenced"]),
    ]
    assert [(n.name, n.kinds, n.changes) for n in needed(changes)] == [
        ("deletes", ("contacts",), 1),
        ("referenced", ("contacts",), 1),
        ("billing-create", ("products",), 2),
    ]


def test_only_what_is_not_allowed_is_missing() -> None:
    changes = [change("delete contacts", consents=["deletes", "referenced"])]
    assert [n.name for n in missing(changes, frozenset({"deletes"}))] == ["referenced"]
    assert missing(changes, frozenset({"deletes", "referenced", "cascade"})) == ()


def test_a_notice_is_shown_and_not_asked_for() -> None:
    changes = [change("create bookings.a", consents=["notifies"])]
    assert [n.name for n in needed(changes)] == ["notifies"]
    assert missing(changes, frozenset()) == ()
    assert frozenset({"notifies"}) == ADVISORY


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ([], set()),
        (["deletes"], {"deletes"}),
        (["deletes,updates", "cascade"], {"deletes", "updates", "cascade"}),
        ([" deletes , updates "], {"deletes", "updates"}),
        (["", ","], set()),
    ],
)
def test_allow_is_a_list_of_names(values: list[str], names: set[str]) -> None:
    assert parse_allowed(values) == names


def test_an_unknown_name_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageError, match="all, everything") as caught:
        parse_allowed(["everything,deletes", "all"])
    assert caught.value.hint == f"the names are {', '.join(MEANINGS)}, and policy:NAME"


@pytest.mark.parametrize(
    ("line", "stopped"),
    [
        ("delete products.villa", True),
        ("delete products", True),
        ("delete contacts.jane", True),
        ("delete contacts.john", False),
        ("delete contacts", False),
        ("update contacts.jane", False),
        ("create products.new", False),
    ],
)
def test_what_is_protected_is_never_deleted(line: str, stopped: bool) -> None:
    one = change(line)
    found = protected([one], frozenset({"products", "contacts.jane"}))
    assert found == ((one,) if stopped else ())


# -- what counts as ours --------------------------------------------------------------------------


def found_by(names: Mapping[str, str], orphans: Iterable[Orphan] = ()) -> Identities:
    """Say which rows resources were found in, by address, and which have no block."""
    found = {address(name): Found(row_id, None, "binding") for name, row_id in names.items()}
    return replace(NOTHING, found=found, orphans=tuple(orphans))


NOTHING = Identities({}, {}, {}, (), frozenset(), frozenset(), (), ())
OWN, OTHERS = (
    own_id("contacts.jane"),
    Owner(ORGANIZATION, "other-1b2c").id_of(address("contacts.j")),
)


@pytest.mark.parametrize(
    ("rows", "identities", "counted"),
    [
        ([], NOTHING, 0),
        ([OWN], NOTHING, 1),
        ([foreign_id(1), OTHERS], NOTHING, 0),
        ([foreign_id(1)], found_by({"contacts.jane": foreign_id(1)}), 1),
        ([OWN], found_by({"contacts.jane": OWN}), 1),  # once
        ([foreign_id(1)], found_by({"bookings.jane": foreign_id(1)}), 0),  # a row of another kind
        ([], found_by({"contacts.jane": foreign_id(1)}), 0),  # it is not there
        ([foreign_id(1)], found_by({}, [Orphan("contacts", foreign_id(1), None)]), 1),
        ([foreign_id(1)], found_by({}, [Orphan("bookings", foreign_id(1), None)]), 0),
        ([OWN], found_by({}, [Orphan("contacts", OWN, address("contacts.jane"))]), 1),
        ([OWN, foreign_id(1), foreign_id(2), foreign_id(3)],
         found_by({"contacts.a": foreign_id(1)}, [Orphan("contacts", foreign_id(2), None)]), 3),
    ],
)  # fmt: skip
def test_rows_that_are_owned_or_bound_are_counted(
    rows: list[str], identities: Identities, counted: int
) -> None:
    there = live(contacts=[row("contacts", row_id) for row_id in rows])
    kinds = {name: KINDS[name] for name in ("contacts", "taxes")}
    found = count_owned(kinds, OWNER, identities, there)
    assert found == {"contacts": counted, "taxes": 0}


# -- what is protected ----------------------------------------------------------------------------

VILLA, STAY, OTHER = ("products", foreign_id(1)), ("bookings", foreign_id(2)), foreign_id(3)


def protection(*names: str, ids: Mapping[str, str | None], **bound: str) -> Protection:
    """Protect these names; ``ids`` are of blocks, ``bound`` of bindings, with ``__`` for a dot."""
    bindings = {
        address(name.replace("__", ".")): Binding(row_id, "owned") for name, row_id in bound.items()
    }
    known = {address(name): row_id for name, row_id in ids.items()}
    return Protection.of(configuration(protect=names), OWNER, known, bindings)


@pytest.mark.parametrize(
    ("row", "covered"),
    [
        (("products", OTHER), True),  # its kind
        (("contacts", OWN), True),  # its computed id, though it is bound elsewhere
        (("contacts", foreign_id(7)), True),  # its binding
        (("contacts", foreign_id(8)), True),  # found by its natural key
        (("contacts", foreign_id(9)), False),
        (("bookings", OWN), False),  # another kind
        (("bookings", foreign_id(7)), False),
    ],
)
def test_a_protected_address_stands_for_every_row_it_may_mean(
    row: tuple[str, str], covered: bool
) -> None:
    found = protection(
        "products",
        "contacts.jane",
        ids={"contacts.jane": foreign_id(8), "contacts.john": foreign_id(9)},
        contacts__jane=foreign_id(7),
        contacts__john=foreign_id(9),
    )
    assert found.covers(row) is covered
    assert found.names == {"products", "contacts"}


def test_an_id_that_nobody_knows_yet_protects_nothing() -> None:
    found = protection("products.villa", ids={"products.villa": None})
    assert {kind for kind, _ in found.rows} == {"products"}
    assert len(found.rows) == 1
    assert protection(ids={}) == Protection()


@pytest.mark.parametrize(
    ("one", "cascaded", "takes"),
    [
        pytest.param(change("delete products", id=VILLA[1]), {VILLA: frozenset({STAY})}, {STAY},
                     id="goes with it"),
        pytest.param(change("delete products", id=VILLA[1], referenced_by=[STAY]), {}, {STAY},
                     id="references it, and its kind cascades"),
        pytest.param(change("delete contacts", id=OTHER, referenced_by=[STAY]), {}, set(),
                     id="references it, and the server would refuse"),
        pytest.param(change("delete products", id=VILLA[1]),
                     {VILLA: frozenset({("bookings", OTHER)})}, set(), id="is not protected"),
        pytest.param(change("delete products", id=OTHER), {VILLA: frozenset({STAY})}, set(),
                     id="goes with another row"),
        pytest.param(change("update products.v", id=VILLA[1]), {VILLA: frozenset({STAY})}, set(),
                     id="nothing is deleted"),
    ],
)  # fmt: skip
def test_what_is_protected_is_not_deleted_with_another_row_either(
    one: Change,
    cascaded: Mapping[tuple[str, str], frozenset[tuple[str, str]]],
    takes: set[tuple[str, str]],
) -> None:
    [judged] = Protection(rows=frozenset({STAY})).judge([one], KINDS, cascaded)
    assert judged.takes == takes
    assert replace(judged, takes=frozenset()) == one
