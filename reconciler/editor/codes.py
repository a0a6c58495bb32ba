"""Codes as editors should take them: those that there are many of, to choose from.

What the tool only doubts is taken here, too; see ``scalars``.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from ..configuration.validate.zones import zones
from ..values.codes import EXPECTS
from ..values.codes.countries import countries
from ..values.codes.currencies import currencies, known_currencies
from ..values.column import Column
from .scalars import VARIABLE, Schema

_ANY_TEXT: Schema = {"$ref": "#/definitions/text"}
_OFFERED: Mapping[str, Callable[[], Iterable[str]]] = {
    "currency": currencies, "past-currency": currencies, "country": countries,
    "time-zone": lambda: zones().values(),
}  # fmt: skip
_STRICT = frozenset({"currency", "past-currency"})
"""Of these all are known, and every text that is none of them is refused."""


def code_name(column: Column) -> str | None:
    """Give the name of the definition of a column's code; None where there is none."""
    return f"code-{column.code}" if column.code in _OFFERED else None


def codes(columns: Iterator[Column]) -> Iterator[tuple[str, Schema]]:
    """Describe the codes of columns, each once."""
    used = {column.code for column in columns}
    for code in sorted(_OFFERED.keys() & used):
        yield f"code-{code}", _code(code)


def _code(code: str) -> Schema:
    other = _ANY_TEXT
    if code in _STRICT:
        takes = f"Takes {EXPECTS[code]}, or ${{NAME}}."
        names = "|".join(sorted(known_currencies() | currencies()))
        other = {
            "type": "string",
            "pattern": f"^({names})?$|{VARIABLE}",
            "errorMessage": takes,
            "patternErrorMessage": takes,
        }
    return {"anyOf": [{"enum": [*sorted(_OFFERED[code]())]}, other]}
