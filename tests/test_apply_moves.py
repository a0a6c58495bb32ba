"""Values that only one row may have change places inside one plan."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.commandline import Workspace
from tests.front import Forward, Reply, Request, front
from tests.killing_proxy import KillingProxy
from tests.organization import Organization
from tests.sandbox_server import ROOT
from tests.undoing import snapshot, undo

COUPONS = {"a": "SPRING", "b": "SUMMER", "c": "AUTUMN"}


@pytest.fixture(params=["coupons (code)"])
def unique(request: pytest.FixtureRequest, organization: Organization) -> Iterator[None]:
    """Let the server keep a column unique."""
    schema = f"org_{organization.id.replace('-', '')}"
    organization.database.execute(f"create unique index only_one on {schema}.{request.param}")
    yield
    organization.database.execute(f"drop index {schema}.only_one")


def coupons(**codes: str) -> str:
    lines = (f"  {key}: {{code: {code}, description: {key}}}\n" for key, code in codes.items())
    return "coupons:\n" + "".join(lines)


def live(organization: Organization) -> dict[str, str]:
    return {str(row["description"]): str(row["code"]) for row in organization.rows("coupons")}


@pytest.mark.usefixtures("unique")
@pytest.mark.parametrize(
    "after",
    [
        pytest.param({"a": "SUMMER", "b": "SPRING", "c": "AUTUMN"}, id="two swap"),
        pytest.param({"a": "SUMMER", "b": "AUTUMN", "c": "SPRING"}, id="three in a ring"),
        pytest.param({"a": "SUMMER", "b": "AUTUMN", "c": "WINTER"}, id="one after another"),
        pytest.param({"b": "AUTUMN"}, id="from a row that goes"),
        pytest.param({"b": "SUMMER", "d": "SPRING"}, id="a new row, from one that goes"),
        pytest.param({"a": "AUTUMN", "d": "SPRING"}, id="handed on, and from one that goes"),
    ],
)
def test_codes_change_places_and_undo_takes_it_back(
    workspace: Workspace, organization: Organization, after: dict[str, str]
) -> None:
    workspace.write(coupons(**COUPONS))
    workspace.apply()
    before = snapshot(organization)
    workspace.write(coupons(**after))
    workspace.apply("--allow", "deletes,updates")
    assert live(organization) == after
    assert workspace.actions() == []
    undo(workspace)
    assert snapshot(organization) == before


def killed_undo(workspace: Workspace, organization: Organization, run_id: str, number: int) -> bool:
    """Kill an undo after a write request was answered; tells whether it was killed."""
    command = ("undo", str(workspace.folder), "--run", run_id, "--auto-approve", "--allow")
    with KillingProxy.running(organization.url) as proxy:
        proxy.arm(number, "after")
        environment = {**workspace.environment, "BOOKINGMOOD_API_URL": proxy.url}
        with subprocess.Popen(
            [sys.executable, "-m", "reconciler", *command, "updates"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env={**os.environ, **environment},
        ) as process:
            proxy.pid = process.pid
            code = process.wait(60)
        proxy.wait_until_settled()
    return code == -signal.SIGKILL


def is_aside(organization: Organization) -> bool:
    return any(code.startswith("MOVING") for code in live(organization).values())


@pytest.mark.usefixtures("unique")
def test_an_undo_killed_while_a_code_was_aside_is_taken_up_again(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write(coupons(**COUPONS))
    workspace.apply()
    before = snapshot(organization)
    workspace.write(coupons(a="SUMMER", b="SPRING", c="AUTUMN"))
    workspace.apply("--allow", "updates")
    run_id = workspace.run("undo", "--list").out.splitlines()[1].split()[0]
    # the first two are refused, the next moves a code aside; a deadlock is tried once more before
    moved = (
        is_aside(organization)
        for number in (3, 4, 5)
        if killed_undo(workspace, organization, run_id, number)
    )
    assert any(moved), live(organization)
    undo(workspace, "--run", run_id)
    assert snapshot(organization) == before


@pytest.mark.usefixtures("unique")
def test_a_row_gets_its_own_code_back_where_the_rest_fails(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write(coupons(**COUPONS))
    workspace.apply()
    workspace.write(coupons(a="SUMMER", b="SPRING", c="AUTUMN"))
    seen: list[bytes] = []

    def refusing(request: Request, forward: Forward) -> Reply:
        aside = any(b"MOVING" in body for body in seen)
        seen.append(request.body)
        original = b"SUMMER" in request.body or b"SPRING" in request.body
        if aside and request.method == "PATCH" and original and sum(aside_of(seen)) < 3:
            return Reply(400, b'{"code": "23514", "message": "not today"}')
        return forward(request)

    with front(refusing, organization.url) as url:
        done = workspace.apply("--api-url", url, "--allow", "updates", code=5)
    assert "not today" in done.err
    assert live(organization) == COUPONS
    workspace.apply("--allow", "updates")
    assert workspace.actions() == []


def aside_of(bodies: list[bytes]) -> Iterator[bool]:
    """Tell of each write since a code went aside whether it sets a code."""
    since = next(n for n, body in enumerate(bodies) if b"MOVING" in body)
    return (b'"code"' in body for body in bodies[since:])


@pytest.mark.usefixtures("unique")
@pytest.mark.parametrize("unique", ["widgets (title)"], indirect=True)
def test_where_a_third_value_is_not_safe_both_rows_are_named(
    workspace: Workspace, organization: Organization
) -> None:
    more = "type: calendar, language: nl-NL"
    text = f"widgets:\n  one: {{{{title: {{}}, {more}}}}}\n  two: {{{{title: {{}}, {more}}}}}\n"
    workspace.write(text.format("High", "Low"))
    workspace.apply()
    workspace.write(text.format("Low", "High"))
    done = workspace.apply(code=1)
    assert "widgets.two has that title, and a third title is not safe" in done.err
    assert "apply in two steps: give widgets.two another title" in done.err
    assert sorted(str(row["title"]) for row in organization.rows("widgets")) == ["High", "Low"]
