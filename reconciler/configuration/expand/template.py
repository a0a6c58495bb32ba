"""Templates as they are declared: found in all files, and looked through once each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from ...catalogue import Kind
from ...diagnostics import Position
from ...diagnostics.words import shortened
from ..load import SETTINGS, Loaded
from ..load.nodes import Entry, MappingNode, Node, Scalar, SequenceNode, is_null
from ..load.variables import NAME
from .marks import alone, named_in
from .names import (
    DEEPEST,
    DEFAULTS,
    DESCRIPTION,
    KEY,
    MOST_TEMPLATES,
    OMIT,
    PARAMETERS,
    TEMPLATES,
    WHEN,
    WITH,
)
from .parameters import Parameter, read_parameters
from .tell import Tell

_TAKEN = frozenset({SETTINGS, TEMPLATES, DEFAULTS, PARAMETERS, DESCRIPTION})


@dataclass(frozen=True, slots=True)
class Template:
    """A template: ``sections`` are the kinds and templates that it makes, in their order.

    ``switches`` are the parameters that decide whether something is made.
    """

    name: str
    entry: Entry
    parameters: Mapping[str, Parameter]
    sections: Mapping[str, Entry]
    switches: frozenset[str]


def read_templates(
    loaded: Loaded, kinds: Mapping[str, Kind], tell: Tell
) -> Mapping[str, Template | None]:
    """Read the templates of all files; one that is wrong is reported, and None."""
    written = _written(loaded, kinds, tell)
    found: dict[str, Template | None] = {}
    for name, entry in written.items():
        before = tell.report.count
        template = _Reader(name, entry, kinds, written, tell).read()
        found[name] = template if tell.report.count == before else None
    for name in _too_deep({n: t for n, t in found.items() if t}, tell):
        found[name] = None
    while spoiled := {name for name, t in found.items() if t and _uses_a_wrong_one(t, found)}:
        found.update(dict.fromkeys(spoiled))
    return found


def rows_of(entry: Entry) -> Iterator[tuple[Entry | None, Node, Entry]]:
    """Iterate over the rows of a section: the entry of each, if it has one, and its node."""
    node = entry.value
    if isinstance(node, MappingNode):
        for item in node.entries.values():
            yield item, item.value, item
    elif isinstance(node, SequenceNode):
        for each in node.items:
            yield None, each, entry


def _written(loaded: Loaded, kinds: Mapping[str, Kind], tell: Tell) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for source in loaded.sources:
        entry = source.root.entries.get(TEMPLATES) if source.root else None
        if entry is None or is_null(entry.value):
            continue
        if not isinstance(entry.value, MappingNode):
            hint = "write templates: {house: {parameters: {…}, products: {…}}}"
            tell.error("bad-template", "`templates` takes a mapping", entry.position, hint)
            continue
        for name, item in entry.value.entries.items():
            place = item.origin.position(item.key)
            if reason := _why_no_name(name, kinds):
                message = f"the template {shortened(name)!r} {reason}"
                tell.error("bad-template", message, place, "rename the template")
            elif name in found:
                first = found[name].origin.position(found[name].key)
                message = f"the template {name} is given twice, first at {first}"
                tell.error("bad-template", message, place, "keep one, or rename the template")
            elif len(found) < MOST_TEMPLATES:
                found[name] = item
            else:
                message = f"there are more than {MOST_TEMPLATES:,} templates"
                tell.error("bad-template", message, place, "make some of them one, with parameters")
                return found
    return found


def _why_no_name(name: str, kinds: Mapping[str, Kind]) -> str | None:
    if name in kinds:
        return "is called like a kind"
    if name in _TAKEN:
        return "is called like something else of the configuration"
    if not NAME.match(name.replace("-", "_")) or name.startswith("x-"):
        return "has no name that can be used: letters, digits, '_' and '-', not x- at first"
    return None


@dataclass(frozen=True, slots=True)
class _Reader:
    name: str
    entry: Entry
    kinds: Mapping[str, Kind]
    templates: Mapping[str, Entry]
    tell: Tell

    def read(self) -> Template | None:
        if not isinstance(self.entry.value, MappingNode):
            hint = "write the kinds that it makes below its name"
            self._wrong("takes a mapping", self.entry.value, self.entry, hint)
            return None
        entries = self.entry.value.entries
        parameters = read_parameters(self.name, entries.get(PARAMETERS), self.tell)
        sections = {n: e for n, e in entries.items() if n not in (PARAMETERS, DESCRIPTION)}
        switches: set[str] = set()
        for name, section in sections.items():
            if self._section_fits(name, section):
                for item, row, within in rows_of(section):
                    switches |= self._row(item, row, within, parameters)
        return Template(self.name, self.entry, parameters, sections, frozenset(switches))

    def _section_fits(self, name: str, section: Entry) -> bool:
        kind = self.kinds.get(name)
        if name not in self.templates and (kind is None or not kind.in_yaml):
            names = [*(k.name for k in self.kinds.values() if k.in_yaml), *self.templates]
            hint = self.tell.hint(
                name, [*names, PARAMETERS], "`reconciler explain` lists the kinds"
            )
            self._wrong(
                f"makes {shortened(name)!r}, which is no kind or template",
                section.key,
                section,
                hint,
            )
            return False
        wanted = SequenceNode if kind and kind.is_link else MappingNode
        if isinstance(section.value, wanted) or is_null(section.value):
            return True
        what = "a list of pairs" if kind and kind.is_link else "a mapping of keys"
        self._wrong(f"{name} takes {what}", section.value, section)
        return False

    def _row(
        self, item: Entry | None, row: Node, within: Entry, parameters: Mapping[str, Parameter]
    ) -> set[str]:
        if item is not None:
            self._check_key(item.key, item)
        when = row.entries.get(WHEN) if isinstance(row, MappingNode) else None
        self._check(row, within, (KEY, *parameters))
        omit = row.entries.get(OMIT) if isinstance(row, MappingNode) else None
        if omit is not None:
            self._wrong(f"{OMIT} is for {WITH} of an instance", omit.key, omit)
        if when is None:
            return set()
        name = alone(when.value.text) if isinstance(when.value, Scalar) else None
        if name and name in parameters and parameters[name].type == "boolean":
            return {name}
        message = f"template {self.name}: $when takes a parameter of type boolean alone"
        self.tell.error("bad-when", message, when.position, 'write $when: "${sauna}"')
        return set()

    def _check(self, node: Node, within: Entry, names: tuple[str, ...]) -> None:
        """Check that only parameters are named, and in keys only the instance's key."""
        if isinstance(node, Scalar):
            self._check_text(node, within, names)
        elif isinstance(node, SequenceNode):
            for item in node.items:
                self._check(item, within, names)
        else:
            for entry in node.entries.values():
                self._check_key(entry.key, entry)
                self._check(entry.value, entry, names)

    def _check_text(self, node: Scalar, within: Entry, names: tuple[str, ...]) -> None:
        for name, written in named_in(node.text):
            if name in names:
                continue
            hint = "declare it; a variable comes in as an argument, or as a parameter's default"
            if name is None:
                message = f"{shortened(written)!r} is no parameter"
                hint = "write ${NAME} of a parameter, which may have a default; a plain '${' is $${"
            else:
                message = f"{shortened(name)} is no parameter"
                hint = self.tell.hint(name, names, hint) or hint
            self._wrong_name(message, within.origin.position(node), hint)

    def _check_key(self, key: Scalar, within: Entry) -> None:
        for name, written in named_in(key.text):
            if name != KEY:
                message = f"{shortened(written)} stands in a key, where only ${{key}} may"
                self._wrong_name(message, within.origin.position(key), None)

    def _wrong_name(self, says: str, place: Position, hint: str | None) -> None:
        self.tell.error("unknown-parameter", f"template {self.name}: {says}", place, hint)

    def _wrong(self, says: str, node: Node, within: Entry, hint: str | None = None) -> None:
        place = within.origin.position(node)
        self.tell.error("bad-template", f"template {self.name}: {says}", place, hint)


