"""Neither the API key nor a guest's data is in anything that a run prints or writes.

Keys of resources are public, and the journal keeps rows as they were, for its owner only.
"""

import stat
from collections.abc import Mapping

import orjson
import pytest

from reconciler.catalogue import load_kinds
from reconciler.render.formats import FORMATS
from reconciler.values.column import JSON, Column
from tests.commandline import Finished, Workspace, failed_inside
from tests.faulty.server import FaultyServer
from tests.meanwhile import meanwhile
from tests.organization import Organization, Row

pytestmark = pytest.mark.usefixtures("impatient")

KEY = "first-key"
ALLOWED = "deletes,updates,referenced,billing-create,billing-delete,cascade,invites"
NOBODY = "11111111-2222-4333-8444-555555555555"
MARK = "Q7x"
"""Stands in every value that nobody may see."""


def private(kind: str, number: int) -> Row:
    """Give every personal or secret column of a kind a value that is easy to find."""
    return {
        column.name: _value(column, f"{MARK}{number}{column.name}@example.test")
        for column in load_kinds()[kind].columns.values()
        if column.private and column.writable and not column.unconfirmed and not column.reference
        if column.code != "country"  # no code of a country is easy to find
    }


def _value(column: Column, text: str) -> JSON:
    if column.code == "url":
        return f"https://{text}"
    return [{"key": text, "value": text}] if column.type.name == "jsonb" else text


def text_of(rows: Mapping[str, Mapping[str, Row]]) -> str:
    return "".join(f"{kind}: {orjson.dumps(many).decode()}\n" for kind, many in rows.items())


def guests(first: int, last: int, **more: JSON) -> dict[str, Row]:
    return {f"guest-{n}": {**private("contacts", n), **more} for n in range(first, last)}


def everything(first: int, last: int, **more: JSON) -> str:
    """Write resources of kinds with personal and with secret columns."""
    booking: Row = {"reference": "S", "currency": "EUR", "exchange_rate": 1, "silent": True}
    profile: Row = {"name": f"{MARK} Helper", "language": "en-US"}
    return text_of(
        {
            "contacts": guests(first, last, **more),
            "bookings": {"summer": {**booking, "display_currency": "EUR"}},
            "members": {"helper": {**profile, "email": f"{MARK}member@example.test"}},
            "webhooks": {
                "hook": {
                    **private("webhooks", 1),
                    "endpoint": "https://example.test/hook",
                    "events": ["bookings.created"],
                    "source": "reconciler",
                }
            },
            "products": {
                "villa": {"name": {"default": "V"}, "rent_period": "daily", "timezone": "UTC"}
            },
            "external_calendars": {
                "feed": {
                    "product_id": "villa",
                    "name": "F",
                    "ical_url": f"https://example.test/{MARK}.ics",
                }
            },
        }
    )


def searched(done: Finished, *, code: int | None = None) -> Finished:
    """Search what a command printed."""
    assert code is None or done.code == code, done.all
    for secret in (MARK, KEY):
        assert secret not in done.all
    assert not failed_inside(done.all)
    return done


def search_files(workspace: Workspace) -> None:
    """Search what was written beside the configuration, the journal aside."""
    journal = workspace.folder / ".reconciler" / "journal"
    for path in workspace.folder.parent.rglob("*"):
        if path.is_file() and path.name != "bookingmood.yaml":
            content = path.read_text()
            assert KEY not in content, path
            assert MARK not in content or path.parent == journal, path


def every_view(workspace: Workspace) -> None:
    saved = workspace.folder.parent / "saved.json"
    searched(workspace.run("plan", "--out", saved))
    for form in FORMATS:
        searched(workspace.run("plan", "--format", form))
        searched(workspace.run("show", "--format", form, path=saved))
    search_files(workspace)


def test_runs_that_go_well(workspace: Workspace, organization: Organization) -> None:
    workspace.write(everything(0, 4))
    searched(workspace.run("validate"))
    every_view(workspace)
    searched(workspace.run("apply", "--auto-approve", "--allow", ALLOWED), code=0)
    rows = organization.rows("contacts")
    assert all(MARK in str(row["email"]) for row in rows)
    workspace.write(everything(2, 6, notes=f"{MARK} changed"))
    every_view(workspace)
    options = ("--auto-approve", "--allow", ALLOWED, "--format", "json")
    searched(workspace.run("apply", *options), code=0)
    searched(workspace.run("undo", "--list"), code=0)
    searched(workspace.run("undo", "--auto-approve", "--allow", ALLOWED), code=0)
    search_files(workspace)


