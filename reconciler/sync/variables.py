"""Variables that stand where live values differ: never replaced, but given another value.

A variable gets the live value where it is in a file that may be updated, and where everything else
that uses it says the same with it. Else it is left, and told.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from ..configuration.load import Variables
from ..configuration.load.files import absolute, shown
from ..configuration.load.nodes import Node, Scalar
from ..configuration.load.variable_file import Sources, changed_variables
from ..configuration.load.variables import PREFIX, Around, around
from ..configuration.provenance import Provenance
from ..configuration.resource import Configuration
from ..values.address import Address
from ..values.column import JSON, Column
from ..values.core import read_core
from ..values.jsonform import same_json
from ..values.unreadable import UnreadableError
from ..yamltext.emit import flow
from .holding import Need, variables_in

_LONGEST = 40
"""Characters of a value that a note shows."""


class Use(NamedTuple):
    """Where variables stand in a column that differs."""

    column: Column
    needs: tuple[Need, ...]


@dataclass(slots=True)
class Uses:
    """The columns with variables in them that differ, and why their variables are left.

    ``solved`` are the names that got other values, with which nothing should differ.
    """

    found: dict[tuple[Address, str], Use] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    solved: frozenset[str] = frozenset()

    def add(self, address: Address, column: Column, needs: tuple[Need, ...]) -> None:
        """Note where variables stand in a column that differs."""
        if needs:
            self.found[address, column.name] = Use(column, needs)

    def differing(self) -> Iterator[tuple[Address, Column, Need]]:
        """Iterate over what differs because of a variable."""
        for (address, _), use in self.found.items():
            yield from ((address, use.column, need) for need in use.needs if need.differs)

    def notes(self, sources: Sources | None, variables: Variables) -> Iterator[str]:
        """Say which values are left to their variables, and where those have theirs from."""
        places = sources.places() if sources and self.found else {}
        for address, column, need in self.differing():
            names = dict.fromkeys(variables_in(need.node))
            marks = " and ".join(
                f"${{{name}}}{_where(name, sources, variables, places.get(name))}" for name in names
            )
            live = _shown(column, need.live)
            why = [self.reasons[name] for name in names if name in self.reasons]
            end = f": {'; '.join(why)}" if why else ""
            yield f"{address} is left as it is: {column.name} {live}, and {marks} gives it{end}"


class Solved(NamedTuple):
    """The values that variables get, and the files that then say so."""

    values: Mapping[str, str]
    files: Mapping[Path, bytes]


def solve(
    uses: Uses,
    provenance: Provenance,
    configuration: Configuration,
    sources: Sources,
    variables: Variables,
    refused: Iterable[str] = (),
) -> Solved:
    """Find values with which variables say what is live, and say why others have none.

    ``refused`` are names that were tried before, in vain.
    """
    wanted: dict[str, set[str]] = {}
    for _, column, need in uses.differing():
        for name, value in _wanted(column, need):
            wanted.setdefault(name, set()).update([] if value is None else [value])
            if value is None or name in refused:
                uses.reasons.setdefault(name, "no value of it alone says what is live")
    if wanted and sources.update is not None:
        _add_others(wanted, uses, provenance, configuration, variables)
    places = sources.places() if wanted else {}
    for name, values in wanted.items():
        reason = _why_left(variables.get(name), values, places.get(name), sources.update)
        if reason:
            uses.reasons.setdefault(name, reason)
    chosen = {name: min(values) for name, values in wanted.items() if name not in uses.reasons}
    if not chosen or sources.update is None:
        return Solved({}, {})
    data = changed_variables(sources.update, chosen)
    if data is None:
        reason = f"{shown(absolute(sources.update))} cannot be edited there"
        uses.reasons.update(dict.fromkeys(chosen, reason))
        return Solved({}, {})
    return Solved(chosen, {sources.update: data})


def _why_left(
    value: str | None, values: set[str], file: Path | None, update: Path | None
) -> str | None:
    if update is None:
        return f"--update-var-file {shown(absolute(file))} writes it there" if file else None
    if file is None or absolute(file) != absolute(update):
        return f"it is not {shown(absolute(update))} that sets it"
    if not value:
        return "it is empty"
    return "it would need different values" if len(values) > 1 else None


def _wanted(column: Column, need: Need) -> Iterator[tuple[str, str | None]]:
    """Give the value that each variable of a text would need; None where it takes more."""
    found = around(need.node.text) if isinstance(need.node, Scalar) else None
    filled = _as_text(column, need, found) if found else None
    value = found.value_for(filled) if found and filled is not None else None
    for name in dict.fromkeys(variables_in(need.node)):
        yield name, value


def _as_text(column: Column, need: Need, found: Around) -> str | None:
    """Write a live value as the text that would be read as it; None where none is."""
    live = need.live
    if live is None or isinstance(live, list | dict):
        return None
    text = live.replace("$${", "${") if isinstance(live, str) else flow(live)
    if column.type.form != "json" or not isinstance(need.node, Scalar):
        return text
    if not need.node.plain:
        return text if isinstance(live, str) else None
    try:
        read = read_core(text)
    except UnreadableError:
        return None
    return text if same_json(read, live) else None


def _add_others(
    wanted: dict[str, set[str]],
    uses: Uses,
    provenance: Provenance,
    configuration: Configuration,
    variables: Variables,
) -> None:
    """Add the value that variables have now, for all that does not differ with it."""
    for node in _others(uses, provenance, configuration):
        for name in variables_in(node):
            if name in wanted:
                wanted[name].add(variables.get(name) or "")


def _others(uses: Uses, provenance: Provenance, configuration: Configuration) -> Iterator[Node]:
    for use in uses.found.values():
        yield from (need.node for need in use.needs if not need.differs)
    for address in configuration.resources:
        for name, entry in provenance.counting(address).items():
            if (address, name) not in uses.found:
                yield entry.value
    if provenance.settings:
        yield provenance.settings.value


def _where(name: str, sources: Sources | None, variables: Variables, file: Path | None) -> str:
    if variables.get(name) is None:
        return " (not set)"
    if sources is None:
        return ""
    if file:
        return f" ({shown(absolute(file))})"
    return " (given by hand)" if name in sources.given else f" ({PREFIX}{name})"


def _shown(column: Column, live: JSON) -> str:
    text = "" if column.private or isinstance(live, list | dict) else flow(live)
    return f"is {text} live" if text and len(text) <= _LONGEST else "differs"