def _too_deep(templates: Mapping[str, Template], tell: Tell) -> Iterator[str]:
    """Find the templates that use themselves, or too many in a row; each is reported."""
    uses = {n: [i for i in t.sections if i in templates] for n, t in templates.items()}
    while True:
        try:
            ordered = list(TopologicalSorter(uses).static_order())
            break
        except CycleError as error:
            cycle: list[str] = error.args[1][::-1]
        way = " → ".join(cycle if len(cycle) <= DEEPEST else [*cycle[:DEEPEST], "…", cycle[-1]])
        _refuse(templates[cycle[0]], f"uses itself: {way}", "take one of these uses out", tell)
        yield from cycle[:-1]
        uses = {name: [] if name in cycle else inner for name, inner in uses.items()}
    depths: dict[str, int] = {}
    for name in ordered:
        depths[name] = 1 + max((depths[inner] for inner in uses[name]), default=0)
        if depths[name] > DEEPEST:
            says = f"uses templates more than {DEEPEST} deep"
            _refuse(templates[name], says, "write some of them out", tell)
            yield name


def _refuse(template: Template, says: str, hint: str, tell: Tell) -> None:
    place = template.entry.origin.position(template.entry.key)
    tell.error("template-cycle", f"template {template.name} {says}", place, hint)


def _uses_a_wrong_one(template: Template, found: Mapping[str, Template | None]) -> bool:
    return any(name in found and found[name] is None for name in template.sections)
