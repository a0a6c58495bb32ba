"""Rows as nobody would think of them: any value that the server takes, in every kind."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from graphlib import TopologicalSorter
from typing import cast
from uuid import uuid4

from hypothesis import strategies as st

from reconciler.catalogue import Kind
from reconciler.values.column import JSON, Column
from tests.builders import KINDS
from tests.coded import GOOD, sensible
from tests.organization import Organization, Row

ODD_TEXTS = (
    "", " ", "x ", " x", "\t", "a\tb", "a\nb", "a\n\nb\n", "\na", "a\n", "a \nb", "  a\nb",
    "a\r\nb", "\r", "a\n\n", "\u2028", "a\u2029b", "\x85", "\ufeff", "\x07", "\x7f", "\xa0",
    "\u200d", "😀", "👩\u200d👧", "Zoë", "日本", "NO", "no", "y", "Yes", "null", "Null", "~",
    "true", "0", "0123", "1e5", "1.0", "1_000",
    "0x1f", "0o17", "12:30", "2026-07-01", ".inf", "-.5",
    "2026-07-01T10:00:00Z", "+31 6 1", "+316", "- x", "-", "---", "...", "? x", "?", ": x", "a: b",
    "a:", "a #b", "#b", "[a", "{a", "]", "}", ",", "a, b", "&a", "*a", "!a", "|", ">", "%a", "@a",
    "`a", "'", '"', "it's", '"a"', "\\", "a\\nb", "<<", "=", "${HOME}", "$${x}", "${", "$",
    "$$${a}", "a${b", "reconciler", "6f1c0a9e-3b52-4c8d-9a70-2f5d8e1b4c37", "w" * 300,
    "6F1C0A9E-3B52-4C8D-9A70-2F5D8E1B4C37", "word " * 60, "word  " * 30 + "x",
    "line one\n" + "word " * 40 + "\nlast", "lookup",
)  # fmt: skip
SMALL = (-1, 0, 1, 7, 32767)
NUMBERS = (0.0, -0.0, 1.0, 0.1, 1e16, 1.5e-7, 3.4e38, -2.5, 16777217.0, 1e-45)

texts = st.sampled_from(ODD_TEXTS) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30
)
numbers = st.sampled_from(SMALL) | st.sampled_from(NUMBERS) | st.integers(-(2**63), 2**63)
days = st.dates().map(lambda day: day.isoformat())
clocks = st.times().map(lambda time: time.isoformat()) | st.just("24:00:00")
moments = st.datetimes().map(lambda moment: moment.isoformat() + "+00:00") | st.sampled_from(
    ["infinity", "2026-07-01T10:00:00+13:00", "0044-03-15T00:00:00Z BC"]
)
ranges = st.tuples(days, days).map(lambda pair: f"[{min(pair)},{max(pair)})") | st.sampled_from(
    ["empty", "(,)", "[2026-01-01,)", "(,2026-01-01]", "[infinity,)"]
)
leaves = st.none() | st.booleans() | numbers | texts
documents: st.SearchStrategy[JSON] = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
BY_TYPE: Mapping[str, st.SearchStrategy[JSON]] = {
    "text": texts,
    "boolean": st.booleans(),
    "smallint": st.sampled_from(SMALL),
    "integer": st.sampled_from(SMALL),
    "bigint": st.sampled_from(SMALL),
    "real": st.sampled_from(NUMBERS),
    "date": days,
    "time": clocks,
    "timestamptz": moments,
    "daterange": ranges,
    "datemultirange": st.lists(ranges, max_size=3).map(lambda some: "{" + ",".join(some) + "}"),
    "text[]": cast("st.SearchStrategy[JSON]", st.lists(texts, max_size=3)),
    "boolean[]": cast("st.SearchStrategy[JSON]", st.lists(st.booleans(), min_size=7, max_size=7)),
}
_BY_SHAPE: Mapping[JSON, st.SearchStrategy[JSON]] = {
    "object": st.dictionaries(texts, documents, max_size=3)
    | st.fixed_dictionaries({"default": texts}),
    "array": st.lists(documents, max_size=3),
}

Draw = Callable[[st.SearchStrategy[JSON]], JSON]


def creation_order() -> Iterator[Kind]:
    """Iterate over the kinds that the API can create, referenced kinds first."""
    made = {kind.name: kind for kind in KINDS.values() if "create" in kind.verbs and kind.can_list}
    graph = {
        kind.name: {
            column.reference.kind
            for column in kind.references
            if column.reference and column.reference.kind in made.keys() - {kind.name}
        }
        for kind in made.values()
    }
    return (made[name] for name in TopologicalSorter(graph).static_order())


def fill(organization: Organization, draw: Draw, *, most: int = 2) -> int:
    """Create random rows of every kind, as another program would; answers how many."""
    ids = {name: organization.ids(name) for name in ("sites", "user_profiles", "members")}
    pairs: set[tuple[JSON, ...]] = set()
    for kind in creation_order():
        for _ in range(cast("int", draw(st.integers(0, most)))):
            values = row_of(kind, ids, draw)
            if values is None:
                continue
            pair = (kind.name, *(values.get(name) for name in kind.primary_key))
            if len(pair) == 2 or pair not in pairs:  # only a pair must be unique
                row_id = create(organization, kind, values)
                ids.setdefault(kind.name, []).append(row_id)
                pairs.add(pair)
    return sum(map(len, ids.values()))


def meddle(organization: Organization, draw: Draw) -> None:
    """Change and delete some rows of every kind; what the server refuses stays."""
    ids = {name: organization.ids(name) for name, kind in KINDS.items() if kind.can_list}
    for kind in creation_order():
        for row_id in ids[kind.name]:
            fate = draw(st.sampled_from(["stays", "stays", "stays", "changes", "changes", "goes"]))
            with suppress(AssertionError, ValueError):  # refused, or gone with another one
                if fate == "goes" and "delete" in kind.verbs:
                    organization.remove(kind.name, row_id)
                elif fate == "changes" and "update" in kind.verbs:
                    organization.change(kind.name, row_id, **_changes(kind, ids, draw))


def _changes(kind: Kind, ids: Mapping[str, list[str]], draw: Draw) -> Row:
    columns = [c for c in kind.columns.values() if c.writable and not c.sensitive]
    values: Row = {}
    for number in cast("list[int]", draw(st.lists(st.integers(0, len(columns) - 1), max_size=3))):
        column = columns[number]
        some = ids.get(column.reference.kind, []) if column.reference else []
        strategy = st.sampled_from(some) if column.reference else values_of(column, ids)
        if some or not column.reference:
            values[column.name] = draw(strategy)
    return sensible(kind, values)


def create(organization: Organization, kind: Kind, values: Row) -> str:
    """Create one row; what an action of its own does not take is set afterwards."""
    now = {n: v for n, v in values.items() if not kind.create_columns or n in kind.create_columns}
    row = organization.insert(kind.name, **now)
    row_id = str(row[kind.id_column])
    later = {n: v for n, v in values.items() if n not in now}
    if later:
        organization.change(kind.name, row_id, **later)
    return row_id


def row_of(kind: Kind, ids: Mapping[str, list[str]], draw: Draw) -> Row | None:
    """Draw the values of a row; None where a row that it needs is missing."""
    if kind.inputs:
        return {"email": f"member-{uuid4()}@example.com"}
    values: Row = {}
    for column in kind.columns.values():
        if not column.writable:
            continue
        if column.reference:
            some = ids.get(column.reference.kind, [])
            if not some and column.required_on_create:
                return None
            if some and (column.required_on_create or draw(st.booleans())):
                values[column.name] = draw(st.sampled_from(some))
        elif column.required_on_create or draw(st.booleans()):
            values[column.name] = draw(values_of(column, ids))
    return sensible(kind, values)


def values_of(column: Column, ids: Mapping[str, list[str]]) -> st.SearchStrategy[JSON]:
    """Give a strategy for the values that the server takes in a column."""
    if "enum" in column.schema:
        strategy = st.sampled_from(cast("list[JSON]", column.schema["enum"]))
    elif column.code and column.code != "email":
        codes = st.sampled_from([*GOOD[column.code], ""])
        strategy = cast("st.SearchStrategy[JSON]", st.lists(codes) if column.type.item else codes)
    elif column.type.name == "jsonb":
        strategy = _json(column, ids)
    elif column.type.name == "uuid":
        strategy = st.uuids().map(str)
    else:
        strategy = BY_TYPE[column.type.name]
    return st.none() | strategy if column.nullable else strategy.filter(lambda v: v is not None)


def _json(column: Column, ids: Mapping[str, list[str]]) -> st.SearchStrategy[JSON]:
    shapes = column.schema.get("type")
    names = [shapes] if isinstance(shapes, str) else list(cast("list[JSON]", shapes or []))
    known = [_BY_SHAPE[name] for name in names if name in _BY_SHAPE]
    # now and then a document of another shape: the server takes any
    strategy = st.one_of(*known, *known, documents) if known else documents
    for place in column.places:
        some = st.sampled_from([*ids.get(place.target.kind, []), ODD_TEXTS[-1], None])
        if place.property:
            holding = st.fixed_dictionaries({place.property: some, "amount": numbers})
            strategy = strategy | holding | st.fixed_dictionaries({"inner": st.lists(holding)})
        else:
            strategy = strategy | st.dictionaries(some.filter(bool), numbers, max_size=3)
    return strategy
