"""``pull`` is killed before each file operation: as before, as after, or the next one finishes."""

import shutil
from pathlib import Path

import pytest

from tests.commandline import Workspace, run
from tests.dying import killed
from tests.organization import Organization
from tests.test_pull import YAML, applied, change

MORE = "coupons:\n  summer: {code: SUMMER, description: for all}\n"
_MANY = 400
EACH = pytest.mark.parametrize(
    "step", [2, pytest.param(1, marks=pytest.mark.slow)], ids=["some", "each"]
)
"""At each file operation it takes long: `make test` tries every other."""


def state(folder: Path) -> dict[str, str]:
    """Read what people see of a folder."""
    found = {}
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_file() and not any(part.startswith(".") for part in inside.parts):
            found[str(inside)] = path.read_text()
    return found


@EACH
def test_a_kill_leaves_what_the_next_run_finishes(
    workspace: Workspace, organization: Organization, tmp_path: Path, step: int
) -> None:
    workspace.write(YAML)
    workspace.write(MORE, "coupons.yaml")
    applied(workspace, organization)
    change(organization, "jane@example.com", first_name="Janet")
    organization.change("coupons", organization.one("coupons")["id"], description="gone")
    before = state(workspace.folder)
    after = {
        **before,
        "bookingmood.yaml": YAML.replace('"Jane"', '"Janet"'),
        "coupons.yaml": MORE.replace("for all", "gone"),
    }

    def pull(folder: Path) -> None:
        done = run("pull", folder, environment=workspace.environment)
        assert done.code == 0, done.all

    ended: set[str] = set()
    for number in range(0, _MANY, step):
        folder = tmp_path / f"k{number:03}"
        shutil.copytree(workspace.folder, folder)
        if not killed(folder, pull, number):
            assert state(folder) == after
            break
        now = state(folder)
        ended.add("before" if now == before else "after" if now == after else "between")
        if now not in (before, after):
            read = run("validate", folder, environment=workspace.environment)
            assert read.code == 0, read.all  # it finished first
            assert state(folder) == after
            assert "had its files ready" in read.err
        pull(folder)
        assert state(folder) == after, number
    else:
        pytest.fail("it never ends")
    assert ended == {"before", "between", "after"}
