"""Numbers with more digits than a float, and values nested deep, arrive everywhere as they are."""

import re
from pathlib import Path
from typing import LiteralString
from uuid import UUID

import pytest
from psycopg import sql

from reconciler.values.jsontext import DEEPEST
from tests.commandline import Workspace, run
from tests.organization import Organization
from tests.server import environment_for
from tests.undoing import undo

LONG = "0.1234567890123456789"
HUGE = "1" + "0" * 400
META = f"[{LONG}, 12345678901234567890, 1e400, 1e-30, 2.5]"


def meta_of(organization: Organization, email: str) -> str:
    """Give a contact's JSON as PostgreSQL has it."""
    with organization.database.cursor() as cursor:
        query = "select meta::text from {}.contacts where email = %s"
        cursor.execute(_of(organization, query), [email])
        [(text,)] = cursor.fetchall()
    return str(text)


def put(organization: Organization, email: str, text: str) -> None:
    """Give a contact JSON that no client can send."""
    with organization.database.cursor() as cursor:
        query = "update {}.contacts set meta = %s::jsonb where email = %s"
        cursor.execute(_of(organization, query), [text, email])


def _of(organization: Organization, query: LiteralString) -> sql.Composed:
    return sql.SQL(query).format(sql.Identifier(f"org_{UUID(organization.id).hex}"))


def test_every_digit_is_carried(
    workspace: Workspace,
    organization: Organization,
    other_organization: Organization,
    tmp_path: Path,
) -> None:
    workspace.write(f"contacts:\n  jane: {{email: jane@example.test, meta: {META}}}\n")
    workspace.apply()
    was = meta_of(organization, "jane@example.test")
    assert was == f"[{LONG}, 12345678901234567890, {HUGE}, 0.{'0' * 29}1, 2.5]"
    assert workspace.actions() == []

    out = tmp_path / "export"
    environment = environment_for(organization)
    done = run("export", "--out", out, environment=environment)
    assert done.code == 0, done.all
    written = (out / "contacts.yaml").read_text()
    assert re.search(rf"{LONG}.*12345678901234567890.*{HUGE}", written, re.DOTALL), written
    plan = run("plan", out, environment=environment)
    assert "No changes" in plan.out, plan.all

    put(organization, "jane@example.test", f"[{LONG}1]")
    assert workspace.actions() == ["update contacts.jane"]
    workspace.write("seasons: {}")
    workspace.apply("--allow", "deletes")
    assert organization.rows("contacts") == []
    undo(workspace)
    assert meta_of(organization, "jane@example.test") == f"[{LONG}1]"


def test_a_foreign_row_beyond_bounds_stops_nobody(
    workspace: Workspace, organization: Organization
) -> None:
    for email in ("deep@example.test", "too-deep@example.test", "huge@example.test"):
        organization.insert("contacts", email=email)
    put(organization, "deep@example.test", "[" * DEEPEST + "]" * DEEPEST)
    put(organization, "too-deep@example.test", "[" * 1000 + "]" * 1000)
    put(organization, "huge@example.test", "[1e400]")
    workspace.write("contacts:\n  jane: {email: jane@example.test, meta: [1]}\n")
    workspace.apply()
    assert workspace.actions() == []


@pytest.mark.parametrize("depth", [DEEPEST, 255, 1000])
def test_a_deep_row_that_is_to_be_deleted(
    workspace: Workspace, organization: Organization, depth: int
) -> None:
    """It is brought back as it was, or it is not deleted."""
    workspace.write("contacts:\n  jane: {email: jane@example.test}\n")
    workspace.apply()
    put(organization, "jane@example.test", "[" * depth + "]" * depth)
    before = meta_of(organization, "jane@example.test")
    workspace.write("seasons: {}")
    done = workspace.apply("--allow", "deletes", code=0 if depth <= DEEPEST else 1)
    if depth > DEEPEST:
        assert f"meta holds a value nested more than {DEEPEST} deep" in done.err
        assert "its row cannot be deleted" in done.err
        workspace.write(
            f"reconciler: {{stack: {workspace.stack}, protect: [contacts]}}\nseasons: {{}}"
        )
        workspace.apply()
    else:
        undo(workspace)
    assert meta_of(organization, "jane@example.test") == before


def test_a_migration_carries_every_digit(
    organization: Organization, other_organization: Organization, tmp_path: Path
) -> None:
    for name in ("jane", "john"):
        organization.insert("contacts", email=f"{name}@example.test")
    put(organization, "jane@example.test", META)
    keys = []
    for side in (organization, other_organization):
        keys.append(tmp_path / f"{side.id}.key")
        keys[-1].write_text(side.key)
    done = run(
        "migrate", "--from-key-file", keys[0], "--to-key-file", keys[1], "--out", tmp_path / "m",
        "--auto-approve", "--kinds", "contacts",
        environment={"BOOKINGMOOD_API_URL": organization.url},
    )  # fmt: skip
    assert done.code == 0, done.all
    here, there = (str(side.state()["contacts"]) for side in (organization, other_organization))
    assert LONG in here
    assert LONG in there
    assert HUGE in there
