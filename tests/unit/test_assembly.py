"""What all stages of planning found becomes one plan; nothing of it gets lost."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.configuration.resource import Configuration
from reconciler.diagnostics import Problem
from reconciler.identity.resolve import Resolver
from reconciler.live.rows import Live
from reconciler.plan.change import Change
from reconciler.plan.model import Plan
from reconciler.planning.assembly import assemble
from reconciler.planning.diff import Differences
from reconciler.planning.digest import digest_of
from reconciler.planning.finish import Finished
from tests.builders import (
    ORGANIZATION,
    STACK,
    address,
    change,
    configuration,
    foreign_id,
    live,
    lookup,
    resource,
)
from tests.differing import identities

LOOKED = lookup("user_profiles", email="owner@example.com")
JANE, JOHN = resource("contacts.jane", creator_id=LOOKED), resource("contacts.john")
BOTH = configuration(JANE, JOHN, protect=["products"])


def planned(
    given: Configuration = BOTH,
    *,
    differences: Differences | None = None,
    changes: Iterable[Change] = (),
    kept: Iterable[Problem] = (),
    rows: Live | None = None,
    notes: Iterable[Problem] = (),
) -> Plan:
    known = identities(JANE, JOHN, lookups={LOOKED: foreign_id(7)})
    changes = tuple(changes)
    finished = Finished((changes[:1], changes[1:]), changes, tuple(kept))
    known = replace(known, notes=tuple(notes))
    return assemble(given, rows or live(), known, differences or Differences(), finished)


def test_a_plan_says_what_it_is_of_and_for() -> None:
    given = replace(BOTH, secrets=frozenset({"zq"}), folder=Path("barn"))
    create = change("create contacts.jane"), change("delete contacts.joan")
    plan = planned(given, changes=create)
    assert (plan.stack, plan.organization, plan.folder) == (STACK, ORGANIZATION, Path("barn"))
    assert plan.protect == {"products"}
    assert plan.secrets == {"zq"}
    assert plan.levels == (create[:1], create[1:])
    ids = identities(JANE, JOHN).ids
    assert plan.names == {ids[one.address]: str(one.address) for one in (JANE, JOHN)}
    assert plan.configuration == digest_of(given, Resolver(ids, {LOOKED: foreign_id(7)}))
    assert plan.configuration != digest_of(given, Resolver(ids, {LOOKED: foreign_id(8)}))


@pytest.mark.parametrize(
    ("read", "no_ops", "unmet", "unchanged"),
    [
        (0, [], [], 0),
        (2, [], [], 2),
        (0, ["no-op contacts.jane"], [], 1),
        (2, ["no-op contacts.jane", "no-op contacts.john"], [], 4),
        (1, ["no-op contacts.jane"], ["contacts.jane"], 1),
        (0, ["no-op contacts", "update contacts.john"], ["contacts.jane"], 1),
    ],
)
def test_what_is_as_it_should_be_is_counted(
    read: int, no_ops: list[str], unmet: list[str], unchanged: int
) -> None:
    found = Differences(unchanged=read, unmet={*map(address, unmet)})
    plan = planned(differences=found, changes=map(change, no_ops))
    assert plan.unchanged == unchanged
    assert plan.unmet == {*map(address, unmet)}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (configuration(), []),
        (configuration(JANE, limited=["contacts.jane"]), ["1 resource"]),
        (configuration(JANE, JOHN, limited=["contacts.jane", "contacts.x"]), ["2 resources"]),
        (configuration(limited=[]), ["0 resources"]),
    ],
)
def test_a_limited_plan_says_so(given: Configuration, words: list[str]) -> None:
    said = [
        Problem(
            "limited",
            f"limited to {resources}: nothing else is compared, and nothing is deleted",
            hint="for all of it, plan the whole folder",
            severity="warning",
        )
        for resources in words
    ]
    assert list(planned(given).notes) == said


def test_notes_stand_in_the_order_of_the_stages() -> None:
    notes = [Problem("odd-row", words, severity="warning") for words in ("a", "b", "c")]
    plan = planned(
        configuration(JANE, limited=["contacts.jane"]),
        notes=notes[:1],
        differences=Differences(notes=notes[1:2]),
        kept=notes[2:],
        rows=replace(live(), unread={"taxes": "it is too late", "coupons": "it is forbidden"}),
    )
    unread = [
        Problem(
            "not-looked-at",
            f"{kind} was not looked at, and nothing is deleted there: {reason}",
            severity="warning",
        )
        for kind, reason in (("coupons", "it is forbidden"), ("taxes", "it is too late"))
    ]
    assert list(plan.notes[1:]) == [*notes, *unread]
    assert plan.notes[0].code == "limited"
