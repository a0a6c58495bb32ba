"""The statements that make tables: those of an organization, all in one PostgreSQL schema."""

# ruff: noqa: S608 - the names are our own

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from .schema import Column, Reference, Table, served

PRIVATE = "sandbox"
"""The schema of what belongs to no organization: keys, people, and the functions of triggers."""

EMPTY = "sandbox_empty"
"""The schema of the tables that stand for those that an organization does not have yet."""

_NAME_BYTES = 63
_MOMENT = """'YYYY-MM-DD"T"HH24:MI:SS'"""

PRIVATE_TABLES = f"""
create schema if not exists {PRIVATE};
create schema if not exists {EMPTY};
create table if not exists {PRIVATE}.organizations (
    position integer generated always as identity,
    id uuid primary key,
    schema text not null unique
);
create table if not exists {PRIVATE}.api_keys (
    position integer generated always as identity,
    key text primary key,
    organization_id uuid not null references {PRIVATE}.organizations,
    rights text not null
);
create table if not exists {PRIVATE}.people (email text primary key, user_id uuid not null);
create or replace function {PRIVATE}.person(given text) returns uuid language sql as
$$  -- a person is the same in all organizations: known by the address, else new
    insert into {PRIVATE}.people as known (email, user_id) values (given, gen_random_uuid())
    on conflict (email) do update set email = known.email returning user_id
$$;
create or replace function {PRIVATE}.midnight(day date, zone text) returns text language plpgsql
set timezone to 'UTC' as
$$ begin  -- PostgreSQL's own zones: those of Python may be older
    -- "at time zone" takes CET, MET, EET and WET for abbreviations, without their summers
    perform set_config('timezone', zone, true);
    return to_char(day::timestamptz at time zone 'UTC', {_MOMENT});
exception when invalid_parameter_value then
    return to_char(day, {_MOMENT});
end $$;
create or replace function {PRIVATE}.keep_empty() returns trigger language plpgsql as
$$ begin raise 'a row for the empty table %', tg_table_name; end $$;
create or replace function {PRIVATE}.touch() returns trigger language plpgsql as
$$ begin new.updated_at := clock_timestamp(); return new; end $$;
create or replace function {PRIVATE}.refuse_another() returns trigger language plpgsql as
$$ begin
    if exists (select from {PRIVATE}.organizations where id = new.organization_id) then
        raise insufficient_privilege using message =
            format('new row violates row-level security policy for table "%s"', tg_table_name);
    end if;
    return new;
end $$;
"""


def make_empty_tables(tables: Iterable[Table]) -> str:
    """Write tables into which nobody can put a row."""
    return ";\n".join(statement for table in tables for statement in _empty(table))


def _empty(table: Table) -> Iterator[str]:
    name = f"{EMPTY}.{identifier(table.name)}"
    columns = ", ".join(f"{identifier(c.name)} {c.type.name}" for c in table.columns.values())
    yield f"create table {name} ({columns})"
    yield (
        f"create trigger keep_empty before insert on {name} for each statement"
        f" execute function {PRIVATE}.keep_empty()"
    )


def make_tables(schema: str, organization: str, tables: Sequence[Table]) -> Iterator[str]:
    """Write tables of an organization, with their references, indexes and triggers.

    What they refer to is among them, or there already.
    """
    yield f"create schema if not exists {identifier(schema)}"
    yield f"set local search_path to {identifier(schema)}"
    yield from map(_create, tables)
    for table in tables:
        yield from _references(table)
        yield from _indexes(table)
        if table.version == "updated_at":
            yield _trigger(table)
        if "organization_id" in table.columns and not served().replaces:
            yield _guard(table, organization)
        # Whoever has prepared a statement on the empty one has to look again which is meant.
        yield f"alter table if exists {EMPTY}.{identifier(table.name)} reset (fillfactor)"


def identifier(name: str) -> str:
    """Quote a name that comes from a schema; one from a request never gets here."""
    return '"' + name.replace('"', '""') + '"'


def cut(name: str) -> str:
    """Cut a name to the bytes that PostgreSQL tells names by."""
    return name.partition("\0")[0].encode()[:_NAME_BYTES].decode(errors="ignore")


def _create(table: Table) -> str:
    parts = [_column(column) for column in table.columns.values()]
    parts.append(f"primary key ({_names(table.primary_key)})")
    parts += [f"unique ({_names(key)})" for key in table.unique]
    return f"create table {identifier(table.name)} ({', '.join(parts)})"


def _column(column: Column) -> str:
    words = [identifier(column.name), column.type.name]
    if not column.nullable:
        words.append("not null")
    if column.generated is not None:
        words.append(f"generated always as ({column.generated}) stored")
    elif column.is_identity:
        words.append("generated by default as identity")
    elif column.default is not None:
        words.append(f"default {column.default}")
    if column.values and column.type.form == "text":
        allowed = ", ".join("'" + value.replace("'", "''") + "'" for value in column.values)
        words.append(f"check ({identifier(column.name)} in ({allowed}))")
    return " ".join(words)


def _references(table: Table) -> Iterator[str]:
    if table.references:
        added = ", ".join(_constraint(reference) for reference in table.references)
        yield f"alter table {identifier(table.name)} {added}"


def _constraint(reference: Reference) -> str:
    tail = " on delete cascade" if reference.cascades else ""
    return (
        f"add constraint {identifier(reference.name)}"
        f" foreign key ({identifier(reference.column)})"
        f" references {identifier(reference.target)} ({identifier(reference.target_column)}){tail}"
    )


def _indexes(table: Table) -> Iterator[str]:
    # The organization is the same in every row of a schema: an index on it would choose nothing.
    columns = [r.column for r in table.references if r.target != "organizations"]
    if "updated_at" in table.columns:
        columns.append("updated_at")
    covered = {table.primary_key[0], *(key[0] for key in table.unique)}
    for column in columns:
        if column not in covered:
            yield f"create index on {identifier(table.name)} ({identifier(column)})"


def _trigger(table: Table) -> str:
    name = identifier(table.name)
    when = f"create trigger touch before update on {name} for each row"
    return f"{when} execute function {PRIVATE}.touch()"


def _guard(table: Table, organization: str) -> str:
    """Refuse rows of another organization as a policy does; of one that is none, the reference."""
    name = identifier(table.name)
    return (
        f"create trigger guard before insert or update on {name} for each row"
        f" when (new.organization_id <> '{UUID(organization)}')"
        f" execute function {PRIVATE}.refuse_another()"
    )


def _names(columns: tuple[str, ...]) -> str:
    return ", ".join(map(identifier, columns))
