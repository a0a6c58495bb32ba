"""What differs though nobody sees it, said by the names of the characters."""

import unicodedata
from collections.abc import Iterator

from ..visible import looks_like
from .parts import runs, tokens

MOST_NAMED = 3


def unlike(before: str, after: str) -> str:
    """Say what differs though nobody sees it, by the names of its characters; else nothing."""
    if not any(map(_may_deceive, (before, after))):
        return ""
    found = dict.fromkeys(_unseen(before, after))
    if not found:
        return ""
    said = [_named(*pair) for pair in list(found)[:MOST_NAMED]]
    if len(found) > MOST_NAMED:
        said.append(f"and {len(found) - MOST_NAMED:,} more")
    if unicodedata.normalize("NFC", before) == unicodedata.normalize("NFC", after):
        return f"only the form differs: {'; '.join(said)}"
    whole = looks_like(before) == looks_like(after)
    return f"{'looks the same' if whole else 'not to be seen'}: {'; '.join(said)}"


def _may_deceive(text: str) -> bool:
    blank = "\r" in text or " \n" in text or text.endswith((" ", "\n"))
    return blank or not text.isascii()


def _unseen(before: str, after: str) -> Iterator[tuple[str, str]]:
    for old, new in runs(tokens(before), tokens(after)):
        pairs = (
            zip(old, new, strict=True) if len(old) == len(new) else [("".join(old), "".join(new))]
        )
        for one, other in pairs:
            if one != other and looks_like(one) == looks_like(other):
                for left, right in runs(one, other):
                    if left != right:
                        yield "".join(left), "".join(right)


def _named(before: str, after: str) -> str:
    if not after:
        return f"{_names(before)} is gone"
    return f"{_names(before)} → {_names(after)}" if before else f"{_names(after)} is new"


def _names(text: str) -> str:
    found = [_name(character) for character in text[:MOST_NAMED]]
    return " ".join([*found, *(["…"] if len(text) > MOST_NAMED else [])])


def _name(character: str) -> str:
    code = f"U+{ord(character):04X}"
    known = {"\n": "line end", "\r": "carriage return", "\t": "tab"}
    name = known.get(character) or unicodedata.name(character, "").lower()
    return f"{code} ({name})" if name else code
