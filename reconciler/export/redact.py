"""Replace personal data by values that say nothing, the same value always by the same.

First everything that stands in a personal column is learned, so that it is also replaced where it
stands again in a column that is not personal, as a whole or in the middle of a text.
"""

import hashlib
import re
import secrets
from collections.abc import Iterable, Iterator

from ..change import Row
from ..kind import JSON, Column, Kind
from ..resource import UUID_PATTERN

SHORTEST = 4
"""Shorter texts are too common to be taken for somebody's wherever they stand."""
SHORTEST_WORD = 3
"""In the middle of a text, which only people read."""
MOST_WORDS = 8
"""Of what is found in the middle of a text."""

_TEXTS = frozenset({"text", "text[]", "jsonb"})
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,31}\Z")
_WORDS = re.compile(r"\w+")
_PATH = re.compile(r"[\w.:/+-]*\Z")
"""One word of such a text is often one of the system: ``Europe/Amsterdam``."""


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
                    hash(bare)
                    for text in _texts(row.get(name))
                    if len(bare := _bare(text)) >= SHORTEST_WORD and not UUID_PATTERN.match(text)
                )

    def replace(self, column: Column, value: JSON) -> JSON:
        """Replace what is personal in a value; empty and null stay, JSON keeps its form."""
        if column.pii:
            return self._all(column.name, value)
        is_choice = "enum" in column.schema or column.type not in _TEXTS
        return value if is_choice else self._found(column.name, value)

    def cleaned(self, text: str, name: str = "") -> str:
        """Replace what stands in a personal column somewhere, wherever it stands in a text."""
        if self._is_personal(text, SHORTEST):
            return self._text(name, text)
        words = list(_WORDS.finditer(text))
        fewest = 2 if _PATH.match(text) else 1
        parts: list[str] = []
        at = first = 0
        while first < len(words):
            after = self._end_of_personal(text, words, first, fewest)
            if after:
                start, stop = words[first].start(), words[after - 1].end()
                parts += [text[at:start], self._text("", text[start:stop])]
                at = stop
            first = after or first + 1
        return "".join((*parts, text[at:]))

    def _end_of_personal(
        self, text: str, words: list[re.Match[str]], first: int, fewest: int
    ) -> int:
        """Find the longest that is personal among the texts that begin with a word."""
        start = words[first].start()
        for after in range(min(first + MOST_WORDS, len(words)), first + fewest - 1, -1):
            if self._is_personal(text[start : words[after - 1].end()], SHORTEST_WORD):
                return after
        return 0

    def _is_personal(self, text: str, shortest: int) -> bool:
        bare = _bare(text)
        return len(bare) >= shortest and hash(bare) in self._personal

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
            return self.cleaned(value, name)
        if isinstance(value, list):
            return [self._found(name, item) for item in value]
        if isinstance(value, dict):
            return {self.cleaned(inner): self._found(inner, item) for inner, item in value.items()}
        return value

    def _name(self, name: str) -> str:
        is_plain = _WORD.match(name) and not self._is_personal(name, SHORTEST)
        return name if is_plain else self._text("", name)

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


def _bare(text: str) -> str:
    """Take off what stands around the words of a text."""
    words = list(_WORDS.finditer(text))
    return text[words[0].start() : words[-1].end()].casefold() if words else text
