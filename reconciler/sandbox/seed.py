"""Rows to begin with: a copy of a part of a live organization, put in as it is.

The file is JSON Lines of ``{"kind": …, "rows": [{…}, …]}``. The rows need not be whole in their
references: foreign keys and triggers rest while they are put in, so that also versions and the
rows of list-only kinds stay as they are.
"""

# ruff: noqa: S608 - the names come from the schemas

from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

import orjson
import psycopg

from ..diagnostics import UsageError
from .schema import load_tables, served
from .tables import PRIVATE, identifier

Batch: TypeAlias = tuple[str, list[dict[str, object]]]
"""A kind, and rows of it."""


def read_seed(file: Path) -> list[Batch]:
    """Read a seed file; raise UsageError where it is none."""
    try:
        lines = [orjson.loads(line) for line in file.read_bytes().splitlines()]
        return [(line["kind"], [dict(row) for row in line["rows"]]) for line in lines]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"the seed file {file} cannot be read: {error}") from error


def plant(
    connection: psycopg.Connection, schema: str, file: Path, batches: Sequence[Batch]
) -> None:
    """Put the rows of a seed file into an organization, in place of what a fresh one holds.

    Raises UsageError where PostgreSQL does not take them.
    """
    connection.execute("set session_replication_role = replica")
    for name in {name for name, _ in batches}:
        connection.execute(f"delete from {_table(schema, name)}".encode())
    for name, rows in batches:
        try:
            _insert(connection, schema, name, rows)
        except psycopg.Error as error:
            raise UsageError(f"the seed file {file}: {name}: {error}") from error
    connection.execute("set session_replication_role = default")
    if "user_profiles" not in load_tables() or served().replaces:
        return
    connection.execute(
        f"insert into {PRIVATE}.people (email, user_id) select email, user_id"
        f" from {_table(schema, 'user_profiles')} where email is not null on conflict do nothing"
    )


def _insert(
    connection: psycopg.Connection, schema: str, name: str, rows: list[dict[str, object]]
) -> None:
    """Put rows in, those with the same columns together; unknown columns are passed over."""
    known = [c.name for c in load_tables()[name].columns.values() if not c.generated]
    target = _table(schema, name)
    by_columns: dict[str, list[dict[str, object]]] = {}
    for row in rows:
        names = ", ".join(identifier(column) for column in known if column in row)
        by_columns.setdefault(names, []).append(row)
    for names, alike in by_columns.items():
        connection.execute(
            f"insert into {target} ({names}) overriding system value"
            f" select {names} from json_populate_recordset(null::{target}, %s::json)".encode(),
            (orjson.dumps(alike).decode(),),
        )


def _table(schema: str, name: str) -> str:
    if name not in load_tables():
        raise UsageError(f"the seed file names {name!r}, which is no kind")
    return f"{identifier(schema)}.{identifier(name)}"
