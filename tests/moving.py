"""Commands that move addresses, and what must be true of the live rows and the plans after them."""

import shutil
from pathlib import Path

from tests.commandline import Finished, Workspace, failed_inside, run
from tests.organization import Organization
from tests.sandbox_server import ROOT
from tests.server import environment_for


def move(workspace: Workspace, command: str, *words: str | Path, code: int = 0) -> Finished:
    """Run a command on the folder of a workspace; it must end as it is expected to."""
    done = run(command, *words, "--folder", workspace.folder, environment={"NO_COLOR": "1"})
    assert done.code == code, done.all
    assert not failed_inside(done.all)
    return done


def plans_nothing(
    folder: Path, *organizations: Organization, overlays: tuple[Path, ...] = ()
) -> str:
    """Plan for each organization: nothing may be to do; answers what was said, on one line."""
    said = ""
    for organization in organizations:
        done = run(
            "plan", folder, *overlays, "--detailed-exitcode",
            environment=environment_for(organization),
        )  # fmt: skip
        assert done.code == 0, done.all
        said += done.all
    return " ".join(said.split())


def applied(folder: Path, *organizations: Organization) -> None:
    """Apply to each organization."""
    for organization in organizations:
        done = run(
            "apply", folder, "--auto-approve", "--allow", "billing-create",
            environment=environment_for(organization),
        )  # fmt: skip
        assert done.code == 0, done.all


def files_of(folder: Path) -> dict[str, str]:
    """Give what every file of a folder holds, hidden ones left out."""
    found = (path for path in folder.rglob("*") if path.is_file())
    seen = (path for path in found if "/." not in f"/{path.relative_to(folder)}")
    return {str(path.relative_to(folder)): path.read_text() for path in seen}


def example(name: str, folder: Path) -> Path:
    """Copy an example."""
    shutil.copytree(ROOT / "examples" / name, folder, dirs_exist_ok=True)
    return folder