def test_the_journal_is_for_its_owner_only(workspace: Workspace) -> None:
    workspace.write(everything(0, 2))
    workspace.apply("--allow", ALLOWED)
    folder = workspace.folder / ".reconciler" / "journal"
    [journal] = folder.glob("*.jsonl")
    assert stat.S_IMODE(journal.stat().st_mode) == 0o600
    assert (folder / ".gitignore").read_text() == "*\n"
    assert KEY not in journal.read_text()


@pytest.mark.parametrize("form", ["text", "json"])
def test_rows_that_the_server_refuses(workspace: Workspace, form: str) -> None:
    workspace.write(text_of({"contacts": guests(0, 3, creator_id=NOBODY)}))
    done = searched(workspace.run("apply", "--auto-approve", "--format", form), code=1)
    assert "23503" in done.all
    search_files(workspace)


def test_rows_that_are_stale(
    workspace: Workspace, organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.write(everything(0, 3))
    workspace.apply("--allow", ALLOWED)
    workspace.write(everything(0, 3, notes=f"{MARK} changed"))
    row_id = organization.ids("contacts")[0]
    meanwhile(monkeypatch, lambda: organization.change("contacts", row_id, notes=f"{MARK} by hand"))
    searched(workspace.run("apply", "--auto-approve", "--allow", ALLOWED), code=5)


@pytest.mark.parametrize(
    "fault",
    ["status=500", "html", "bad-json", "cut", "status=400", "reset-before", "status=403"],
)
@pytest.mark.parametrize("methods", ["GET", "POST|PATCH|DELETE"])
def test_servers_that_fail(
    faulty: FaultyServer, workspace: Workspace, fault: str, methods: str
) -> None:
    workspace.write(everything(0, 3))
    faulty.put(f"{fault},method={methods}")
    searched(workspace.run("plan"))
    searched(workspace.run("apply", "--auto-approve", "--allow", ALLOWED))
    faulty.put()
    search_files(workspace)


def test_natural_keys_that_do_not_tell(workspace: Workspace, organization: Organization) -> None:
    for _ in range(2):
        organization.insert("contacts", email=str(private("contacts", 0)["email"]))
    workspace.write(everything(0, 1))
    searched(workspace.run("plan"), code=1)
    lookup = f"{{lookup: {{email: {MARK}0email@example.test}}}}"
    links = f"contact_bookings: [{{contact_id: {lookup}, booking_id: summer}}]\n"
    workspace.write(everything(5, 6) + links)
    searched(workspace.run("plan"), code=1)


def test_yaml_that_is_wrong(workspace: Workspace) -> None:
    workspace.write(f"contacts: {{guest: {{email: [{MARK}], first_name: {{{MARK}: 1}}}}}}")
    for command in ("validate", "plan"):
        searched(workspace.run(command), code=1)


def test_a_key_that_is_refused(workspace: Workspace) -> None:
    workspace.write(everything(0, 1))
    workspace.environment["BOOKINGMOOD_API_KEY"] = f"{MARK}-wrong-{KEY}"
    for command in (("plan",), ("apply", "--auto-approve"), ("doctor",)):
        done = workspace.run(*command)
        assert done.code == 1
        assert MARK not in done.all


def test_words_of_the_server_lose_what_is_private() -> None:
    from reconciler.diagnostics import ApiError
    from reconciler.execution.refused import refused
    from tests.builders import change

    error = ApiError(
        "a contact Jane Doe exists",
        method="POST",
        path="/contacts",
        code="P0001",
        details="see jane@example.test",
        hint="ask Jane Doe",
    )
    kind = load_kinds()["contacts"]
    one = change(
        "create contacts.a", first_name="Jane Doe", email="jane@example.test", language="P"
    )
    [outcome] = refused(kind, [one], error)
    assert outcome.message == "a contact … exists [P0001] (see …)"
    assert outcome.hint == "ask …"
