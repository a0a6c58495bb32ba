"""How many requests a run takes; `pytest -s tests/test_request_counts.py` prints the figures."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.commandline import Workspace
from tests.server import Server

CONTACTS, BOOKINGS, LINKS = 200, 150, 200


def yaml(*, notes: str = "", contacts: int = CONTACTS, links: int = LINKS) -> str:
    """550 resources of three kinds."""
    lines = ["contacts:"]
    lines += [
        f"  c{n}: {{first_name: N{n}, email: c{n}@example.com, notes: '{notes}'}}"
        for n in range(contacts)
    ]
    lines += ["bookings:"]
    lines += [
        f"  b{n}: {{reference: B{n}, currency: EUR, display_currency: EUR, exchange_rate: 1,"
        " silent: true}"
        for n in range(BOOKINGS)
    ]
    lines += ["contact_bookings:"]
    lines += [f"  - {{contact_id: c{n}, booking_id: b{n % BOOKINGS}}}" for n in range(links)]
    return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class Counts:
    """The requests of one command, by method."""

    by_method: Counter[str]

    @property
    def all(self) -> int:
        return self.by_method.total()

    @property
    def writes(self) -> int:
        return self.all - self.by_method["GET"]


Count = Callable[[str, Callable[[], object]], Counts]


@pytest.fixture
def count(server: Server, capsys: pytest.CaptureFixture[str]) -> Count:
    """Count the requests of a command, and print them."""

    def counted(what: str, command: Callable[[], object]) -> Counts:
        before = len(server.sandbox.requests())
        command()
        made = server.sandbox.requests()[before:]
        found = Counts(Counter(str(request["method"]) for request in made))
        with capsys.disabled():
            print(f"\n{what}: {found.all} requests ({found.writes} writes)", end="")
        return found

    return counted


def test_550_resources_take_few_requests(workspace: Workspace, count: Count) -> None:
    workspace.write(yaml())
    create = count("create 550 resources in 3 kinds", workspace.apply)
    assert create.all <= 150
    assert create.by_method == Counter(GET=create.by_method["GET"], POST=3)

    again = count("no changes in 550 resources", workspace.apply)
    assert again.all <= 80
    assert again.writes == 0

    workspace.write(yaml(notes="moved"))
    update = count("the same update of 200 contacts", lambda: workspace.apply("--allow", "updates"))
    assert update.writes <= 5

    workspace.write(yaml(notes="moved", contacts=150, links=150))
    delete = count("delete 50 contacts and their links", workspace.apply)
    assert delete.writes <= 5
    assert workspace.actions() == []


def test_one_change_takes_one_write(workspace: Workspace, count: Count) -> None:
    workspace.write("contacts:\n  jane: {first_name: Jane}\n")
    assert count("create one contact", workspace.apply).writes == 1
    workspace.write("contacts:\n  jane: {first_name: Joan}\n")
    assert count("update one contact", workspace.apply).writes == 1
    one = workspace.folder / "bookingmood.yaml"
    assert count("plan one file", lambda: workspace.plan(path=one)).all <= 2


def test_a_large_kind_is_read_by_a_thousand(workspace: Workspace, count: Count) -> None:
    workspace.write("contacts:\n" + "".join(f"  c{n}: {{notes: n{n}}}\n" for n in range(2500)))
    create = count("create 2,500 contacts", workspace.apply)
    assert create.by_method["POST"] == 5
    plan = count("no changes in 2,500 contacts", workspace.plan)
    assert plan.all <= 60
