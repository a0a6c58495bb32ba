"""From a declaration to a resource: which columns may be given, and their values."""

from collections.abc import Mapping

from ...catalogue import Kind
from ...diagnostics import Code
from ...diagnostics.words import shortened
from ...values.address import Address
from ...values.column import JSON, Column
from ..load.nodes import BlockNode, Entry
from ..load.problems import ProblemReport
from ..places import Keeper
from ..resource import Resource, Value
from .cell import Bad, Cell
from .declaration import Declared
from .directives import read_directives
from .quick import QuickReader
from .relations import report_relations
from .schema import Gate, NotPlainError, plain
from .suggest import Suggester
from .values import ValueReader


class ResourceReader:
    """Reads declared resources, one at a time; ``declared`` are all addresses there are."""

    def __init__(
        self,
        kinds: Mapping[str, Kind],
        declared: Mapping[Address, Declared],
        values: ValueReader,
        report: ProblemReport,
        suggest: Suggester,
    ) -> None:
        self._kinds = kinds
        self._declared = declared
        self._values = values
        self._report = report
        self._suggest = suggest
        self._gate = Gate(suggest)
        self._places = Keeper()
        self._quick = QuickReader(values.references)

    def read(self, declared: Declared) -> Resource:
        """Read one resource; columns that are wrong are reported and left out."""
        kind = self._kinds[declared.address.kind]
        columns = declared.columns
        if isinstance(columns, BlockNode):
            values = self._quick.read(kind, columns)
            if values is not None:
                return Resource(declared.address, values, columns)
        cells: list[tuple[Cell, Value]] = []
        entries = columns.entries
        for name, entry in entries.items():
            if name.startswith("$"):
                continue
            column = self._column(name, kind, entry, declared.address)
            if column is None:
                continue
            cell = Cell(column, entry, declared.address, self._report)
            value = self._values.read(cell)
            if not isinstance(value, Bad):
                cells.append((cell, value))
        self._judge(kind, cells)
        report_relations(kind, {cell.column.name: (cell, value) for cell, value in cells})
        directives = read_directives(declared, kind, self._declared, self._report, self._suggest)
        return Resource(
            address=declared.address,
            values={c.column.name: v for c, v in cells if c.column.name not in kind.inputs},
            inputs={c.column.name: v for c, v in cells if c.column.name in kind.inputs},
            places=self._places.keep(declared.origin, declared.start, columns),
            ignore=directives.ignore,
            absent=directives.absent,
            renamed_from=directives.renamed_from,
        )

    def _column(self, name: str, kind: Kind, entry: Entry, address: Address) -> Column | None:
        column = kind.inputs.get(name) or kind.columns.get(name)
        if column is not None and column.writable:
            return column
        place = entry.origin.position(entry.key)
        code, message, hint = _why_not(name, kind, column, self._suggest)
        self._report.error(code, message, place, address=str(address), hint=hint)
        return None

    def _judge(self, kind: Kind, cells: list[tuple[Cell, Value]]) -> None:
        """Let the schema judge what is known already; ids and unset variables are not."""
        judged: dict[str, JSON] = {}
        for cell, value in cells:
            if cell.column.reference is None:
                try:
                    judged[cell.column.name] = plain(value)
                except NotPlainError:
                    continue
        if self._gate.is_silent(kind, judged):
            return
        for cell, _ in cells:
            if cell.column.name in judged:
                self._gate.explain(kind, cell, judged[cell.column.name])


def missing_on_create(kind: Kind, resource: Resource) -> tuple[str, ...]:
    """Name the columns and inputs that creating the row would need and YAML does not give."""
    if all(map(resource.values.__contains__, kind.required)):
        return ()  # nearly all have everything
    if resource.absent or "create" not in kind.verbs:
        return ()
    return tuple(
        name
        for name in kind.required
        if name not in resource.values and name not in resource.inputs
    )


def _why_not(
    name: str, kind: Kind, column: Column | None, suggest: Suggester
) -> tuple[Code, str, str | None]:
    if column is None:
        writable = [c.name for c in kind.columns.values() if c.writable]
        otherwise = f"`reconciler explain {kind.name}` lists its columns"
        hint = suggest.hint(name, [*writable, *kind.inputs], otherwise)
        return "unknown-column", f"{kind.name} has no column {shortened(name)!r}", hint
    if column.filled:
        message = f"{name} is filled in by the tool: it is the organization of the whole folder"
        return "filled-column", message, "take it out; see `organization` in `reconciler:`"
    if name == kind.id_column:
        chooser = "the server chooses it" if kind.server_chooses_id else "it is computed"
        message = f"{kind.name}.{name} cannot be given: {chooser}"
        return "server-column", message, "take it out; `reconciler import` adopts a row by its id"
    message = f"{kind.name}.{name} is written by the server only"
    return "server-column", message, f"take it out. It is: {column.description}"
