"""A server that stores another form of a value than was sent: told, remembered, and then quiet."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.bindings import bindings_path, read_stored
from tests.commandline import Workspace, run, run_alone
from tests.organization import Organization
from tests.server import FIRST, Server, environment_for, running_server

STORES = {
    "contacts.email": "lower",
    "contacts.notes": "trim",
    "contacts.city": "trim",
    "taxes.percentage": "round:1",
    "webhooks.endpoint": "lower",
    "products.approximate_address": "lower",
}


@pytest.fixture(scope="module")
def forming(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A sandbox that stores some columns in forms of its own; ``city`` in two at once."""
    words = [f"--stores={column}={form}" for column, form in STORES.items()]
    pairs, folder = [f"{FIRST}=first-key"], tmp_path_factory.mktemp("forming")
    with running_server(folder, pairs, *words, "--stores=contacts.city=lower") as running:
        yield running


@pytest.fixture
def organization(forming: Server) -> Organization:
    return forming.organization(0)


@pytest.fixture
def workspace(organization: Organization, tmp_path: Path) -> Workspace:
    (tmp_path / "villa").mkdir()
    return Workspace(tmp_path / "villa", environment_for(organization))


EXPLAINED = [
    # what YAML says, the column, what apply says of its value
    ("contacts: {jane: {email: Jane@Example.com}}", "contacts.email", "email is stored as"),
    ("contacts: {jane: {notes: ' late '}}", "contacts.notes", "by the form trim"),
    ("taxes: {vat: {label: {default: V}, percentage: 8.25}}", "taxes.percentage", "as 8.3, not"),
    (
        "products:\n"
        "  villa: {name: {default: V}, rent_period: nightly, timezone: UTC,"
        " approximate_address: Here}",
        "products.approximate_address",
        'is stored as "here", not "Here"',
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "column", "says"), EXPLAINED)
def test_a_form_is_told_once_and_remembered(
    text: str, column: str, says: str, workspace: Workspace, organization: Organization
) -> None:
    workspace.write(text)
    first = workspace.apply("--allow", "billing-create")
    assert says in first.all
    assert f"note: {column} is stored as another value than was sent" in first.out
    assert "@" not in first.err
    path = bindings_path(workspace.folder, organization.id)
    assert {c: str(f) for c, f in read_stored(path).items()} == {column: STORES[column]}
    again = workspace.run("plan", "--detailed-exitcode")
    assert again.code == 0, again.all
    assert "stored as" not in workspace.apply().all


def test_rows_that_get_equal_values_are_looked_at_by_one_of_them(
    workspace: Workspace, organization: Organization, forming: Server
) -> None:
    contacts = "\n".join(f"  c{n}: {{notes: 'x', first_name: C{n}}}" for n in range(9))
    workspace.write(f"contacts:\n{contacts}")
    workspace.apply()
    before = len(forming.sandbox.requests())
    workspace.write(f"contacts:\n{contacts.replace('x', 'late ')}")
    done = workspace.apply("--allow", "updates")
    assert (
        "note: contacts.notes is stored as another value than was sent, by the form trim"
        in done.out
    )
    sent = [(r["method"], r["rows"]) for r in forming.sandbox.requests()[before:]]
    assert [rows for method, rows in sent if method == "PATCH"] == [9]
    assert sent[-1] == ("GET", 1)
    assert workspace.run("plan", "--detailed-exitcode").code == 0
    assert {row["notes"] for row in organization.rows("contacts")} == {"late"}


def test_a_form_that_no_rule_explains_is_told_by_every_apply(workspace: Workspace) -> None:
    workspace.write("contacts: {jane: {city: ' Oslo '}}")
    for _ in range(2):
        done = workspace.apply("--allow", "updates")
        assert "contacts.city is stored as another value than was sent, by no form" in done.out
        assert "Oslo" not in done.err
        assert workspace.run("plan", "--detailed-exitcode").code == 2


def test_a_rule_excuses_nothing_else(workspace: Workspace, organization: Organization) -> None:
    """Somebody who wrote another address is seen, and so is a change of the YAML."""
    workspace.write("contacts: {jane: {email: Jane@Example.com}}")
    workspace.apply()
    [row] = organization.rows("contacts")
    organization.change("contacts", row["id"], email="joan@example.com")
    assert workspace.run("plan", "--detailed-exitcode").code == 2
    workspace.apply("--allow", "updates")
    workspace.write("contacts: {jane: {email: Jane@Example.org}}")
    workspace.apply("--allow", "updates")
    assert organization.rows("contacts")[0]["email"] == "jane@example.org"
    assert workspace.run("plan", "--detailed-exitcode").code == 0


def test_undo_takes_back_what_was_stored_otherwise(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write("contacts: {jane: {email: Jane@Example.com}}")
    workspace.apply()
    workspace.write("contacts: {jane: {email: Joan@Example.com}}")
    workspace.apply("--allow", "updates")
    undone = workspace.run("undo", "--auto-approve", "--allow", "updates,deletes")
    assert undone.code == 0, undone.all
    assert organization.rows("contacts")[0]["email"] == "jane@example.com"


def test_an_export_leaves_what_a_rule_explains(workspace: Workspace) -> None:
    workspace.write("contacts: {jane: {email: Jane@Example.com}}")
    workspace.apply()
    before = (workspace.folder / "bookingmood.yaml").read_text()
    done = run(
        "export",
        "--out",
        workspace.folder,
        "--kinds",
        "contacts",
        environment=workspace.environment,
    )
    assert done.code == 0, done.all
    assert (workspace.folder / "bookingmood.yaml").read_text() == before
    assert workspace.run("plan", "--detailed-exitcode").code == 0


def test_a_migration_goes_by_the_rules_of_the_target(
    server: Server, organization: Organization, tmp_path: Path
) -> None:
    source = server.organization(1)
    source.insert("contacts", email="Jane@Example.com", first_name="Jane")
    for name, side in (("from", source), ("to", organization)):
        (tmp_path / name).write_text(side.key)
    moved = tmp_path / "moved"
    for again in (False, True):
        done = run(
            "migrate", "--kinds", "contacts", "--out", moved, "--auto-approve",
            *("--from-key-file", tmp_path / "from", "--from-url", source.url),
            *("--to-key-file", tmp_path / "to", "--to-url", organization.url),
            environment={},
        )  # fmt: skip
        assert done.code == 0, done.all
        assert "Verified: 1 row compared column by column, 0 differences." in done.out
        assert ("No changes" in done.out) is again
        stored = read_stored(bindings_path(moved, organization.id))
        assert {column: str(form) for column, form in stored.items()} == {"contacts.email": "lower"}
    assert [row["email"] for row in organization.rows("contacts")] == ["jane@example.com"]


def test_a_rehearsal_goes_by_the_rules_that_are_known(workspace: Workspace) -> None:
    workspace.write("contacts: {jane: {email: Jane@Example.com}}")
    workspace.apply()
    workspace.write("contacts: {jane: {email: Jane@Example.com}, john: {email: John@Example.com}}")
    done = run_alone("rehearse", workspace.folder, environment=workspace.environment)
    assert done.code == 0, done.all
    assert "1 to create, 1 unchanged" in done.out
