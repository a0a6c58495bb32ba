"""Did you mean: the nearest of the names that would have been right."""

import re
from collections.abc import Iterable

_COMPARISONS = 50_000
"""How many names may be compared in one run: ten thousand wrong names shall not take minutes."""

_MANY, _LOOKS = 500, 100
"""Of more names only those that begin alike are compared; so many looks take as long as that."""

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
        self._left = comparisons

    def nearest(self, word: str, names: Iterable[str]) -> str | None:
        """Find the name most like a word, or None."""
        if self._left <= 0:
            return None
        from difflib import get_close_matches  # only who mistypes waits for it

        candidates = list(names)
        if len(candidates) > _MANY:
            self._left -= len(candidates) // _LOOKS
            start = word[:2]
            candidates = [name for name in candidates if name.startswith(start)]
        candidates = candidates[: max(self._left, 0)]
        self._left -= len(candidates)
        return next(iter(get_close_matches(word, candidates, n=1)), None)

    def hint(self, word: str, names: Iterable[str], otherwise: str | None = None) -> str | None:
        """Ask "did you mean …?", or say something else where nothing is near."""
        near = self.nearest(word, names)
        return f"did you mean {near!r}?" if near else otherwise


def listed(names: Iterable[str]) -> str:
    """Write names as ``a, b or c``."""
    *head, last = names
    return f"{', '.join(head)} or {last}" if head else last
