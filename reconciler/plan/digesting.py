"""The digest of a plan: by it people know that what is applied is what they reviewed."""

import hashlib
from collections.abc import Mapping
from typing import cast

import orjson

from ..values.jsonform import AS_THEY_ARE, canonical_json, plain_numbers
from ..values.jsontext import dumps
from .changes import Changes
from .shape import ChangeDocument, ColumnDocument, PlanDocument

_AT_ONCE = 500
"""Changes that are written for the digest at a time."""

_NOT_DIGESTED = frozenset({"digest", "policies", "unmanaged"})
_LIST = b'"changes":['


def digest_of_document(document: PlanDocument) -> str:
    """Compute the digest over all but itself, old names, and what is judged or told besides."""
    return Digester(document).digest()


class Digester:
    """Computes the digest of a document, as far as it can while others look at its changes.

    To make a change as a document takes longer than to digest it, and a plan may have a million.
    """

    def __init__(self, document: PlanDocument) -> None:
        parts = {k: v for k, v in document.items() if k not in _NOT_DIGESTED}
        before, mark, self._after = canonical_json({**parts, "changes": []}).partition(_LIST)
        self._hash = hashlib.sha256(before + mark)
        self._comma = b""
        self._changes = Changes.of(document["changes"])
        self._next = 0
        self._waiting: list[Mapping[str, object]] = []

    @property
    def changes(self) -> Changes:
        """The changes; those that are looked at in their order need not be made once more."""
        return self._changes.watched(self._look)

    def digest(self) -> str:
        """Give the digest, for which the changes that nobody has looked at are made now."""
        for number in range(self._next, len(self._changes)):
            self._look(number, self._changes[number])
        self._write()
        whole = self._hash.copy()
        whole.update(self._after)
        return f"sha256:{whole.hexdigest()}"

    def _look(self, number: int, change: ChangeDocument) -> None:
        if number == self._next:
            self._next += 1
            self._waiting.append(_digested(change))
            if len(self._waiting) == _AT_ONCE:
                self._write()

    def _write(self) -> None:
        if self._waiting:
            written = dumps(self._waiting, option=orjson.OPT_SORT_KEYS)
            self._hash.update(self._comma + written[1:-1])
            self._comma = b","
            self._waiting = []


def without_places(column: ColumnDocument) -> ColumnDocument:
    """Leave out what follows from the values, which nobody need believe."""
    return cast("ColumnDocument", {k: v for k, v in column.items() if k != "differences"})


def _digested(change: ChangeDocument) -> Mapping[str, object]:
    """Leave out what the digest does not go by, and bring the rest to its canonical form."""
    digested: dict[str, object] = {**change}
    digested.pop("was_named", None)
    if type(change["line"]) is not int:  # a file may say otherwise
        digested["line"] = plain_numbers(change["line"])
    if change["label"]:
        digested["label"] = plain_numbers(change["label"])
    if "template" in change:
        digested["template"] = plain_numbers(change["template"])
    if not all(map(_is_canonical, change["columns"].values())):
        digested["columns"] = {
            name: column if _is_canonical(column) else plain_numbers(without_places(column))
            for name, column in change["columns"].items()
        }
    return digested


def _is_canonical(column: ColumnDocument) -> bool:
    """Tell at first sight that a column holds no number: nearly all hold a text."""
    for value in column.values():  # noqa: SIM110 (half the time; of differences it is a list)
        if type(value) not in AS_THEY_ARE:
            return False
    return True
