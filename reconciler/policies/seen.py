"""What a policy sees of a row: which columns, and as what.

====================  =====================================================================
a personal column     only policies that ``--policies`` gave; others do not see that it is there
a secret column       nobody, nor any column in which the value of a secret variable stands; but
                      one that only the catalogue of the folder calls secret is seen by policies
                      that ``--policies`` gave: no pull request takes a column away from them
a decimal number      a double, also where it is a whole one; inside JSON every number is one
a reference           the key of what it refers to, where that has one; else the id
what is not known yet nobody: an unset variable, a lookup, an id that the server will choose
====================  =====================================================================
"""

from collections.abc import Mapping
from copy import copy
from decimal import Decimal
from enum import Enum

from ..catalogue import Kind, made_secret
from ..configuration.resource import IdMap, IdReference, KeyReference, Lookup, Unknown
from ..values.address import Address
from ..values.column import Column
from ..values.sent import Pending


class _Hidden(Enum):
    HIDDEN = "hidden"


_HIDDEN = _Hidden.HIDDEN


class Seen:
    """Gives rows as policies see them; ``names`` are the addresses of ids, ``secrets`` hide."""

    def __init__(
        self,
        kinds: Mapping[str, Kind],
        *,
        trusted: bool,
        names: Mapping[str, str] | None = None,
        secrets: frozenset[str] = frozenset(),
    ) -> None:
        self._names = names or {}
        self._secrets = secrets
        self._open = made_secret(kinds) if trusted else frozenset()
        self._columns = {
            kind.name: {
                column.name: column
                for column in kind.columns.values()
                if _is_seen(kind, column, self._open, trusted=trusted)
            }
            for kind in kinds.values()
        }
        self._bare = copy(self)
        self._bare._secrets = frozenset()

    def row(
        self, kind: str, values: Mapping[str, object], wanted: frozenset[str] | None
    ) -> dict[str, object]:
        """Give the columns of a row; only the ``wanted`` ones, where not all are."""
        columns = self._columns[kind]
        names = columns if wanted is None else wanted
        found = {
            name: self._for(kind, name)._cell(columns[name], values[name])
            for name in names
            if name in columns and name in values
        }
        return {name: value for name, value in found.items() if value is not _HIDDEN}

    def _for(self, kind: str, column: str) -> "Seen":
        """Give what looks at a column: a value is no secret only because this column holds it."""
        return self._bare if self._open and (kind, column) in self._open else self

    def is_partial(self, kind: str, values: Mapping[str, object]) -> bool:
        """Tell whether a row waits for a variable that nobody has set."""
        columns = self._columns[kind]
        return any(_waits(value) for name, value in values.items() if name in columns)

    def _cell(self, column: Column, value: object) -> object:
        if isinstance(value, str):  # most values are
            if self._is_secret(value):
                return _HIDDEN
            if column.reference and value in self._names:
                return self._names[value].partition(".")[2]
            return value
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int | float | Decimal):
            return float(value) if "integer" not in column.type.json else value
        return self._inside(value)

    def _is_secret(self, text: str) -> bool:
        return bool(self._secrets) and any(secret in text for secret in self._secrets)

    def _inside(self, value: object) -> object:
        match value:
            case bool() | None:
                return value
            case int() | float() | Decimal():
                return float(value)
            case str():
                return _HIDDEN if self._is_secret(value) else value
            case KeyReference(address) | Pending(address):
                return address.key
            case IdReference(_, row_id):
                return self._names.get(row_id, row_id).rpartition(".")[2]
            case list():
                return _whole([self._inside(item) for item in value])
            case dict():
                inner = {name: self._inside(item) for name, item in value.items()}
                hidden = _HIDDEN in inner.values() or any(map(self._is_secret, inner))
                return _HIDDEN if hidden else inner
            case IdMap(items):
                pairs = [(self._inside(name), self._inside(item)) for name, item in items]
                hidden = any(_HIDDEN in pair for pair in pairs)
                return _HIDDEN if hidden else {str(name): item for name, item in pairs}
        return _HIDDEN


def never_seen(column: str, kinds: Mapping[str, Kind], *, trusted: bool) -> bool:
    """Tell whether no row has a column of this name that a policy may see."""
    some = made_secret(kinds) if trusted else frozenset()
    found = [(kind, kind.columns[column]) for kind in kinds.values() if column in kind.columns]
    return not any(_is_seen(kind, one, some, trusted=trusted) for kind, one in found)


def _is_seen(
    kind: Kind, column: Column, opened: frozenset[tuple[str, str]], *, trusted: bool
) -> bool:
    if column.sensitive and (kind.name, column.name) not in opened:
        return False
    return trusted or not column.pii


def key_of(address: Address | None) -> str:
    """Give the key of a resource; nothing where it has no name."""
    return address.key if address else ""


def _whole(items: list[object]) -> object:
    return _HIDDEN if _HIDDEN in items else items


def _waits(value: object) -> bool:
    match value:
        case Unknown():
            return True
        case list():
            return any(map(_waits, value))
        case dict():
            return any(map(_waits, value.values()))
        case IdMap(items):
            return any(_waits(item) for _, item in items)
        case Lookup(_, criteria):
            return any(_waits(item) for _, item in criteria)
    return False
