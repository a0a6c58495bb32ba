"""Replace personal data by values that say nothing, the same value always by the same.

First everything that stands in a personal column is learned, so that it is also replaced where it
stands again in a column that is not personal, as a whole or in the middle of a text, and in other
notations: case, accents, escapes, telephone numbers and dates.
"""

import hashlib
import re
import secrets
from collections.abc import Iterable, Iterator

from ..catalogue import Kind
from ..values.address import UUID_PATTERN
from ..values.column import JSON, Column
from ..values.sent import Row
from .notations import Day, Span, as_read, days_in, days_of, phone_of, phones_in, place_of, words_of

SHORTEST = 4
"""Shorter texts are too common to be taken for somebody's wherever they stand."""
SHORTEST_WORD = 3
"""In the middle of a text, which only people read."""
MOST_WORDS = 8
"""Of what is found in the middle of a text."""
MOST_NAMES = 6
"""Of one row, so many short texts are also looked for two by two: first and last name."""
LONGEST_NAME = 3
"""In words."""

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,31}\Z")
_PATH = re.compile(r"(?!www\.|.*://)[\w.:/+-]*\Z")
"""One word of such a text is often one of the system: ``Europe/Amsterdam``."""


class Redactor:
    """Replaces values; what was equal stays equal, within one export.

    The replacement is made with a key that is thrown away, so that nobody can try names out.
    """

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._personal: set[int] = set()
        self._phones: set[int] = set()
        self._days: set[Day] = set()

    def learn(self, kind: Kind, rows: Iterable[Row]) -> None:
        """Remember the personal texts of rows; only as numbers, since there may be many."""
        columns = [column.name for column in kind.columns.values() if column.pii]
        for row in rows if columns else ():
            texts = [text for name in columns for text in _texts(row.get(name))]
            names: list[str] = []
            for text in texts:
                if UUID_PATTERN.match(text):
                    continue
                self._learn(text)
                words = words_of(text)
                if 0 < len(words) <= LONGEST_NAME and len(names) < MOST_NAMES:
                    names.append("".join(word for word, _ in words))
            self._learn_pairs(names)

    def _learn(self, text: str) -> None:
        bare = _bare(text)
        if len(bare) >= SHORTEST_WORD:
            self._personal.add(hash(bare))
        phone = phone_of(text)
        if phone:
            self._phones.add(hash(phone))
        self._days.update(days_of(text))

    def _learn_pairs(self, names: list[str]) -> None:
        """Learn what is made of two names of one row: both orders, and with an initial."""
        for first in names:
            for second in names:
                if first != second and len(second) >= SHORTEST_WORD:
                    self._personal.add(hash(first + second))
                    self._personal.add(hash(second + first))
                    if len(second) >= SHORTEST:
                        self._personal.add(hash(first[0] + second))

    def replace(self, column: Column, value: JSON) -> JSON:
        """Replace what is personal in a value; empty and null stay, JSON keeps its form."""
        if column.pii:
            return self._all(column.name, value)
        is_choice = "enum" in column.schema or not column.type.free
        return value if is_choice else self._found(column.name, value)

    def cleaned(self, text: str, name: str = "") -> str:
        """Replace what stands in a personal column somewhere, wherever it stands in a text."""
        plain, places = as_read(text)
        if self._is_personal(plain, SHORTEST):
            return self._text(name, text)
        parts: list[str] = []
        at = 0
        for start, stop in _apart(self._spans(plain)):
            first, end = place_of((start, stop), places)
            if first >= at:
                parts += [text[at:first], self._text("", plain[start:stop])]
                at = end
        return "".join((*parts, text[at:]))

    def _spans(self, plain: str) -> Iterator[Span]:
        """Find everything personal in a text as it is read."""
        words = words_of(plain)
        fewest = 2 if _PATH.match(plain) else 1
        first = 0
        while first < len(words):
            after = self._end_of_personal(words, first, fewest)
            if after:
                yield words[first][1][0], words[after - 1][1][1]
            first = after or first + 1
        yield from (span for end, span in phones_in(plain) if hash(end) in self._phones)
        yield from (span for day, span in days_in(plain) if day in self._days)

    def _end_of_personal(self, words: list[tuple[str, Span]], first: int, fewest: int) -> int:
        """Find the longest that is personal among the texts that begin with a word."""
        found, joined = 0, ""
        for after in range(first + 1, min(first + MOST_WORDS, len(words)) + 1):
            joined += words[after - 1][0]
            enough = after - first >= fewest and len(joined) >= SHORTEST_WORD
            if enough and hash(joined) in self._personal:
                found = after
        return found

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
        if isinstance(value, int) and not isinstance(value, bool):
            return 0 if self.cleaned(str(value)) != str(value) else value
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
    """Take off all that is not a letter or a digit, and case and accents."""
    return "".join(word for word, _ in words_of(text)) or text


def _apart(spans: Iterable[Span]) -> Iterator[Span]:
    """Join places that overlap."""
    last: Span | None = None
    for start, stop in sorted(spans):
        if last and start < last[1]:
            last = last[0], max(last[1], stop)
            continue
        if last:
            yield last
        last = start, stop
    if last:
        yield last
