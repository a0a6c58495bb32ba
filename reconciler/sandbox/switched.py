"""What an organization may do besides, when asked for: unique columns, values stored otherwise.

``--unique coupons.code`` and ``--stores contacts.email=lower`` hold for every organization, as long
as they are given: a start without them takes them away again.
"""

# ruff: noqa: S608 - the names are our own

from dataclasses import dataclass
from typing import TypeAlias

import psycopg

from ..diagnostics import UsageError
from ..values.stored import Form
from .schema import Column, Table, load_tables
from .settings import SandboxSettings
from .tables import PRIVATE, identifier

_MARK = "switched on at the start"


@dataclass(frozen=True, slots=True)
class UniqueSpec:
    """A column whose values are unique within an organization."""

    table: Table
    column: Column

    @classmethod
    def parse(cls, text: str) -> "UniqueSpec":
        """Read ``coupons.code``; raise UsageError."""
        return cls(*_column(text, text, "write KIND.COLUMN, such as coupons.code"))

    def statements(self) -> tuple[str, ...]:
        """Write what switches it on, in the schema of an organization."""
        table, name = identifier(self.table.name), f"{self.table.name}_{self.column.name}_unique"
        pair = ("organization_id", self.column.name)
        columns = ", ".join(identifier(n) for n in pair if n in self.table.columns)
        return (
            f"alter table {table} add constraint {identifier(name)} unique ({columns})",
            f"comment on constraint {identifier(name)} on {table} is '{_MARK}'",
        )


@dataclass(frozen=True, slots=True)
class StoresSpec:
    """A column whose values are stored in a form of their own."""

    table: Table
    column: Column
    form: Form

    @classmethod
    def parse(cls, text: str) -> "StoresSpec":
        """Read ``contacts.email=lower``; raise UsageError."""
        hint = "write KIND.COLUMN=FORM, such as contacts.email=lower; forms: lower, trim, round:N"
        name, _, word = text.partition("=")
        try:
            form = Form.parse(word)
        except ValueError as error:
            raise UsageError(f"{text!r} is no form of a column: {error}", hint=hint) from None
        table, column = _column(name, text, hint)
        if column.generated or not form.fits(table.kind.columns[column.name]):
            raise UsageError(f"{name} ({column.type}) cannot be stored as {form}", hint=hint)
        return cls(table, column, form)

    def statements(self) -> tuple[str, ...]:
        """Write what switches it on, in the schema of an organization."""
        word = str(self.form).replace(":", "_")
        name, table = f"stores_{self.column.name}_{word}", identifier(self.table.name)
        return (
            f"create or replace function {PRIVATE}.{identifier(name)}() returns trigger"
            f" language plpgsql as $$ begin {self._assignment()} return new; end $$",
            f"create trigger {identifier(name)} before insert or update on {table}"
            f" for each row execute function {PRIVATE}.{identifier(name)}()",
            f"comment on trigger {identifier(name)} on {table} is '{_MARK}'",
        )

    def _assignment(self) -> str:
        value = f"new.{identifier(self.column.name)}"
        other = {
            "lower": f"lower({value})",
            "trim": rf"regexp_replace({value}, '^\s+|\s+$', '', 'g')",
            # as it is shown: the cast of a real keeps six digits
            "round": f"round({value}::text::numeric, {self.form.digits})",
        }
        return f"{value} := {other[self.form.name]};"


Switches: TypeAlias = tuple[UniqueSpec | StoresSpec, ...]


def switches_of(settings: SandboxSettings) -> Switches:
    """Read what is asked for; raise UsageError."""
    unique, stores = dict.fromkeys(settings.unique), dict.fromkeys(settings.stores)
    return (*map(UniqueSpec.parse, unique), *map(StoresSpec.parse, stores))


def switch(connection: psycopg.Connection, specs: Switches) -> None:
    """Give every organization what is asked for, and take away what is not any more.

    A table that is made later gets it together with itself.
    Raises UsageError where rows that are kept from before already break it.
    """
    for (statement,) in connection.execute(_LEFT_FROM_BEFORE).fetchall():
        connection.execute(statement.encode())
    if not specs:
        return
    made = (
        f"select o.schema from {PRIVATE}.organizations o"
        " join pg_tables t on t.schemaname = o.schema and t.tablename = %s"
    )
    for spec in specs:
        for (schema,) in connection.execute(made, (spec.table.name,)).fetchall():
            connection.execute(f"set local search_path to {identifier(schema)}".encode())
            _switch_on(connection, spec)


def _switch_on(connection: psycopg.Connection, spec: UniqueSpec | StoresSpec) -> None:
    try:
        for statement in spec.statements():
            connection.execute(statement.encode())
    except psycopg.errors.UniqueViolation as error:
        raise UsageError(
            f"{spec.table.name}.{spec.column.name} is not unique in the rows kept from before: "
            f"{error.diag.message_detail}",
            hint="change one of them while the sandbox runs without --unique, then start it again",
        ) from None


def _column(name: str, text: str, hint: str) -> tuple[Table, Column]:
    kind, dot, column = name.partition(".")
    if not dot:
        raise UsageError(f"{text!r} names no column", hint=hint)
    table = load_tables().get(kind)
    if table is None:
        raise UsageError(f"{text!r}: there is no kind {kind!r}", hint="see `reconciler explain`")
    if column not in table.columns:
        known = f"{kind} has {', '.join(table.columns)}"
        raise UsageError(f"{text!r}: {kind} has no column {column!r}", hint=known)
    return table, table.columns[column]


_LEFT_FROM_BEFORE = f"""
select format('alter table %s drop constraint %I', conrelid::regclass, conname)
from pg_constraint where obj_description(oid, 'pg_constraint') = '{_MARK}'
union all
select format('drop trigger %I on %s', tgname, tgrelid::regclass)
from pg_trigger where obj_description(oid, 'pg_trigger') = '{_MARK}'
"""
