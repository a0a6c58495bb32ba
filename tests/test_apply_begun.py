"""What a run made and did not live to bind stays owned, whatever its block is called by then."""

import pytest

from reconciler.bindings import bindings_path, read_bindings
from reconciler.journal.records import DEFAULT_FOLDER
from tests.commandline import Workspace
from tests.organization import Organization

PRODUCT = "products:\n  {}: {{name: {{default: {}}}, rent_period: daily, timezone: UTC}}\n"
MEMBER = "members:\n  {}: {{email: {}, name: Ann, language: en-US}}\n"


def kill_before_binding(workspace: Workspace, *, heard: bool) -> None:
    """Make the last run one that was killed after its first request, before it bound the row."""
    folder = workspace.folder / DEFAULT_FOLDER
    [path] = folder.glob("*.jsonl")
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[: 3 if heard else 2]))  # the run, what it meant, what it got
    [bound] = (workspace.folder / "bindings").iterdir()
    bound.unlink()


def origins(workspace: Workspace, organization: Organization) -> dict[str, str]:
    bound = read_bindings(bindings_path(workspace.folder, organization.id))
    return {str(address): binding.origin for address, binding in bound.items()}


@pytest.mark.parametrize("heard", [True, False], ids=["answer heard", "answer not heard"])
@pytest.mark.parametrize(
    ("made", "then", "owned"),
    [
        (PRODUCT.format("villa", "Villa"), PRODUCT.format("villa", "Villa"), "owned"),
        (PRODUCT.format("villa", "Villa"), PRODUCT.format("casa", "Villa"), "owned"),
        (PRODUCT.format("villa", "Villa"), PRODUCT.format("villa", "Other"), "adopted"),
        (PRODUCT.format("villa", "Villa"), PRODUCT.format("casa", "Other"), "adopted"),
        (MEMBER.format("ann", "ann@x.test"), MEMBER.format("anna", "ann@x.test"), "owned"),
        (MEMBER.format("ann", "ann@x.test"), MEMBER.format("ann", "owner@example.com"), "adopted"),
    ],
    ids=["same", "renamed", "another name", "both", "member renamed", "another member"],
)
def test_a_row_is_owned_by_who_made_it(
    workspace: Workspace,
    organization: Organization,
    made: str,
    then: str,
    owned: str,
    heard: bool,
) -> None:
    organization.product("Other")
    workspace.write(made)
    workspace.apply("--allow", "billing-create,invites")
    kill_before_binding(workspace, heard=heard)
    workspace.write(then)
    [line] = workspace.actions()
    assert line.startswith("adopt ")
    workspace.apply()
    assert origins(workspace, organization) == {line.removeprefix("adopt "): owned}
