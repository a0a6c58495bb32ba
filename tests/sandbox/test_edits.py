"""What somebody else writes: another value in every column that a database lets one write."""

from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest

from reconciler.sandbox.cluster import running_cluster
from reconciler.sandbox.faults.othervalues import other_value
from reconciler.sandbox.making import Home, missing_tables
from reconciler.sandbox.schema import Column, Table, load_tables
from reconciler.sandbox.sql import name_of
from reconciler.sandbox.tables import PRIVATE, PRIVATE_TABLES, identifier
from reconciler.values.types import TYPES, ColumnType
from tests.random_rows import BY_TYPE

ONE = "11111111-1111-4111-8111-111111111111"
SAMPLES = {
    "uuid": ["gen_random_uuid()"],
    "text": ["'x'"],
    "jsonb": ["'{}'", "'[]'", "'1'", "'null'"],
    "real": ["-0.5", "3e38"],
    "smallint": ["32767", "-32768"],
    "integer": ["7"],
    "tsvector": ["''"],
    "bigint": ["9223372036854775807"],
    "date": ["'2026-01-01'"],
    "timestamptz": ["'infinity'", "now()"],
    "daterange": ["'empty'", "'(,)'", "'[2026-01-01,)'", "'(,2026-01-01)'"],
    "datemultirange": ["'{}'", "'{[2026-01-01,2026-01-03)}'", "'{(,2026-01-01)}'"],
    "boolean[]": ["'{}'", "'{true,false}'"],
    "text[]": ["'{}'", "'{a}'"],
    "time": ["'12:34'", "'23:59:59'"],
    "boolean": ["true", "false"],
}


def test_every_type_has_samples() -> None:
    assert set(SAMPLES) == set(TYPES)
    assert {*BY_TYPE, "jsonb", "uuid", "tsvector"} == set(TYPES)


@pytest.mark.parametrize("entry", TYPES.values(), ids=str)
def test_every_type_has_another_value(entry: ColumnType) -> None:
    """No kind may have a column of the type yet; the first that has one finds it here."""
    table = load_tables()["contacts"]
    column = replace(table.columns["notes"], type=entry)
    assert other_value(table, column).endswith(f"::{entry}")


@pytest.fixture(scope="module")
def connection() -> Iterator[psycopg.Connection]:
    with running_cluster(None) as url, psycopg.connect(url, autocommit=True) as connection:
        connection.execute(PRIVATE_TABLES.encode())
        connection.execute(missing_tables(Home(ONE), load_tables(), ()))
        connection.execute(f"set search_path to {Home(ONE).path}".encode())
        connection.execute("set session_replication_role = replica")
        yield connection


@pytest.mark.parametrize(
    ("zone", "winter", "summer"),
    [
        ("UTC", "2026-01-04T00:00:00", "2026-07-04T00:00:00"),
        ("Europe/Amsterdam", "2026-01-03T23:00:00", "2026-07-03T22:00:00"),
        ("CET", "2026-01-03T23:00:00", "2026-07-03T22:00:00"),
        ("MET", "2026-01-03T23:00:00", "2026-07-03T22:00:00"),
        ("EET", "2026-01-03T22:00:00", "2026-07-03T21:00:00"),
        ("WET", "2026-01-04T00:00:00", "2026-07-03T23:00:00"),
        ("no zone", "2026-01-04T00:00:00", "2026-07-04T00:00:00"),
    ],
)
def test_a_day_begins_by_the_clocks_of_its_zone(
    connection: psycopg.Connection, zone: str, winter: str, summer: str
) -> None:
    wanted = f"select {PRIVATE}.midnight('2026-01-04', %s), {PRIVATE}.midnight('2026-07-04', %s)"
    assert connection.execute(wanted.encode(), (zone, zone)).fetchone() == (winter, summer)
    assert connection.execute("show timezone").fetchone() == ("UTC",)


@pytest.mark.parametrize("table", load_tables().values(), ids=lambda table: table.name)
def test_another_value(connection: psycopg.Connection, table: Table) -> None:
    target = name_of(table)
    referenced = {one.column for one in table.references}
    for column in table.columns.values():
        if column.generated or column.name in (*referenced, *table.primary_key):
            continue
        for sample in samples(column):
            connection.execute(f"delete from {target}".encode())
            connection.execute(row_with(table, column, sample).encode())
            other = other_value(table, column)
            same = f"select {identifier(column.name)}::text from {target}".encode()
            before = connection.execute(same).fetchall()
            connection.execute(f"update {target} set {identifier(column.name)} = {other}".encode())
            assert connection.execute(same).fetchall() != before, (column.name, sample)


def samples(column: Column) -> list[str]:
    chosen = [f"'{value}'" for value in column.values if column.type.form == "text"]
    some = chosen or SAMPLES[column.type.name]
    return [*some, "null"] if column.nullable else some


def row_with(table: Table, wanted: Column, sample: str) -> str:
    """Insert one row: the wanted column, and what may not be left out."""
    given = {
        column.name: samples(column)[0]
        for column in table.columns.values()
        if not (column.nullable or column.default or column.generated or column.is_identity)
    }
    given[wanted.name] = sample
    names = ", ".join(map(identifier, given))
    return f"insert into {name_of(table)} ({names}) values ({', '.join(given.values())})"
