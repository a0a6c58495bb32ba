"""Replace personal data by values that say nothing, the same value always by the same.

First everything that stands in a personal column is learned, so that it is also replaced where it
stands again as a whole in a column that is not personal.
"""

import hashlib
import re
import secrets
from collections.abc import Iterable, Iterator

from ..change import Row
from ..kind import JSON, Column, Kind

SHORTEST = 4
"""Shorter texts are too common to be taken for somebody's wherever they stand."""

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,31}\Z")


class Redactor:
    """Replaces values; what was equal stays equal, within one export.

    The replacement is made with a key that is thrown away, so that nobody can try names out.
    """

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._personal: set[int] = set()

    def learn(self, kind: Kind, rows: Iterable[Row]) -> None:
        """Remember the personal texts of rows; only as numbers, since there may be many."""
        columns = [column.name for column in kind.columns.values() if column.pii]
        for row in rows if columns else ():
            for name in columns:
                self._personal.update(
                    hash(text) for text in _texts(row.get(name)) if len(text) >= SHORTEST
                )

    def is_personal(self, text: str) -> bool:
        """Tell whether a text stands in a personal column somewhere."""
        return len(text) >= SHORTEST and hash(text) in self._personal

    def replace(self, column: Column, value: JSON) -> JSON:
        """Replace what is personal in a value; empty and null stay, JSON keeps its form."""
        if column.pii:
            return self._all(column.name, value)
        return value if "enum" in column.schema else self._found(column.name, value)

    def _all(self, name: str, value: JSON) -> JSON:
        if isinstance(value, str):
            return self._text(name, value) if value else value
        if isinstance(value, list):
            return [self._all(name, item) for item in value]
        if isinstance(value, dict):
            return {self._name(inner): self._all(inner, item) for inner, item in value.items()}
        return value if isinstance(value, bool) or value is None else 0

    def _found(self, name: str, value: JSON) -> JSON:
        if isinstance(value, str):
            return self._text(name, value) if self.is_personal(value) else value
        if isinstance(value, list):
            return [self._found(name, item) for item in value]
        if isinstance(value, dict):
            return {
                self._text("", inner) if self.is_personal(inner) else inner: self._found(
                    inner, item
                )
                for inner, item in value.items()
            }
        return value

    def _name(self, name: str) -> str:
        return name if _WORD.match(name) and not self.is_personal(name) else self._text("", name)

    def _text(self, name: str, value: str) -> str:
        digest = hashlib.blake2b(value.encode(), key=self._key, digest_size=6).hexdigest()
        if "email" in name or ("@" in value and " " not in value):
            return f"person-{digest}@example.com"
        if "phone" in name:
            return f"+00{int(digest, 16)}"
        if value.startswith(("http://", "https://")):
            return f"https://example.com/{digest}"
        return f"redacted-{digest}"


def _texts(value: JSON) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
