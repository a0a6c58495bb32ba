"""Every block goes: what can be deleted is, and what is left is named, with the reason."""

import re
import shutil
from pathlib import Path

from reconciler.catalogue import load_kinds
from tests.commandline import Workspace
from tests.comparable import rows_of
from tests.organization import Organization
from tests.sandbox_server import ROOT
from tests.server import environment_for

EXAMPLE = ROOT / "examples" / "every-kind"
ALLOWED = "deletes,referenced,billing-delete,cascade"


def test_nothing_is_left_but_what_cannot_be_deleted(
    organization: Organization, tmp_path: Path
) -> None:
    before = counts(organization)
    folder = tmp_path / "every-kind"
    shutil.copytree(EXAMPLE, folder)
    workspace = Workspace(folder, environment_for(organization))
    workspace.apply("--allow", "billing-create,invites")
    made = counts(organization)
    assert {kind for kind, number in made.items() if number > before[kind]} == {
        kind.name for kind in load_kinds().values() if "create" in kind.verbs
    } | {"user_profiles"}

    stack = re.search(r"reconciler:\n(  .*\n)+", (EXAMPLE / "bookingmood.yaml").read_text())
    assert stack
    for file in folder.glob("*.yaml"):
        file.unlink()
    (folder / "bookingmood.yaml").write_text(stack.group())
    plan = workspace.run("plan")
    assert "--allow deletes" in plan.out
    refused = workspace.run("apply", "--auto-approve")
    assert refused.code == 4
    assert counts(organization) == made
    done = workspace.run("apply", "--auto-approve", "--allow", ALLOWED)
    left = {kind: number for kind, number in counts(organization).items() if number != before[kind]}
    assert done.code == 0, done.all
    assert left == {"user_profiles": 2}
    again = workspace.run("plan")
    assert "No changes" in again.out
    words = " ".join(again.out.split())
    assert "user_profiles.owner, which is not in the configuration: it was adopted" in words


def counts(organization: Organization) -> dict[str, int]:
    """Count the rows of every kind."""
    return {kind: len(rows) for kind, rows in rows_of(organization).items()}
