"""Which tables an organization has: each is made when the first row is to be put into it.

All of them together take a fifth of a second and 8 MB, and most organizations need a dozen. What
is not made yet reads as empty: in the search path of an organization its own tables stand first,
and behind them one empty table of each kind, which all organizations share.
"""

# ruff: noqa: S608 - the names are our own

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from ..catalogue import tenant_of
from .schema import load_tables, served
from .switched import Switches
from .tables import EMPTY, PRIVATE, identifier, make_empty_tables, make_tables

ONE_AT_A_TIME = f"select pg_advisory_xact_lock(hashtext('{PRIVATE}'))"
"""Until the transaction ends nobody else makes tables, in another sandbox neither."""
TABLES_OF = (
    "select c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace"
    " where n.nspname = {} and c.relname = any ({})"
)
"""Which of some tables a schema has. Asked by their names: there may be 100,000 in all schemas."""


@dataclass(frozen=True, slots=True)
class Home:
    """Where an organization's rows lie: in a PostgreSQL schema, with what is switched on there."""

    organization: str
    switches: Switches = ()

    @property
    def schema(self) -> str:
        """The name of the schema."""
        return f"org_{UUID(self.organization).hex}"

    @property
    def path(self) -> str:
        """The search path in which every kind has a table."""
        return f"{identifier(self.schema)}, {EMPTY}"


def empty_tables(there: Collection[str]) -> bytes:
    """Write what makes the empty tables that are not there yet."""
    return make_empty_tables(t for t in load_tables().values() if t.name not in there).encode()


def missing_tables(home: Home, kinds: Iterable[str], there: Collection[str]) -> bytes:
    """Write what makes the tables that rows of these kinds need; nothing if they are there.

    An organization without any begins with its own row, a site and an owner.
    """
    first = [] if there else _first_rows(home)
    wanted = needed_for([*kinds, *(kind for kind, _, _ in first)])
    made = [table for name, table in load_tables().items() if name in wanted - set(there)]
    if not made:
        return b""
    filled = (
        f"insert into {identifier(home.schema)}.{identifier(kind)} ({names}) values ({values})"
        for kind, names, values in first
    )
    switched = (one for spec in home.switches if spec.table in made for one in spec.statements())
    made_first = make_tables(home.schema, home.organization, made)
    return ";\n".join((*made_first, *filled, *switched)).encode()


def needed_for(kinds: Iterable[str]) -> frozenset[str]:
    """Add to kinds all that they refer to, directly or not; what is no kind is passed over."""
    found: set[str] = set()
    coming = [name for name in kinds if name in load_tables()]
    while coming:
        name = coming.pop()
        if name not in found:
            found.add(name)
            coming += [reference.target for reference in load_tables()[name].references]
    return frozenset(found)


def _first_rows(home: Home) -> list[tuple[str, str, str]]:
    """List what a fresh organization holds: kinds, names of columns, values."""
    if served().replaces:
        return list(_tenant_row(home))
    one, owner = str(UUID(home.organization)), f"{PRIVATE}.person('owner@example.com')"
    return [
        ("organizations", "id, name", f"""'{one}', '{{"default": "Sandbox"}}'"""),
        ("sites", "organization_id, subdomain", f"'{one}', 'sandbox-{one[:8]}'"),
        ("user_profiles", "user_id, email", f"{owner}, 'owner@example.com'"),
        ("members", "organization_id, user_id, role", f"'{one}', {owner}, 'superuser'"),
    ]


def _tenant_row(home: Home) -> Iterator[tuple[str, str, str]]:
    """Give the row of the organization itself, where another API has such a kind."""
    tenant = tenant_of(served())
    if tenant is None:
        return
    columns = load_tables()[tenant.name].columns.values()
    bare = [c for c in columns if not (c.nullable or c.default or c.generated or c.is_identity)]
    given = {c.name: c.type.stored.default or "''" for c in bare}
    given[tenant.id_column] = f"'{UUID(home.organization)}'"
    yield tenant.name, ", ".join(map(identifier, given)), ", ".join(given.values())
