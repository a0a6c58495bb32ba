"""Did you mean: the nearest of the names that would have been right."""

import re
from collections.abc import Collection, Iterable
from itertools import filterfalse

from ...diagnostics import UsageError

_COMPARISONS = 50_000
"""How many names may be compared in one run: ten thousand wrong names shall not take minutes."""

_SLIPS, _SHORT = 2, 5
"""So many letters may be wrong in the name of a row; in one that is shorter, half as many."""

_MANY, _LOOKS = 500, 100
"""Of more names only those that begin alike are compared; so many looks take as long as that."""

_AN_ADDRESS = "name it as KIND.KEY, such as contacts.jane"

_MEANT = re.compile(
    r"\bdid you mean (?P<quote>'?)(?P<name>[^'?]+)(?P=quote)\?\Z|\Awrite (?P<now>\$?\w+)\Z"
)


def meant(hint: str) -> str | None:
    """Give what a hint says should stand in the place of what is wrong; None where it asks more."""
    found = _MEANT.search(hint)
    return (found["name"] or found["now"]) if found else None


class Suggester:
    """Finds near names until its comparisons are used up."""

    def __init__(self, comparisons: int = _COMPARISONS) -> None:
        self.left = comparisons
        """How many comparisons it has left."""

    def nearest(self, word: str, names: Iterable[str]) -> str | None:
        """Find the name most like a word, or None."""
        return next(iter(self._near(word, names, 1)), None)

    def slip(self, word: str, names: Iterable[str]) -> str | None:
        """Find the name that was mistyped as this word, or None.

        Rows have names of their own: one that is only alike is another row, such as another guest.
        """
        return next((name for name in self._near(word, names, 3) if is_slip(word, name)), None)

    def slip_hint(self, word: str, names: Iterable[str], otherwise: str) -> str:
        """Ask "did you mean …?" about the name of a row, or say something else."""
        near = self.slip(word, names)
        return f"did you mean {near!r}?" if near else otherwise

    def _near(self, word: str, names: Iterable[str], most: int) -> list[str]:
        if self.left <= 0:
            return []
        from difflib import get_close_matches  # only who mistypes waits for it

        candidates = list(names)
        if len(candidates) > _MANY:
            self.left -= len(candidates) // _LOOKS
            start = word[:2]
            candidates = [name for name in candidates if name.startswith(start)]
        candidates = candidates[: max(self.left, 0)]
        self.left -= len(candidates)
        return get_close_matches(word, candidates, n=most)

    def hint(self, word: str, names: Iterable[str], otherwise: str | None = None) -> str | None:
        """Ask "did you mean …?", or say something else where nothing is near."""
        near = self.nearest(word, names)
        return f"did you mean {near!r}?" if near else otherwise


def check_addresses(what: str, names: Iterable[str], known: Collection[str]) -> None:
    """Raise UsageError for an address that is not known, with the one that was mistyped as it."""
    for name in names:
        if name not in known:
            hint = Suggester().slip_hint(name, known, _AN_ADDRESS)
            raise UsageError(f"there is no {what} {name}", hint=hint)


def is_slip(word: str, name: str) -> bool:
    """Tell whether a name became a word by a slip or two, none of them in a number."""
    digits = [[*filterfalse(str.isalpha, filter(str.isalnum, text))] for text in (word, name)]
    most = _SLIPS if min(len(word), len(name)) >= _SHORT else _SLIPS // 2
    return digits[0] == digits[1] and _slips(word, name) <= most


def _slips(one: str, other: str) -> int:
    """Count letters that are too many, missing, other ones, or exchanged with the next."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        row: list[int] = [at]
        for to, wanted in enumerate(other, 1):
            least: int = min(last[to] + 1, row[-1] + 1, last[to - 1] + int(letter != wanted))
            if at > 1 and to > 1 and (letter, one[at - 2]) == (other[to - 2], wanted):
                least = min(least, before[to - 2] + 1)
            row.append(least)
        before, last = last, row
    return last[-1]


def listed(names: Iterable[str]) -> str:
    """Write names as ``a, b or c``."""
    *head, last = names
    return f"{', '.join(head)} or {last}" if head else last
