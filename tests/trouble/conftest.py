"""For these tests: an edited folder, and commands on it that must be refused."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.commandline import Finished, Workspace, failed_inside
from tests.organization import Organization
from tests.server import Server, workspace_for
from tests.trouble.prepared import EDITED, SECRET, YAML, Prepared


@pytest.fixture(autouse=True)
def no_waiting(impatient: None) -> None:
    """Waits between tries are short."""


@pytest.fixture(scope="module")
def prepared(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """A plan with a create, updates and a delete; made once, since nothing may change it."""
    organization = server.organization(2)
    workspace = workspace_for(organization, tmp_path_factory.mktemp("bad") / "villa")
    workspace.write(YAML)
    workspace.apply()
    workspace.write(EDITED)
    assert len(workspace.actions()) == 4
    return Prepared(organization, workspace.folder, organization.state())


@pytest.fixture
def organization(prepared: Prepared) -> Organization:
    """The organization of the module."""
    return prepared.organization


@pytest.fixture
def edited(prepared: Prepared) -> Iterator[Workspace]:
    """The folder; whatever is done with it, nothing may change."""
    yield prepared.workspace()
    assert prepared.organization.state() == prepared.before


@pytest.fixture
def refused(edited: Workspace) -> Callable[..., dict[str, Finished]]:
    """Run plan and apply; both must end with exit code 1."""

    def commands(*options: str | Path, path: Path | None = None) -> dict[str, Finished]:
        done = {
            "plan": edited.run("plan", *options, path=path),
            "apply": edited.run("apply", "--auto-approve", *options, path=path),
        }
        for command, one in done.items():
            assert (command, one.code) == (command, 1), one.all
            assert not failed_inside(one.all)
            assert SECRET not in one.all
            assert one.err.strip()
        return done

    return commands
