"""Organizations and their keys: known from the start, kept in the database.

The first organization has its tables from the start, the others get them when they are first asked
for (:mod:`reconciler.sandbox.making`).
"""

# ruff: noqa: S608 - the names are our own

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

import psycopg

from ..catalogue import UNCONFIRMED, Verb, tenant_of
from ..diagnostics import UsageError
from .schema import Table, load_tables, served
from .seed import plant
from .settings import KeySpec, SandboxSettings
from .switched import Switches, switch, switches_of
from .tables import PRIVATE, PRIVATE_TABLES, identifier, make_tables

_VERBS: Mapping[str, tuple[Verb, ...]] = {
    "GET": ("list",),
    "POST": ("create",),
    "PATCH": ("update",),
    "PUT": ("create", "update"),
    "DELETE": ("delete",),
}


@dataclass(frozen=True, slots=True)
class Access:
    """What a key opens: one organization, whose rows lie in one PostgreSQL schema.

    ``strict`` refuses writes on weak evidence; ``may_undo`` obeys ``Prefer: tx=rollback``.
    """

    organization: str
    schema: str
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
    """All organizations with their first keys, every key's access, and who has no tables yet.

    ``switched`` are the statements that follow where tables are made.
    """

    organizations: tuple[tuple[str, str], ...]
    by_key: dict[str, Access]
    unmade: frozenset[str]
    switched: tuple[str, ...]


def prepare(url: str, settings: SandboxSettings) -> Directory:
    """Make what is missing in the database, and read which keys there are.

    Raises UsageError where the settings do not fit, also to what is kept.
    """
    _check_keys(settings)
    switches = switches_of(settings)
    try:
        with psycopg.connect(url) as connection:
            connection.execute(PRIVATE_TABLES)
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
    for organization, key in wanted:
        _ensure_organization(connection, organization)
        _ensure_key(connection, KeySpec(key, organization))
    for spec in settings.keys:
        _ensure_key(connection, spec)
    fresh = bool(wanted) and _ensure_tables(connection, wanted[0][0])
    if settings.seed:
        if not fresh:
            raise UsageError(
                "--seed fills a fresh organization, and this one is kept from before",
                hint="leave --seed away, or name another one first with --organization",
            )
        plant(connection, _schema_of(wanted[0][0]), settings.seed)


def _one_if_empty(connection: psycopg.Connection) -> tuple[tuple[str, str], ...]:
    kept = connection.execute(f"select 1 from {PRIVATE}.organizations limit 1").fetchone()
    return () if kept else ((str(uuid4()), str(uuid4())),)


def _ensure_organization(connection: psycopg.Connection, organization: str) -> None:
    connection.execute(
        f"insert into {PRIVATE}.organizations (id, schema) values (%s, %s) on conflict do nothing",
        (organization, _schema_of(organization)),
    )


def _ensure_tables(connection: psycopg.Connection, organization: str) -> bool:
    """Make an organization's tables if there are none; tell whether there were none."""
    schema = _schema_of(organization)
    found = connection.execute("select to_regnamespace(%s) is null", (schema,)).fetchone()
    fresh = found is not None and bool(found[0])
    if fresh:
        connection.execute(missing_tables(schema, organization))
    return fresh


def _schema_of(organization: str) -> str:
    return f"org_{UUID(organization).hex}"


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
        connection.execute(
            f"insert into {PRIVATE}.api_keys (key, organization_id, rights) values (%s, %s, %s)"
            " on conflict (key) do update set"
            " organization_id = excluded.organization_id, rights = excluded.rights",
            (spec.key, spec.organization, spec.stored_rights),
        )
    except psycopg.errors.ForeignKeyViolation:
        raise UsageError(
            f"there is no organization {spec.organization}",
            hint="give it with --organization ID=KEY",
        ) from None


def _directory(
    connection: psycopg.Connection, settings: SandboxSettings, switches: Switches
) -> Directory:
    rows = connection.execute(
        "select k.key, k.rights, o.id::text, o.schema, to_regnamespace(o.schema) is null"
        f" from {PRIVATE}.api_keys k"
        f" join {PRIVATE}.organizations o on o.id = k.organization_id"
        " order by o.position, k.position"
    ).fetchall()
    first: dict[str, str] = {}
    by_key: dict[str, Access] = {}
    unmade = frozenset(organization for _, _, organization, _, missing in rows if missing)
    for key, rights, organization, schema, _ in rows:
        spec = KeySpec(key, organization)
        if rights != "full":
            spec = KeySpec.parse(f"{key}={organization}:{rights}")
        by_key[key] = Access(
            organization, schema, spec, settings.strict_verbs, settings.allow_rollback
        )
        first.setdefault(organization, key)
    switched = tuple(one for spec in switches for one in spec.statements())
    return Directory(tuple(first.items()), by_key, unmade, switched)


def missing_tables(schema: str, organization: str, switched: tuple[str, ...] = ()) -> bytes:
    """Write the statements that make a fresh organization: tables, its row, a site, an owner.

    ``switched`` are statements that follow, in its schema.
    """
    first = _tenant_row if served().replaces else _first_rows
    made = (make_tables(schema, organization), *first(schema, organization))
    return ";\n".join((*made, *switched)).encode()


def _tenant_row(schema: str, organization: str) -> Iterator[str]:
    """Write the row of the organization itself, where another API has such a kind."""
    tenant = tenant_of(served())
    if tenant is None:
        return
    columns = load_tables()[tenant.name].columns.values()
    bare = [c for c in columns if not (c.nullable or c.default or c.generated or c.is_identity)]
    given = {c.name: c.type.stored.default or "''" for c in bare}
    given[tenant.id_column] = f"'{UUID(organization)}'"
    names = ", ".join(map(identifier, given))
    table = f"{identifier(schema)}.{identifier(tenant.name)}"
    yield f"insert into {table} ({names}) values ({', '.join(given.values())})"


def _first_rows(schema: str, organization: str) -> Iterator[str]:
    where, one = identifier(schema), str(UUID(organization))
    owner = f"{PRIVATE}.person('owner@example.com')"
    yield (
        f"insert into {where}.organizations (id, name)"
        f""" values ('{one}', '{{"default": "Sandbox"}}')"""
    )
    yield (
        f"insert into {where}.sites (organization_id, subdomain)"
        f" values ('{one}', 'sandbox-{one[:8]}')"
    )
    yield (
        f"insert into {where}.user_profiles (user_id, email) values ({owner}, 'owner@example.com')"
    )
    yield (
        f"insert into {where}.members (organization_id, user_id, role)"
        f" values ('{one}', {owner}, 'superuser')"
    )
