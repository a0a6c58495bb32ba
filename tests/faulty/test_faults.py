"""Whatever the network and the server do: nothing twice, nothing lost, and what is said is true."""

from pathlib import Path

import orjson
import pytest

from tests.commandline import Document, Finished, Workspace
from tests.comparable import State, state_of
from tests.faulty.server import WRITES, FaultyServer
from tests.organization import Organization
from tests.server import workspace_for

EVERYTHING = "deletes,updates,referenced,billing-create,billing-delete,cascade"
BEFORE = """\
contacts:
  jane: {email: jane@example.test, first_name: Jane}
  john: {email: john@example.test, first_name: John}
  anna: {email: anna@example.test, first_name: Anna}
  gone: {email: gone@example.test}
bookings:
  summer: {reference: S, currency: EUR, display_currency: EUR, exchange_rate: 1, silent: true}
  winter: {reference: W, currency: EUR, display_currency: EUR, exchange_rate: 1, silent: true}
contact_bookings:
  - {contact_id: jane, booking_id: summer}
  - {contact_id: gone, booking_id: winter}
services:
  eggs: {type: checkbox, label: {default: Eggs}}
  jam: {type: checkbox, label: {default: Jam}}
products:
  old: {name: {default: Old}, rent_period: daily, timezone: UTC}
"""
AFTER = """\
contacts:
  jane: {email: jane@example.test, first_name: Changed}
  john: {email: john@example.test, first_name: Changed}
  anna: {email: anna@example.test, first_name: Other}
  new: {email: new@example.test}
  newer: {email: newer@example.test, phone: "1"}
bookings:
  summer: {reference: S, currency: USD, display_currency: USD, exchange_rate: 2, silent: true}
  autumn: {reference: A, currency: EUR, display_currency: EUR, exchange_rate: 1, silent: true}
contact_bookings:
  - {contact_id: jane, booking_id: autumn}
  - {contact_id: new, booking_id: summer}
services:
  eggs: {type: checkbox, label: {default: Eggs}, order: 2}
products:
  villa: {name: {default: Villa}, rent_period: daily, timezone: UTC, cooldown_time: 2}
product_services:
  - {product_id: villa, service_id: eggs, order: 3}
"""


@pytest.fixture
def workspace(organization: Organization, tmp_path: Path, impatient: None) -> Workspace:
    return seeded(organization, tmp_path / "villa")


@pytest.fixture(scope="module")
def expected(faulty: FaultyServer, tmp_path_factory: pytest.TempPathFactory) -> State:
    """The state after a run that nothing happened to."""
    organization = faulty.organization()
    workspace = seeded(organization, tmp_path_factory.mktemp("undisturbed") / "villa")
    workspace.apply("--allow", EVERYTHING)
    return state_of(organization, workspace.folder)


def seeded(organization: Organization, folder: Path) -> Workspace:
    workspace = workspace_for(organization, folder)
    workspace.write(BEFORE)
    workspace.apply("--allow", EVERYTHING)
    workspace.write(AFTER)
    return workspace


def events_of(done: Finished) -> list[Document]:
    return [orjson.loads(line) for line in done.out.splitlines()]


def settled(done: Finished) -> dict[str, str]:
    """Say how each change ended, by its line."""
    endings = {"done", "failed", "stale", "skipped"}
    return {
        f"{event['action']} {event['address'] or event['id']}": str(event["event"])
        for event in events_of(done)
        if event["event"] in endings
    }


@pytest.mark.parametrize(
    "fault",
    [
        f"status=429,retry-after=1,first=3,{WRITES}",
        f"status=429,every=2,{WRITES}",
        f"status=503,rate=0.3,{WRITES}",
        f"status=503,rate=0.3,after-commit,{WRITES}",
        f"status=502,every=2,after-commit,{WRITES}",
        f"status=500,every=3,after-commit,{WRITES}",
        "status=503,rate=0.1",
        f"reset-before,every=2,{WRITES}",
        f"reset-after-commit,every=2,{WRITES}",
        f"cut,every=2,{WRITES}",
        f"html,every=2,{WRITES}",
        f"bad-json,every=2,{WRITES}",
        "drip=20ms,every=9",
        "latency=15ms",
    ],
)
def test_one_more_run_at_most_ends_as_an_undisturbed_one(
    faulty: FaultyServer,
    organization: Organization,
    workspace: Workspace,
    expected: State,
    fault: str,
) -> None:
    planned = set(workspace.actions())
    faulty.put(fault)
    done = workspace.run("apply", "--auto-approve", "--allow", EVERYTHING, "--format", "json")
    assert done.code in {0, 5}, done.all
    assert faulty.struck() > 0
    endings = settled(done)
    assert len(endings) == len(planned)
    faulty.put()
    left = set(workspace.actions())
    assert (done.code == 0) == (set(endings.values()) == {"done"})
    if done.code == 0:
        assert left == set()
    workspace.apply("--allow", EVERYTHING)
    assert state_of(organization, workspace.folder) == expected
    addresses = {line.split()[1].removesuffix("]").split("[")[-1] for line in left}
    wrongly = {
        line for line, end in endings.items() if end == "done" and line.split()[1] in addresses
    }
    assert wrongly == set()
