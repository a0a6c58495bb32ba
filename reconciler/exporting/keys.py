"""Keys for rows: what a person would call them.

From the label that the schema names, else from what the natural key says that is not personal;
ASCII. Rows that would get the same key are told apart by a piece of their ids, so that a key does
not depend on which other rows there are. Keys are public: neutral ones say nothing about persons.
"""

import re
import unicodedata
from collections import ChainMap, Counter
from collections.abc import Callable, Collection, Container, Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from ..catalogue import KeyPart, Kind
from ..values.address import LINK_SEPARATOR, UUID_PATTERN
from ..values.sent import Row
from ..yamltext.quotes import is_plain
from .spool import Spool

Keys = dict[str, dict[str, str]]
"""Key by kind and id."""

LONGEST = 48
_OTHER = re.compile(r"[^a-z0-9]+")
_SCHEME = re.compile(r"https?://(?:www\.)?")
_LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "Ø": "o", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ł": "l",
     "Ł": "l", "đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "þ": "th", "Þ": "th"}
)  # fmt: skip


def as_it_is(text: str) -> str:
    """Take nothing in a text for personal."""
    return text


def make_keys(
    spool: Spool,
    kinds: Mapping[str, Kind],
    known: Mapping[str, Mapping[str, str]],
    *,
    neutral: bool = False,
    cleaned: Callable[[str], str] = as_it_is,
) -> Keys:
    """Give every row a key; ``known`` are keys that rows have already and keep.

    Neutral keys hold nothing of a private column, and what others have there is ``cleaned`` away.
    """
    keys: Keys = {}
    all_known: dict[str, Mapping[str, str]] = dict(known)
    for name in _referenced_first(spool.ids, kinds):
        kind, had = kinds[name], known.get(name, {})
        wanted = {
            str(row[kind.id_column]): link_key(kind, row, all_known)
            if kind.is_link
            else _wanted(kind, row, all_known, cleaned, neutral=neutral)
            for row in spool.rows(name)
        }
        keys[name] = wanted if kind.is_link else _told_apart(kind, wanted, had)
        all_known[name] = ChainMap(keys[name], dict(had))
    return keys


def link_key(kind: Kind, row: Row, keys: Mapping[str, Mapping[str, str]]) -> str:
    """Write a link's key: its pair, each part a key or, for a row that has none, its id."""
    return LINK_SEPARATOR.join(_part_of_link(kind, part, row, keys) for part in kind.natural_key)


def slug(text: str) -> str:
    """Write a text as a key can hold it; may be empty."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_LETTERS))
        text = text.encode("ascii", "ignore").decode()
    return _OTHER.sub("-", text.lower()).strip("-")[:LONGEST].strip("-")


def _wanted(
    kind: Kind,
    row: Row,
    keys: Mapping[str, Mapping[str, str]],
    cleaned: Callable[[str], str],
    *,
    neutral: bool,
) -> str:
    private = not neutral and bool(kind.label)
    parts = kind.label or tuple(part for part in kind.natural_key if not part.optional)
    texts = [
        _text(kind, part, row, keys)
        for part in parts
        if private or not kind.columns[part.column].private
    ]
    key = slug("-".join(cleaned(text) for text in texts if text))
    # what YAML or people would take for something else gets a word in front
    taken_otherwise = bool(UUID_PATTERN.match(key)) or not is_plain(key)
    return f"{singular(kind)}-{key}" if key and taken_otherwise else key


def _told_apart(kind: Kind, wanted: Mapping[str, str], had: Mapping[str, str]) -> dict[str, str]:
    taken = set(had.values())
    counts = Counter(key for row_id, key in wanted.items() if row_id not in had)
    keys: dict[str, str] = {}
    for row_id, key in wanted.items():
        if row_id in had:
            keys[row_id] = had[row_id]
            continue
        if not key or counts[key] > 1 or key in taken:
            key = _with_piece(key or singular(kind), row_id, taken)
        taken.add(key)
        keys[row_id] = key
    return keys


def _with_piece(key: str, row_id: str, taken: Container[str]) -> str:
    """Add as much of the id as it takes; the end of an id says more than its beginning."""
    digits = row_id.replace("-", "")
    pieces = (f"{key}-{digits[-length:]}" for length in range(6, len(digits) + 1))
    more = (f"{key}-{digits}-{number}" for number in range(2, 1_000_000))
    return next(key for keys in (pieces, more) for key in keys if key not in taken)


def _text(kind: Kind, part: KeyPart, row: Row, keys: Mapping[str, Mapping[str, str]]) -> str:
    value = row.get(part.column)
    if part.inside:
        value = value.get(part.inside) if isinstance(value, dict) else None
    target = kind.columns[part.column].reference
    if target and value:
        return keys.get(target.kind, {}).get(str(value), "")
    return _SCHEME.sub("", str(value)) if value else ""


def _part_of_link(
    kind: Kind, part: KeyPart, row: Row, keys: Mapping[str, Mapping[str, str]]
) -> str:
    target, value = kind.columns[part.column].reference, str(row[part.column]).lower()
    return keys.get(target.kind, {}).get(value, value) if target else value


def singular(kind: Kind) -> str:
    """Write a kind's name as a key of one of its rows begins: ``tax`` of ``taxes``."""
    name = kind.name.replace("_", "-")
    for end, one in (("ies", "y"), ("xes", "x"), ("sses", "ss"), ("s", "")):
        if name.endswith(end):
            return name.removesuffix(end) + one
    return name


def _referenced_first(names: Collection[str], kinds: Mapping[str, Kind]) -> Iterable[str]:
    """Order kinds so that the keys which go into other keys are made first."""
    graph = {
        name: {
            column.reference.kind
            for part in (*kinds[name].natural_key, *kinds[name].label)
            if (column := kinds[name].columns[part.column]).reference
            and column.reference.kind != name
            and column.reference.kind in names
        }
        for name in names
    }
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError:
        return sorted(names)
