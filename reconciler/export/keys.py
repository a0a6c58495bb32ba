"""Keys for rows: what a person would call them.

From the label that the schema names, else the natural key; ASCII. Rows that would get the same
key are told apart by a piece of their ids, so that a key does not depend on which other rows
there are. Keys are public: neutral ones say nothing about persons.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from ..change import Row
from ..kind import KeyPart, Kind
from ..resource import LINK_SEPARATOR, UUID_PATTERN
from .spool import Spool

Keys = dict[str, dict[str, str]]
"""Key by kind and id."""

LONGEST = 48
_OTHER = re.compile(r"[^a-z0-9]+")


def make_keys(
    spool: Spool,
    kinds: Mapping[str, Kind],
    known: Mapping[str, Mapping[str, str]],
    *,
    neutral: bool,
) -> Keys:
    """Give every row a key; ``known`` are keys that rows have already and keep."""
    keys: Keys = {}
    for name in _referenced_first(spool.ids, kinds):
        kind, had = kinds[name], known.get(name, {})
        wanted = {
            str(row[kind.id_column]): _wanted(kind, row, keys, neutral=neutral)
            for row in spool.rows(name)
        }
        keys[name] = _told_apart(kind, wanted, had)
    return keys


def link_key(kind: Kind, row: Row, keys: Mapping[str, Mapping[str, str]]) -> str:
    """Write a link's key: its pair, each part a key or, for a row that has none, its id."""
    return LINK_SEPARATOR.join(_part_of_link(kind, part, row, keys) for part in kind.natural_key)


def slug(text: str) -> str:
    """Write a text as a key can hold it; may be empty."""
    plain = unicodedata.normalize(
        "NFKD", text.replace("ß", "ss").replace("ø", "o").replace("Ø", "o")
    )
    plain = plain.encode("ascii", "ignore").decode().lower()
    return _OTHER.sub("-", plain).strip("-")[:LONGEST].strip("-")


def _wanted(kind: Kind, row: Row, keys: Keys, *, neutral: bool) -> str:
    if kind.is_link:
        return link_key(kind, row, keys)
    parts = kind.label or tuple(part for part in kind.natural_key if not part.optional)
    private = any(kind.columns[part.column].private for part in parts)
    texts = [] if neutral and private else [_text(kind, part, row, keys) for part in parts]
    key = slug("-".join(text for text in texts if text))
    return f"{_singular(kind.name)}-{key}" if UUID_PATTERN.match(key) else key


def _told_apart(kind: Kind, wanted: Mapping[str, str], had: Mapping[str, str]) -> dict[str, str]:
    if kind.is_link:
        return dict(wanted)
    taken = set(had.values())
    counts = Counter(key for row_id, key in wanted.items() if row_id not in had)
    keys: dict[str, str] = {}
    for row_id, key in wanted.items():
        if row_id in had:
            keys[row_id] = had[row_id]
            continue
        if not key or counts[key] > 1 or key in taken:
            key = _with_piece(key or _singular(kind.name), row_id, taken)
        taken.add(key)
        keys[row_id] = key
    return keys


def _with_piece(key: str, row_id: str, taken: Container[str]) -> str:
    """Add as much of the id as it takes; the end of an id says more than its beginning."""
    digits = row_id.replace("-", "")
    for length in range(6, len(digits) + 1):
        candidate = f"{key}-{digits[-length:]}"
        if candidate not in taken:
            return candidate
    return f"{key}-{digits}"


def _text(kind: Kind, part: KeyPart, row: Row, keys: Keys) -> str:
    value = row.get(part.column)
    if part.inside:
        value = value.get(part.inside) if isinstance(value, dict) else None
    target = kind.columns[part.column].reference
    if target and value:
        return keys.get(target.kind, {}).get(str(value), "")
    return str(value) if value else ""


def _part_of_link(
    kind: Kind, part: KeyPart, row: Row, keys: Mapping[str, Mapping[str, str]]
) -> str:
    target, value = kind.columns[part.column].reference, str(row[part.column]).lower()
    return keys.get(target.kind, {}).get(value, value) if target else value


def _singular(kind: str) -> str:
    name = kind.replace("_", "-")
    return name.removesuffix("ies") + "y" if name.endswith("ies") else name.removesuffix("s")


def _referenced_first(names: Iterable[str], kinds: Mapping[str, Kind]) -> list[str]:
    """Order kinds so that the keys which go into other keys are made first."""
    graph = {
        name: {
            column.reference.kind
            for part in kinds[name].natural_key
            if (column := kinds[name].columns[part.column]).reference
            and column.reference.kind != name
        }
        for name in names
    }
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError:
        order = sorted(graph)
    return [name for name in order if name in graph]
