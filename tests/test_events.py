"""`apply --format json` tells what happens, line by line, as its schema says."""

from collections import Counter

import orjson
import pytest
from jsonschema_rs import validator_for

from reconciler.catalogue import schema_folder
from tests.commandline import Document, Finished, Workspace
from tests.organization import Organization

TEXT = """\
contacts:
  jane: {email: jane@example.test, first_name: Jane}
  john: {email: john@example.test}
bookings:
  summer: {reference: S, currency: EUR, display_currency: EUR, exchange_rate: 1, silent: true}
contact_bookings:
  - {contact_id: jane, booking_id: summer}
"""
NOBODY = "11111111-2222-4333-8444-555555555555"


def events(done: Finished) -> list[Document]:
    """Read the lines, and hold each against the schema."""
    schema = orjson.loads((schema_folder() / "events.schema.json").read_bytes())
    validator = validator_for(schema)
    lines = [orjson.loads(line) for line in done.out.splitlines()]
    for line in lines:
        assert list(validator.iter_errors(line)) == [], line
    return lines


def apply(workspace: Workspace, *options: str, code: int = 0) -> list[Document]:
    return events(workspace.apply("--format", "json", *options, code=code))


def test_a_run_is_told_from_its_plan_to_its_end(workspace: Workspace) -> None:
    workspace.write(TEXT)
    told = apply(workspace)
    assert Counter(str(one["event"]) for one in told) == {
        "plan": 1,
        "planned": 4,
        "started": 4,
        "done": 4,
        "metrics": 1,
        "end": 1,
    }
    assert (told[0]["event"], told[-1]["event"]) == ("plan", "end")
    assert told[-1] == {
        "event": "end",
        "stopped": False,
        "summary": {"done": 4, "failed": 0, "stale": 0, "skipped": 0},
    }
    planned = [one for one in told if one["event"] == "planned"]
    assert planned[-1]["address"] == "contact_bookings.jane--summer"
    [jane] = [one for one in planned if one["address"] == "contacts.jane"]
    assert (jane["line"], jane["action"], jane["consents"]) == (3, "create", [])
    order = [str(one["event"]) for one in told if one.get("address") == "contacts.jane"]
    assert order == ["planned", "started", "done"]


def test_the_digest_is_that_of_the_plan(workspace: Workspace) -> None:
    workspace.write(TEXT)
    digest = workspace.plan()["digest"]
    assert apply(workspace)[0]["digest"] == digest


def test_what_is_not_done_says_why(workspace: Workspace, organization: Organization) -> None:
    workspace.write(TEXT.replace("john: {", f"john: {{creator_id: {NOBODY}, ") + LINK)
    told = apply(workspace, code=5)
    [failed] = [one for one in told if one["event"] == "failed"]
    assert failed["address"] == "contacts.john"
    assert "23503" in str(failed["message"])
    assert failed["hint"]
    [skipped] = [one for one in told if one["event"] == "skipped"]
    assert skipped["address"] == "contact_bookings.john--summer"
    assert "it needs contacts.john, which was not done" in str(skipped["message"])
    assert told[-1]["summary"] == {"done": 3, "failed": 1, "stale": 0, "skipped": 1}


LINK = "  - {contact_id: john, booking_id: summer}\n"


def test_a_run_with_nothing_to_do_ends_too(workspace: Workspace) -> None:
    workspace.write(TEXT)
    workspace.apply()
    told = apply(workspace)
    assert [one["event"] for one in told] == ["plan", "metrics", "end"]
    assert int(str(told[1]["requests"])) > 0


def test_ids_that_the_server_gives_are_told_when_they_are_known(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write(
        "products: {villa: {name: {default: Villa}, rent_period: daily, timezone: UTC}}"
    )
    told = apply(workspace, "--allow", "billing-create")
    assert [one["id"] for one in told if one["event"] in {"planned", "started"}] == [None, None]
    assert [one["id"] for one in told if one["event"] == "done"] == organization.ids("products")


@pytest.mark.parametrize("options", [(), ("--format", "json")])
def test_nobody_is_asked_where_there_is_no_terminal(
    workspace: Workspace, organization: Organization, options: tuple[str, ...]
) -> None:
    workspace.write(TEXT)
    done = workspace.run("apply", *options)
    assert done.code == 1
    assert "--auto-approve or --plan FILE" in done.err
    assert organization.rows("contacts") == []


def test_a_refusal_is_an_error_and_no_event(workspace: Workspace) -> None:
    workspace.write("members: {helper: {email: h@example.test, name: H, language: en-US}}")
    done = workspace.run("apply", "--auto-approve", "--format", "json")
    assert done.code == 4
    assert {str(one["event"]) for one in events(done)} == {"plan", "planned"}
    assert "--allow invites" in done.err
