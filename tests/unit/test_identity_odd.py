"""Rows that are not as they should be: what they may mean, and what is then refused."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pytest

from reconciler.client.forms import OddRow
from reconciler.configuration.resource import Resource, Unknown, Value
from reconciler.diagnostics import Problem
from reconciler.identity.found import Found, Identities, Orphan
from reconciler.identity.odd import leaving_odd, left_alone, looked_up_and_odd, meant_and_odd
from reconciler.live.rows import Live
from reconciler.values.column import JSON
from tests.builders import KINDS, address, foreign_id, live, lookup, ref, resource, row_ref

ODD, OTHER = foreign_id(1), foreign_id(2)
JANE = resource("contacts.jane", email="jane@example.com")


def odd(kind: str, row_id: str = ODD, /, **good: JSON) -> OddRow:
    """A row of which only these columns are as they should be."""
    return OddRow(kind, row_id, {"id": row_id, **good}, {"x": "x is no text"})


def read(*rows: OddRow) -> Live:
    by_kind: dict[str, dict[str, OddRow]] = {}
    for one in rows:
        by_kind.setdefault(one.kind, {})[one.id] = one
    return replace(live(), odd=by_kind)


def said(problems: Iterable[Problem]) -> list[str]:
    """What is said of the row, after its name."""
    return [one.message.rpartition("] ")[2].rstrip(")") for one in problems]


MEANT, MAYBE = "is not as it should be", "may be its row, and is not as it should be"


@pytest.mark.parametrize(
    ("one", "row", "known", "words"),
    [
        pytest.param(JANE, odd("contacts"), [ODD], [MEANT], id="its own row"),
        pytest.param(JANE, odd("contacts"), [OTHER], [MAYBE], id="its key cannot be read"),
        pytest.param(JANE, odd("contacts", email="Jane@example.com"), [], [MAYBE], id="same key"),
        pytest.param(JANE, odd("contacts", email="joan@example.com"), [], [], id="another key"),
        pytest.param(JANE, odd("contacts", email=None), [], [], id="no key"),
        pytest.param(resource("contacts.jane", email=None), odd("contacts", email=None), [],
                     [MAYBE], id="no key on either side"),
        pytest.param(JANE, odd("bookings"), [], [], id="another kind"),
        pytest.param(resource("contacts.jane", email=Unknown("MAIL")),
                     odd("contacts", email="joan@example.com"), [], [MAYBE],
                     id="a value that nobody gave"),
    ],
)  # fmt: skip
def test_a_resource_whose_row_is_or_may_be_odd_is_refused(
    one: Resource, row: OddRow, known: list[str], words: list[str]
) -> None:
    found = list(meant_and_odd(one, KINDS, read(row), {}, tuple(known)))
    assert said(found) == words
    assert {p.code for p in found} <= {"odd-row"}


@pytest.mark.parametrize(
    ("parent", "words"),
    [
        (ref("services.top"), [MAYBE]),
        (row_ref("services", OTHER), [MAYBE]),
        (row_ref("services", foreign_id(9)), []),
        (ref("services.elsewhere"), []),
        (lookup("services", type="x"), [MAYBE]),
        (None, []),
    ],
)
def test_a_reference_in_a_key_is_compared_by_its_id(parent: Value, words: list[str]) -> None:
    one = resource("services.s", label={"default": "A"}, type="checkbox", parent_id=parent)
    row = odd("services", label={"default": "A"}, type="checkbox", parent_id=OTHER)
    ids = {address("services.top"): OTHER, address("services.elsewhere"): foreign_id(9)}
    assert said(meant_and_odd(one, KINDS, read(row), ids, ())) == words


def test_a_member_may_be_anybody_whose_profile_cannot_be_read() -> None:
    """Members are found by the e-mail of their profile."""
    one = resource("members.helper", inputs={"email": "helper@example.com"})
    [found] = meant_and_odd(one, KINDS, read(odd("user_profiles")), {}, ())
    assert found.message.endswith("may be its user_id, and is not readable)")
    assert (found.address, found.position) == ("members.helper", one.position)
    assert list(meant_and_odd(JANE, KINDS, read(odd("user_profiles")), {}, ())) == []
    assert list(meant_and_odd(one, KINDS, read(odd("taxes")), {}, ())) == []


@pytest.mark.parametrize(
    ("criteria", "good", "found"),
    [
        ({"type": "included"}, {"type": "included"}, True),
        ({"type": "included"}, {"type": "added"}, False),
        ({"type": "included"}, {}, True),
        ({"type": "included", "percentage": 9}, {"type": "included", "percentage": 21}, False),
        ({"type": "included", "percentage": 9}, {"percentage": 9}, True),
        ({"label->>default": "A"}, {"label": {"default": "A"}}, True),
        ({"label->>default": "A"}, {"label": {"default": "B"}}, False),
    ],
)
def test_a_lookup_that_may_mean_an_odd_row_is_refused(
    criteria: Mapping[str, Value], good: dict[str, JSON], found: bool
) -> None:
    wanted = lookup("taxes", **criteria)
    user = resource("services.s", fee={"tax_id": wanted})
    problems = list(looked_up_and_odd(user, wanted, KINDS, read(odd("taxes", ODD, **good))))
    words = "may be meant by its lookup, and is not as it should be"
    assert said(problems) == ([words] if found else [])
    assert list(looked_up_and_odd(user, wanted, KINDS, read(odd("contacts")))) == []


# -- rows that turn out odd when they are read whole ----------------------------------------------

FOUND = {address("contacts.jane"): Found(ODD, None, "id")}
ORPHANS = (
    Orphan("contacts", OTHER, None),
    Orphan("contacts", foreign_id(3), address("contacts.gone")),
    Orphan("taxes", ODD, None),
)
BEFORE = Identities(FOUND, {}, {}, ORPHANS, frozenset(), frozenset(), (), ())


def left(
    *rows: OddRow, spared: Iterable[str] | None = ()
) -> tuple[Identities, list[str | None], list[str]]:
    after = leaving_odd(
        BEFORE,
        {JANE.address: JANE},
        rows,
        KINDS,
        None if spared is None else frozenset(spared),
    )
    kept = [orphan.kind for orphan in after.orphans]
    return after, [one.address for one in after.problems], kept


def test_nothing_odd_changes_nothing() -> None:
    assert left()[0] is BEFORE


@pytest.mark.parametrize(
    ("row", "spared", "refused"),
    [
        pytest.param(odd("contacts", ODD), (), ["contacts.jane"], id="a row with a block"),
        pytest.param(odd("contacts", OTHER), (), [f"contacts[{OTHER}]"], id="an orphan"),
        pytest.param(odd("contacts", foreign_id(3)), (), ["contacts.gone"], id="with its name"),
        pytest.param(odd("contacts", OTHER), ["contacts"], [], id="its kind is spared"),
        pytest.param(odd("contacts", foreign_id(3)), ["contacts.gone"], [], id="it is spared"),
        pytest.param(odd("contacts", OTHER), None, [], id="all are spared"),
        pytest.param(odd("contacts", foreign_id(7)), (), [], id="a row of nobody"),
    ],
)
def test_nothing_of_its_kind_is_deleted_and_a_row_that_was_to_go_is_refused(
    row: OddRow, spared: Iterable[str] | None, refused: list[str]
) -> None:
    after, problems, kept = left(row, spared=spared)
    assert problems == refused
    assert kept == ["taxes"]
    assert len(after.notes) == 2
    assert after.found == BEFORE.found


@pytest.mark.parametrize(("number", "tail"), [(5, ""), (6, " (1 more rows of it are odd)")])
def test_only_some_odd_rows_are_named(number: int, tail: str) -> None:
    rows = [odd("contacts", foreign_id(n)) for n in range(number)]
    [*named, last] = left_alone(read(*rows).odd, KINDS)
    assert len(named) == 5
    assert last.message == f"nothing of contacts is deleted while rows of it are odd{tail}"


def test_odd_rows_of_another_kind_refuse_nothing() -> None:
    after, problems, kept = left(odd("coupons"))
    assert (problems, kept) == ([], ["contacts", "contacts", "taxes"])
    assert after.found == BEFORE.found
