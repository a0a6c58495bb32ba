"""The fleet of the benchmarks is as its YAML says, and has the trouble that was asked for."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.benchmarks.made_fleets import MadeFleet, MadeMember, Trouble, running_fleet, troubled
from tests.commandline import run
from tests.sandbox_server import RunningSandbox

pytestmark = pytest.mark.slow


Running = tuple[MadeFleet, RunningSandbox]
Report = dict[str, Any]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_fleet(tmp_path_factory.mktemp("fleet"), 4, 80) as found:
        yield found


@pytest.mark.timeout(900)
def test_so_much_trouble_among_two_hundred_is_named_and_holds_up_nobody(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Five bad keys and five without an answer are named; five that drifted are mended."""
    folder = tmp_path_factory.mktemp("many")
    with running_fleet(folder, 200, 40) as (fleet, sandbox):
        trouble = Trouble.among(fleet)
        with troubled(fleet, trouble, sandbox.url) as url:
            drift, applied = (
                json.loads(run("fleet", *words, "--keys", fleet.keys, "--format", "json",
                               environment={"BOOKINGMOOD_API_URL": url}).out)
                for words in (
                    ("drift", fleet.folder, "--retry-for", "5"),
                    ("apply", fleet.folder, "--retry-for", "5", "--auto-approve"),
                )
            )  # fmt: skip
        again = run("fleet", "drift", fleet.folder, "--keys", fleet.keys,
                    environment={"BOOKINGMOOD_API_URL": sandbox.url})  # fmt: skip
    wrong = {*trouble.locked, *trouble.silent}
    assert (named(drift, "failed"), drift["exit_code"]) == (wrong, 1)
    assert named(drift, "pending") == {*trouble.drifted}
    assert (named(applied, "not started"), applied["exit_code"]) == (wrong, 5)
    assert named(applied, "done") == {*trouble.drifted}
    assert len(named(applied, "unchanged")) == 185
    assert all(one["error"] for one in applied["organizations"] if one["name"] in wrong)
    assert again.code == 0, again.all


def named(report: Report, state: str) -> set[str]:
    return {str(one["name"]) for one in report["organizations"] if one["state"] == state}


def planned(fleet: MadeFleet, one: MadeMember, url: str) -> str:
    """Plan one organization by the single command."""
    environment = {
        "BOOKINGMOOD_API_URL": url,
        "BOOKINGMOOD_API_KEY": (fleet.keys.parent / "keys" / one.name).read_text(),
    }
    own = fleet.folder / "orgs"
    options = (own / one.name, "--var-file", own / f"{one.name}.env")
    return run(
        "plan", fleet.folder / "base", *options, "--retry-for", "0.2", environment=environment
    ).all


def test_every_plan_is_empty(running: Running) -> None:
    fleet, sandbox = running
    for one in fleet.members:
        assert "No changes: 80 resources" in planned(fleet, one, sandbox.url)


def test_each_organization_has_values_of_its_own(running: Running) -> None:
    fleet, sandbox = running
    found = set()
    for one in fleet.members:
        headers = {"Authorization": f"Bearer {one.key}"}
        address = f"{sandbox.url}/coupons?select=id,description&order=id&limit=1"
        [row] = httpx.get(address, headers=headers, trust_env=False).json()
        found.add((row["id"], row["description"]))
    assert len(found) == 4


def test_trouble_is_where_it_was_asked_for(running: Running) -> None:
    fleet, sandbox = running
    trouble = Trouble.among(fleet, 1)
    words = ("No changes", "mistyped or revoked", "no answer", "1 to update")
    with troubled(fleet, trouble, sandbox.url) as url:
        said = [planned(fleet, one, url) for one in fleet.members]
    assert trouble == Trouble(("haus-0001",), ("haus-0002",), ("haus-0003",))
    assert [next((w for w in words if w in text), text) for text in said] == [*words]
