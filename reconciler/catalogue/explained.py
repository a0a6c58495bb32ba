"""What people ask to have explained: a code, a kind, or a column of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from ..diagnostics import UsageError
from ..diagnostics.explanations import Explanation, explanations, most_like
from ..values.column import Column
from .kind import Kind


@dataclass(frozen=True, slots=True)
class Asked:
    """What a name stands for; a code and a kind may have the same."""

    code: Explanation | None = None
    kind: Kind | None = None
    column: Column | None = None

    @classmethod
    def of(
        cls, name: str, kinds: Mapping[str, Kind], *, create: bool = False, facts: bool = False
    ) -> "Asked":
        """Find what is meant; raises UsageError, naming what is most like it.

        ``create`` asks how a row of a kind is made, ``facts`` for the facts of a kind or a column:
        no code has either.
        """
        first, dot, rest = name.partition(".")
        if create and (dot or first not in kinds):
            hint = f"name one, such as {next(iter(kinds))}"
            raise UsageError("--create is about a kind", hint=hint)
        code = explanations().get(name)
        if facts and first not in kinds and (code or not name):
            raise UsageError("--format json is about a kind or a column", hint="name one")
        if code and not (create or facts):
            return cls(code, kinds.get(name))
        if not name:
            return cls()
        kind = kind_named(first, kinds)
        if create and "create" not in kind.verbs:
            raise UsageError(f"rows of {name} cannot be created", hint=f"reconciler explain {name}")
        return cls(None, kind, column_named(kind, rest) if dot else None)


def kind_named(name: str, kinds: Mapping[str, Kind]) -> Kind:
    """Find a kind; raises UsageError that says which kind or code may be meant.

    A name with an underscore is first taken for a kind.
    """
    if name in kinds:
        return kinds[name]
    kind_like = get_close_matches(name, kinds, 1)
    code_like = most_like(name, explanations())
    near = (kind_like and kind_like[0]) or code_like
    if "_" not in name and code_like:
        near = code_like
    hint = f"did you mean {near}?" if near else "`reconciler explain` lists all codes and kinds"
    raise UsageError(f"there is no code or kind {name}", hint=hint)


def column_named(kind: Kind, name: str) -> Column:
    """Find a column of a kind; raises UsageError that says which may be meant."""
    columns = kind.all_columns
    if name in columns:
        return columns[name]
    near = get_close_matches(name, columns, 1)
    hint = f"did you mean {near[0]}?" if near else f"`reconciler explain {kind.name}` lists all"
    raise UsageError(f"{kind.name} has no column {name!r}", hint=hint)
