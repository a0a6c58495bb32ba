"""Organizations and their keys: known from the start, kept in the database.

The first organization is made at the start, the others when they are first asked for
(:mod:`reconciler.sandbox.entrance`).
"""

# ruff: noqa: S608 - the names are our own

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import uuid4

import psycopg

from ..catalogue import UNCONFIRMED, Verb
from ..diagnostics import UsageError
from .making import ONE_AT_A_TIME, TABLES_OF, Home, empty_tables, missing_tables
from .schema import Table, load_tables
from .seed import plant, read_seed
from .settings import KeySpec, SandboxSettings
from .switched import Switches, switch, switches_of
from .tables import EMPTY, PRIVATE, PRIVATE_TABLES

_VERBS: Mapping[str, tuple[Verb, ...]] = {
    "GET": ("list",),
    "POST": ("create",),
    "PATCH": ("update",),
    "PUT": ("create", "update"),
    "DELETE": ("delete",),
}

_KEEP_KEY = (
    f"insert into {PRIVATE}.api_keys (key, organization_id, rights) values (%s, %s, %s)"
    " on conflict (key) do update set"
    " organization_id = excluded.organization_id, rights = excluded.rights"
)


@dataclass(frozen=True, slots=True)
class Access:
    """What a key opens: one organization.

    ``strict`` refuses writes on weak evidence; ``may_undo`` obeys ``Prefer: tx=rollback``.
    """

    home: Home
    key: KeySpec
    strict: bool = False
    may_undo: bool = False

    def allows(self, table: Table, method: str) -> bool:
        """Tell whether the kind has the verb and the key the right to it."""
        if not self.key.allows(table.name, table.area, reads_only=method == "GET"):
            return False
        found = [table.kind.verbs.get(verb) for verb in _VERBS[method]]
        doubtful = self.strict and method != "GET" and not UNCONFIRMED.isdisjoint(found)
        return None not in found and not doubtful


@dataclass(frozen=True, slots=True)
class Directory:
    """All organizations with their first keys, every key's access, and who is not made yet."""

    organizations: tuple[tuple[str, str], ...]
    by_key: dict[str, Access]
    unmade: frozenset[str]


def prepare(url: str, settings: SandboxSettings) -> Directory:
    """Make what is missing in the database, and read which keys there are.

    Raises UsageError where the settings do not fit, also to what is kept.
    """
    _check_keys(settings)
    switches = switches_of(settings)
    try:
        with psycopg.connect(url) as connection:
            connection.execute(ONE_AT_A_TIME.encode())
            connection.execute(PRIVATE_TABLES)
            connection.execute(empty_tables(_tables(connection, EMPTY)))
            _ensure_all(connection, settings)
            switch(connection, switches)
            return _directory(connection, settings, switches)
    except psycopg.Error as error:
        hint = "--database-url takes postgresql://USER@HOST/NAME or words such as host=HOST"
        raise UsageError(f"PostgreSQL cannot be used: {error}", hint=hint) from error


def _check_keys(settings: SandboxSettings) -> None:
    given = [key for _, key in settings.organizations] + [spec.key for spec in settings.keys]
    if len(set(given)) < len(given):
        raise UsageError("the same key is given twice", hint="a key opens one organization")


def _ensure_all(connection: psycopg.Connection, settings: SandboxSettings) -> None:
    wanted = settings.organizations or _one_if_empty(connection)
    _ensure_organizations(connection, wanted)
    for spec in settings.keys:
        _ensure_key(connection, spec)
    fresh = bool(wanted) and _ensure_made(connection, Home(wanted[0][0]))
    if settings.seed:
        if not fresh:
            raise UsageError(
                "--seed fills a fresh organization, and this one is kept from before",
                hint="leave --seed away, or name another one first with --organization",
            )
        home, batches = Home(wanted[0][0]), read_seed(settings.seed)
        _make(connection, home, (kind for kind, _ in batches))
        plant(connection, home.schema, settings.seed, batches)


def _one_if_empty(connection: psycopg.Connection) -> tuple[tuple[str, str], ...]:
    kept = connection.execute(f"select 1 from {PRIVATE}.organizations limit 1").fetchone()
    return () if kept else ((str(uuid4()), str(uuid4())),)


def _ensure_organizations(
    connection: psycopg.Connection, wanted: Iterable[tuple[str, str]]
) -> None:
    with connection.cursor() as cursor:  # all at once: there may be thousands
        cursor.executemany(
            f"insert into {PRIVATE}.organizations (id, schema) values (%s, %s)"
            " on conflict do nothing",
            [(organization, Home(organization).schema) for organization, _ in wanted],
        )
        cursor.executemany(
            _KEEP_KEY,
            [
                (key, organization, KeySpec(key, organization).stored_rights)
                for organization, key in wanted
            ],
        )


def _ensure_made(connection: psycopg.Connection, home: Home) -> bool:
    """Make an organization if it is not; tell whether it was not."""
    found = connection.execute("select to_regnamespace(%s) is null", (home.schema,)).fetchone()
    fresh = found is not None and bool(found[0])
    if fresh:
        _make(connection, home, ())
    return fresh


def _make(connection: psycopg.Connection, home: Home, kinds: Iterable[str]) -> None:
    statements = missing_tables(home, kinds, _tables(connection, home.schema))
    if statements:
        connection.execute(statements)


def _tables(connection: psycopg.Connection, schema: str) -> frozenset[str]:
    query = TABLES_OF.format("%s", "%s").encode()
    found = connection.execute(query, (schema, list(load_tables())))
    return frozenset(name for (name,) in found.fetchall())


def _ensure_key(connection: psycopg.Connection, spec: KeySpec) -> None:
    unknown = spec.hidden - load_tables().keys()
    if unknown:
        raise UsageError(f"there is no kind {min(unknown)!r}", hint="see `reconciler explain`")
    areas = {table.area for table in load_tables().values()}
    for area, _ in spec.areas:
        if area not in areas:
            hint = f"the areas are {', '.join(sorted(areas))}"
            raise UsageError(f"there is no area {area!r}", hint=hint)
    try:
        connection.execute(_KEEP_KEY.encode(), (spec.key, spec.organization, spec.stored_rights))
    except psycopg.errors.ForeignKeyViolation:
        raise UsageError(
            f"there is no organization {spec.organization}",
            hint="give it with --organization ID=KEY",
        ) from None


def _directory(
    connection: psycopg.Connection, settings: SandboxSettings, switches: Switches
) -> Directory:
    rows = connection.execute(
        "select k.key, k.rights, o.id::text, to_regnamespace(o.schema) is null"
        f" from {PRIVATE}.api_keys k"
        f" join {PRIVATE}.organizations o on o.id = k.organization_id"
        " order by o.position, k.position"
    ).fetchall()
    first: dict[str, str] = {}
    by_key: dict[str, Access] = {}
    unmade = frozenset(organization for _, _, organization, missing in rows if missing)
    for key, rights, organization, _ in rows:
        spec = KeySpec(key, organization)
        if rights != "full":
            spec = KeySpec.parse(f"{key}={organization}:{rights}")
        home = Home(organization, switches)
        by_key[key] = Access(home, spec, settings.strict_verbs, settings.allow_rollback)
        first.setdefault(organization, key)
    return Directory(tuple(first.items()), by_key, unmade)
