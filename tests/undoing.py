"""Take a run back, and compare what was with what is."""

from collections.abc import Mapping
from typing import cast

import orjson

from reconciler.catalogue import load_kinds
from reconciler.values.column import JSON
from tests.commandline import Workspace
from tests.organization import Organization

EVERYTHING = "deletes,updates,referenced,billing-create,billing-delete,cascade,invites"
Rows = Mapping[str, Mapping[str, JSON]]


def snapshot(organization: Organization) -> Rows:
    """Give every row, without the columns that the server writes."""
    kinds = load_kinds()
    rows: dict[str, Mapping[str, JSON]] = {}
    for name, text in organization.state().items():
        kind = kinds[name]
        written = {c.name for c in kind.columns.values() if c.server_written} - {kind.id_column}
        for row in cast("list[dict[str, JSON]]", orjson.loads(text or "[]")):
            kept = {column: value for column, value in row.items() if column not in written}
            rows[f"{name}[{row[kind.id_column]}]"] = kept
    return rows


def undo(workspace: Workspace, *options: str, allow: str = EVERYTHING, code: int = 0) -> str:
    done = workspace.run("undo", "--auto-approve", "--allow", allow, *options)
    assert done.code == code, done.all
    return done.all
