"""Fixtures of all tests: one sandbox per process, started by the first test that asks for it.

What needs a database is imported where it is needed, so that ``tests/unit`` runs without one.
"""

import gc
import os
from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from tests.chromium import Browser
    from tests.commandline import Workspace
    from tests.fleets import FleetFolder
    from tests.organization import Organization
    from tests.server import Server

# a busy machine fails no test; what a test asks for besides is made anew by each example
settings.register_profile(
    "usual",
    settings.default,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.register_profile("thorough", settings.get_profile("usual"), max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "usual"))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage while tests are found, nor among them: modules and tests stay."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Server"]:
    """One sandbox for all tests of this process."""
    from tests.server import shared_server

    with shared_server(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture
def organization(server: "Server") -> "Organization":
    """An empty organization."""
    return server.organization(0)


@pytest.fixture
def other_organization(server: "Server") -> "Organization":
    """Another one, with a key of its own."""
    return server.organization(1)


@pytest.fixture
def workspace(organization: "Organization", tmp_path: Path) -> "Workspace":
    """A folder of YAML for the organization."""
    from tests.server import workspace_for

    return workspace_for(organization, tmp_path / "villa")


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """One browser for a file of tests."""
    from tests.chromium import chromium

    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def server_of_fleets(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Server"]:
    """One sandbox for the fleets of a file of tests."""
    from tests.fleets import fleet_server

    with fleet_server(tmp_path_factory.mktemp("fleets")) as running:
        yield running


@pytest.fixture
def fleet(server_of_fleets: "Server", tmp_path: Path) -> "FleetFolder":
    """A fleet whose organizations are empty."""
    from tests.fleets import fleet_folder

    return fleet_folder(server_of_fleets, tmp_path / "agency")


@pytest.fixture
def applied(fleet: "FleetFolder") -> "FleetFolder":
    """A fleet that is as its YAML says."""
    done = fleet.run("apply", "--auto-approve", "--jobs", "1")
    assert done.code == 0, done.all
    return fleet


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait a five hundredth as long between tries."""
    monkeypatch.setattr("reconciler.client.retries._SECOND", 0.002)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end what was not run, and what it needs."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in skipped)
    if reasons:
        terminalreporter.section("not run here")
        for reason, count in sorted(reasons.items()):
            terminalreporter.line(f"{count:4} skipped: {reason}")
