"""Live values of an unexpected form: an error where YAML means the row, else named and left out."""

from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from reconciler.ids import Owner
from reconciler.values.address import Address
from reconciler.values.column import JSON
from tests.commandline import Workspace, run
from tests.front import Forward, Reply, Request, Rule, front
from tests.organization import Organization
from tests.server import THIRD, environment_for
from tests.trouble.prepared import Refused, says

OWNER = Owner(THIRD, "villa-7f3a")
JANE = OWNER.id_of(Address("contacts", "jane"))
JOHN = OWNER.id_of(Address("contacts", "john"))

Spoil = Callable[[dict[str, JSON]], object]


def spoiling(kind: str, row_id: str, spoil: Spoil) -> Rule:
    """A server that answers one row in another form than it has."""

    def rule(request: Request, forward: Forward) -> Reply:
        reply = forward(request)
        if request.kind != kind or request.method != "GET" or reply.status not in {200, 206}:
            return reply
        rows = orjson.loads(reply.body)
        for row in rows:
            if row["id"] == row_id:
                spoil(row)
        return Reply(reply.status, orjson.dumps(rows), reply.headers)

    return rule


ODD: dict[str, tuple[Spoil, str]] = {
    "a number for a text": (lambda row: row.update(first_name=5), "first_name is a number, not"),
    "an object for a text": (lambda row: row.update(email={}), "email is an object, not a text"),
    "a moment that is none": (
        lambda row: row.update(updated_at="2026-13-01T00:00:00Z"),
        "updated_at is another text, not a moment",
    ),
    "a column that is not there": (lambda row: row.pop("email"), "the answer lacks email"),
}


@pytest.mark.parametrize("name", ODD)
def test_a_row_that_yaml_means(refused: Refused, organization: Organization, name: str) -> None:
    spoil, words = ODD[name]
    with front(spoiling("contacts", JANE, spoil), organization.url) as url:
        says(refused("--api-url", url), "contacts.jane: ", f"contacts[{JANE}]", words, "[odd-row]")


def test_a_row_that_is_nobodys_is_named_and_nothing_of_its_kind_is_deleted(
    edited: Workspace, organization: Organization
) -> None:
    rule = spoiling("contacts", JOHN, lambda row: row.update(first_name=[]))
    with front(rule, organization.url) as url:
        plan = edited.plan("--api-url", url)
        actions = edited.actions("--api-url", url)
    assert sorted(action.partition(" ")[0] for action in actions) == ["create", "update", "update"]
    notes = str(plan["notes"])
    assert f"contacts[{JOHN}]: first_name is a list, not a text; it is left out" in notes
    assert "nothing of contacts is deleted" in notes


def test_an_export_names_what_it_leaves_out(
    edited: Workspace, organization: Organization, tmp_path: Path
) -> None:
    rule = spoiling("contacts", JANE, lambda row: row.update(email=5))
    with front(rule, organization.url) as url:
        done = run(
            "export", "--out", tmp_path / "new", "--kinds", "contacts", "--api-url", url,
            environment=environment_for(organization),
        )  # fmt: skip
    assert done.code == 5
    assert f"contacts[{JANE}]: email is a number, not a text" in done.err
    assert "Wrote 1 row of 1 kind" in done.out


def test_an_export_says_which_columns_never_came(
    edited: Workspace, organization: Organization, tmp_path: Path
) -> None:
    def rule(request: Request, forward: Forward) -> Reply:
        reply = forward(request)
        if request.kind != "contacts":
            return reply
        rows = orjson.loads(reply.body)
        kept = [{n: v for n, v in row.items() if n != "last_name"} for row in rows]
        return Reply(reply.status, orjson.dumps(kept), reply.headers)

    with front(rule, organization.url) as url:
        done = run(
            "export", "--out", tmp_path / "new", "--kinds", "contacts", "--api-url", url,
            environment=environment_for(organization),
        )  # fmt: skip
    assert done.code == 5
    assert "contacts: the API answers without last_name" in done.err


def test_a_row_that_may_be_the_one_meant_is_not_made_again(
    edited: Workspace, organization: Organization
) -> None:
    """The e-mail of John cannot be read: Jill, who would be created, may be that row."""
    with front(spoiling("contacts", JOHN, lambda row: row.update(email=[])), organization.url) as u:
        done = edited.run("plan", "--api-url", u)
    assert done.code == 1
    assert f"contacts.jill: contacts[{JOHN}]: email is a list" in done.err
