"""Keys for rows: what a person would call them.

From the label that the schema names, else from what the natural key says; ASCII. Keys are public,
so nothing personal goes into them unless somebody asks for that: a kind and some digits made of the
id are enough. Rows that would get the same key are told apart by such digits, too, so that a key
does not depend on the order of rows.
"""

from collections import Counter
from collections.abc import Callable, Collection, Container, Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from hashlib import blake2b
from itertools import compress, count

from ..catalogue import KeyPart, Kind
from ..values.address import LINK_SEPARATOR, UUID_PATTERN
from ..values.sent import Row
from ..yamltext.quotes import is_plain
from .labels import label_of, slug, sortable, text_of
from .spool import Spool

Keys = dict[str, dict[str, str]]
"""Key by kind and id, in the order in which the rows are written."""

SHORTEST_PIECE = 4
_ALL = 32
"""Digits that can be made of an id."""


def make_keys(
    spool: Spool,
    kinds: Mapping[str, Kind],
    known: Mapping[str, Mapping[str, str]],
    *,
    readable: Container[str] = (),
    cleaned: Callable[[str], str] | None = None,
) -> Keys:
    """Give every row a key, and sort rows by what they are called.

    ``known`` are keys that rows have already and keep. Only keys of ``readable`` kinds hold what
    stands in a private column. What others have there is ``cleaned`` away, where that is given;
    then the order says nothing about it, either.
    """
    keys: Keys = {}
    all_known: dict[str, Mapping[str, str]] = dict(known)
    for name in _referenced_first(spool.ids, kinds):
        kind, had = kinds[name], known.get(name, {})
        if kind.is_link:
            rows = spool.rows(name)
            pairs = {str(row[kind.id_column]): link_key(kind, row, all_known) for row in rows}
            keys[name] = _sorted(pairs, {i: sortable(pair) for i, pair in pairs.items()})
        else:
            wanted, labels = _called(
                kind, spool.rows(name), all_known, cleaned, readable=name in readable
            )
            keys[name] = _sorted(_told_apart(kind, wanted, had), labels)
        all_known[name] = {**had, **keys[name]} if had else keys[name]
    return keys


def link_key(kind: Kind, row: Row, keys: Mapping[str, Mapping[str, str]]) -> str:
    """Write a link's key: its pair, each part a key or, for a row that has none, its id."""
    return LINK_SEPARATOR.join(_part_of_link(kind, part, row, keys) for part in kind.natural_key)


def _sorted(keys: Mapping[str, str], labels: Mapping[str, str]) -> dict[str, str]:
    """Put rows in the order of their labels, and where these are the same in that of keys."""
    ids = sorted(keys, key=keys.__getitem__)
    ids.sort(key=labels.__getitem__)
    return {row_id: keys[row_id] for row_id in ids}


def _called(
    kind: Kind,
    rows: Iterable[Row],
    keys: Mapping[str, Mapping[str, str]],
    cleaned: Callable[[str], str] | None,
    *,
    readable: bool,
) -> tuple[dict[str, str], dict[str, str]]:
    """Give what rows would have as keys, and what they are sorted by."""
    parts = label_of(kind)
    public = [readable or not kind.columns[part.column].private for part in parts]
    wanted: dict[str, str] = {}
    labels: dict[str, str] = {}
    for row in rows:
        row_id = str(row[kind.id_column])
        texts = [text_of(kind, part, row, keys) for part in parts]
        if cleaned:
            texts = [cleaned(text) for text in texts]
        labels[row_id] = "" if cleaned else "\0".join(map(sortable, texts))
        wanted[row_id] = _wanted(kind, compress(texts, public))
    return wanted, labels


def _wanted(kind: Kind, texts: Iterable[str]) -> str:
    key = slug("-".join(filter(None, texts)))
    # what YAML or people would take for something else gets a word in front
    taken_otherwise = bool(UUID_PATTERN.match(key)) or not is_plain(key)
    return f"{singular(kind)}-{key}" if key and taken_otherwise else key


def _told_apart(kind: Kind, wanted: Mapping[str, str], had: Mapping[str, str]) -> dict[str, str]:
    taken = set(had.values())
    counts = Counter(key for row_id, key in wanted.items() if row_id not in had)
    keys: dict[str, str] = {}
    same: dict[str, str] = {}
    for row_id, key in wanted.items():
        if row_id in had:
            keys[row_id] = had[row_id]
        elif key and counts[key] == 1 and key not in taken:
            keys[row_id] = key
        else:
            same[row_id] = key or singular(kind)
    return {**keys, **_with_pieces(same, {*taken, *keys.values()})}


def _with_pieces(same: Mapping[str, str], taken: set[str]) -> dict[str, str]:
    """Add as many digits as it takes, made of the whole id: parts of ids may be the same."""
    keys: dict[str, str] = {}
    left = dict(same)
    digits = {
        row_id: blake2b(row_id.encode(), digest_size=_ALL // 2).hexdigest() for row_id in left
    }
    for length in count(SHORTEST_PIECE):
        more = f"-{length}" if length > _ALL else ""
        tried = [f"{key}-{digits[i][:length]}{more}" for i, key in left.items()]
        free = {key for key, times in Counter(tried).items() if times == 1} - taken
        keys.update((i, key) for i, key in zip(left, tried, strict=True) if key in free)
        taken |= free
        left = {i: left[i] for i, key in zip(left, tried, strict=True) if key not in free}
        if not left:
            break
    return keys


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
