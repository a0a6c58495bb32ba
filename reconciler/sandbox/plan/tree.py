"""The tree of what shall be read: first its shape, then filters and the like put in place.

The order of the steps is PostgREST's, since it decides which of several mistakes is told, and
since a kind that is filtered moves to the front of its siblings.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from ..query import (
    Condition,
    Embedded,
    Field,
    Filter,
    Is,
    Join,
    Logic,
    Order,
    Path,
    Query,
    SelectField,
    SelectItem,
    SelectRelation,
)
from ..ranges import ALL, Range, page
from ..refusal import Refusal
from ..relations import Relation, find_relation
from ..schema import Table, load_tables
from .read import Child, Read


@dataclass(slots=True, eq=False)
class _Draft:
    """A node while things are put in place; the root has no relation."""

    name: str
    alias: str | None = None
    hint: str | None = None
    join: Join | None = None
    spread: bool = False
    fields: list[SelectField] = field(default_factory=list)
    children: "list[_Draft]" = field(default_factory=list)
    where: list[Condition] = field(default_factory=list)
    order: tuple[Order, ...] = ()
    window: Range = ALL

    @property
    def key(self) -> str:
        return self.name if self.alias is None else self.alias


def plan_read(table: Table, query: Query, *, window: Range | None, written: bool = False) -> Read:
    """Plan what a list reads, or what a write answers of the rows it touched.

    Of a write's rows the filters, orders and windows are not asked again, but logic trees are:
    so does PostgREST 11.1. Raise a Refusal for what cannot be embedded.
    """
    root = _Draft(table.name)
    _select(root, query.select)
    if written and not query.select:
        # A write gives its key back in any case, and here nothing else.
        root.fields = [SelectField(Field(column)) for column in sorted(table.primary_key)]
    for path, one in reversed([pair for pair in query.filters if pair[0] or not written]):
        _at(root, path).where.insert(0, one)
    if not written:
        for path, order in reversed(query.order):
            _at(root, path).order = order
        for path, found in query.windows.items():
            if path:
                _at(root, path).window = found
    for path, tree in reversed(query.logic):
        _at(root, path).where.insert(0, tree)
    numbers = count(1)
    related = _relate(root, table.name, 0, numbers)
    root.window = window or ALL
    return _finished(root, table, table.name, related, is_cut=not written)


def _select(draft: _Draft, items: tuple[SelectItem, ...]) -> None:
    for item in items:
        if isinstance(item, SelectField):
            draft.fields.append(item)
        else:
            child = _child(item)
            draft.children.append(child)
            _select(child, item.children)


def _child(item: SelectRelation) -> _Draft:
    return _Draft(item.name, item.alias, item.hint, item.join, item.spread)


def _at(draft: _Draft, path: Path) -> _Draft:
    """Find the node of a path; on the way it moves to the front of its siblings."""
    for name in path:
        found = next((c for c in draft.children if name in {c.name, c.alias}), None)
        if found is None:
            raise _not_embedded(name)
        draft.children.remove(found)
        draft.children.insert(0, found)
        draft = found
    return draft


# --- relations ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Related:
    """A draft with its relation and number, and those below it."""

    draft: _Draft
    relation: Relation
    depth: int
    number: int
    children: "tuple[_Related, ...]"


def _relate(draft: _Draft, origin: str, depth: int, numbers: Iterator[int]) -> tuple[_Related, ...]:
    found = []
    for child in draft.children:
        relation = find_relation(origin, child.name, child.hint)
        number = next(numbers)
        below = _relate(child, relation.target, depth + 1, numbers)
        found.append(_Related(child, relation, depth + 1, number, below))
    return tuple(found)


# --- the finished tree ----------------------------------------------------------------------


def _finished(
    draft: _Draft, table: Table, label: str, related: tuple[_Related, ...], *, is_cut: bool
) -> Read:
    _check_orders(draft, table.name, related)
    children = []
    for one in related:
        if one.draft.spread and not one.relation.is_to_one:
            raise _not_to_one("PGRST119", "A spread operation", table.name, one.draft.name)
        children.append(_finished_child(one, is_cut=is_cut))
    return Read(
        table,
        label,
        tuple(draft.fields),
        tuple(_with_embedded(condition, draft) for condition in draft.where),
        draft.order,
        page(draft.window) if is_cut else draft.window,
        tuple(children),
    )


def _finished_child(one: _Related, *, is_cut: bool) -> Child:
    table = load_tables()[one.relation.target]
    label = table.name if one.relation.junction else f"{table.name}_{one.depth}"
    read = _finished(one.draft, table, label, one.children, is_cut=is_cut)
    draft = one.draft
    return Child(
        read,
        one.relation,
        one.depth,
        one.number,
        draft.name,
        draft.alias,
        draft.join,
        draft.spread,
    )


def _check_orders(draft: _Draft, name: str, related: tuple[_Related, ...]) -> None:
    for term in draft.order:
        if term.relation is None:
            continue
        found = next((one for one in related if one.draft.key == term.relation), None)
        if found is None:
            raise _not_embedded(term.relation)
        if not found.relation.is_to_one:
            raise _not_to_one("PGRST118", "A related order", name, term.relation)


def _with_embedded(condition: Condition, draft: _Draft) -> Condition:
    """Turn a filter on an embedded kind's name into the test it means."""
    if isinstance(condition, Logic):
        children = tuple(_with_embedded(child, draft) for child in condition.children)
        return Logic(condition.negated, condition.operator, children)
    if not isinstance(condition, Filter) or condition.field.steps:
        return condition
    child = next((c for c in draft.children if c.key == condition.field.name), None)
    if child is None:
        return condition
    if condition.operation != Is("null"):
        raise Refusal(
            400,
            "PGRST120",
            f"Bad operator on the '{child.name}' embedded resource",
            details="Only is null or not is null filters are allowed on embedded resources",
        )
    return Embedded(child.key, condition.negated)


def _not_embedded(name: str) -> Refusal:
    return Refusal(
        400,
        "PGRST108",
        f"'{name}' is not an embedded resource in this request",
        hint=f"Verify that '{name}' is included in the 'select' query parameter.",
    )


def _not_to_one(code: str, what: str, origin: str, target: str) -> Refusal:
    return Refusal(
        400,
        code,
        f"{what} on '{target}' is not possible",
        details=f"'{origin}' and '{target}' do not form a many-to-one or one-to-one relationship",
    )
