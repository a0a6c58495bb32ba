"""How the tables are related: what a request may embed, and under which names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from .refusal import Refusal
from .schema import Reference, Table, load_tables
from .words import alike

Cardinality = Literal["one-to-many", "many-to-one", "one-to-one", "many-to-many"]
_RANK = {"one-to-many": 0, "many-to-one": 1, "one-to-one": 2, "many-to-many": 3}


@dataclass(frozen=True, slots=True)
class Junction:
    """The table between two others; its references to the one and to the other."""

    table: str
    near: Reference
    far: Reference

    @property
    def constraints(self) -> tuple[str, ...]:
        """Its foreign keys to the one and to the other."""
        return (self.near.name, self.far.name)


@dataclass(frozen=True, slots=True)
class Relation:
    """A way from a table to another: ``column`` of the one equals ``target_column``."""

    table: str
    column: str
    target: str
    target_column: str
    cardinality: Cardinality
    constraint: str
    junction: Junction | None = None

    @property
    def is_to_one(self) -> bool:
        """Tell whether at most one row is found at its end."""
        return self.cardinality in {"many-to-one", "one-to-one"}

    @property
    def constraints(self) -> tuple[str, ...]:
        """The foreign keys along which it goes."""
        return (self.constraint,) if self.junction is None else self.junction.constraints

    @property
    def hint(self) -> str:
        """What can be written behind ``!`` to mean this one."""
        return self.junction.table if self.junction else self.constraint

    def described(self) -> dict[str, str]:
        """Describe it for somebody who has to choose."""
        if self.junction:
            near, far = self.junction.near, self.junction.far
            using = f"{self.junction.table} using {near.name}({near.column})"
            relationship = f"{using} and {far.name}({far.column})"
        else:
            using = f"{self.constraint} using {self.table}({self.column})"
            relationship = f"{using} and {self.target}({self.target_column})"
        return {
            "cardinality": self.cardinality,
            "embedding": f"{self.table} with {self.target}",
            "relationship": relationship,
        }


def find_relation(origin: str, wanted: str, hint: str | None) -> Relation:
    """Find the one relation that is meant; raise a Refusal with code PGRST200 or PGRST201."""
    known = relations().get(origin, ())
    found = [one for one in known if (_fits_itself if _is_self(one) else _fits)(one, wanted, hint)]
    if not found:
        raise _none_found(origin, wanted, hint)
    if len(found) > 1:
        raise _many_found(origin, wanted, found)
    return found[0]


@cache
def relations() -> Mapping[str, tuple[Relation, ...]]:
    """List all relations by their origin, in PostgREST's order."""
    all_relations = sorted(
        (*_along_references(), *_across_junctions()),
        key=lambda r: (r.target, _is_self(r), _RANK[r.cardinality], r.hint, *r.constraints),
    )
    by_origin: dict[str, list[Relation]] = {}
    for relation in all_relations:
        by_origin.setdefault(relation.table, []).append(relation)
    return {origin: tuple(found) for origin, found in by_origin.items()}


# --- which there are ------------------------------------------------------------------------


def _along_references() -> Iterator[Relation]:
    for table in load_tables().values():
        for reference in table.references:
            one = _is_unique(table, reference.column)
            there = (reference.table, reference.column, reference.target, reference.target_column)
            back = (reference.target, reference.target_column, reference.table, reference.column)
            yield Relation(*there, "one-to-one" if one else "many-to-one", reference.name)
            yield Relation(*back, "one-to-one" if one else "one-to-many", reference.name)


def _across_junctions() -> Iterator[Relation]:
    for table in load_tables().values():
        for near in table.references:
            for far in table.references:
                inside = {near.column, far.column} <= set(table.primary_key)
                single = _is_unique(table, near.column) or _is_unique(table, far.column)
                if near != far and inside and not single:
                    yield Relation(
                        near.target,
                        near.target_column,
                        far.target,
                        far.target_column,
                        "many-to-many",
                        near.name,
                        Junction(table.name, near, far),
                    )


def _is_unique(table: Table, column: str) -> bool:
    return (column,) in (table.primary_key, *table.unique)


# --- which one is meant ---------------------------------------------------------------------


def _is_self(relation: Relation) -> bool:
    return relation.table == relation.target


def _fits(relation: Relation, wanted: str, hint: str | None) -> bool:
    plain = relation.junction is None
    if hint is None:
        named = wanted in {relation.constraint, relation.column}
        return wanted == relation.target or (plain and named)
    hints = {relation.constraint, relation.column, relation.target_column}
    return wanted == relation.target and (hint in hints if plain else hint == relation.hint)


def _fits_itself(relation: Relation, wanted: str, hint: str | None) -> bool:
    if hint is not None:
        named = wanted == relation.target and relation.cardinality == "one-to-many"
        return named and hint == relation.target_column
    if relation.cardinality == "one-to-many":
        return wanted == relation.target
    return relation.cardinality == "many-to-one" and wanted == relation.column


# --- refusals -------------------------------------------------------------------------------


def _none_found(origin: str, wanted: str, hint: str | None) -> Refusal:
    between = f"'{origin}' and '{wanted}'"
    using = f"{between} using the hint '{hint}'" if hint else between
    return Refusal(
        400,
        "PGRST200",
        f"Could not find a relationship between {between} in the schema cache",
        details=f"Searched for a foreign key relationship between {using}"
        " in the schema 'public', but no matches were found.",
        hint=_proposal(origin, wanted),
    )


def _proposal(origin: str, wanted: str) -> str | None:
    if origin in relations():
        meant, near = wanted, alike(wanted, [one.target for one in relations()[origin]])
    else:
        meant, near = origin, alike(origin, list(relations()))
    return f"Perhaps you meant '{near[0]}' instead of '{meant}'." if near else None


def _many_found(origin: str, wanted: str, found: list[Relation]) -> Refusal:
    choices = ", ".join(f"'{one.target}!{one.hint}'" for one in found)
    return Refusal(
        300,
        "PGRST201",
        "Could not embed because more than one relationship was found for"
        f" '{origin}' and '{wanted}'",
        details=[one.described() for one in found],
        hint=f"Try changing '{wanted}' to one of the following: {choices}."
        " Find the desired relationship in the 'details' key.",
    )
