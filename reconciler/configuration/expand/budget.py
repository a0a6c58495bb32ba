"""How much may be made: templates and defaults are counted before either is expanded."""

from collections.abc import Iterable, Mapping

from ...diagnostics import Position
from ..load import Source
from ..load.nodes import MappingNode, Node, SequenceNode, items
from .defaults import Defaults
from .make import Instance
from .size import Size, most, size_made, size_of, sums_of
from .tell import Tell
from .template import Template


class Budget:
    """Counts what will be made; the first that is too much is reported."""

    def __init__(self, resources: int, tell: Tell) -> None:
        self._most = most(resources)
        self._tell = tell
        self._size = Size()

    def holds_instances(
        self, instances: Iterable[Instance], templates: Mapping[str, Template]
    ) -> bool:
        """Count what instances make; False where it is too much."""
        sums = sums_of(templates)
        for instance in instances:
            template = instance.template
            size = size_made(template, sums[template.name], instance.key.text, instance.node)
            name = f"{template.name}.{instance.key.text}"
            if not self._holds(size, f"{name} templates", instance.place.position):
                return False
        return True

    def holds_defaults(self, defaults: Defaults, sources: Iterable[Source]) -> bool:
        """Count the defaults that the resources of all files get; False where it is too much."""
        sizes: dict[tuple[str, str], Size] = {}
        for source in sources:
            file = source.file if source.file in defaults.files else ""
            for kind, entry in source.root.entries.items() if source.root else ():
                given = defaults.of(kind, file)
                if not given:
                    continue
                if (kind, file) not in sizes:
                    sizes[kind, file] = size_of(MappingNode(dict(given), 0))
                first = next(iter(given.values()))
                place = first.origin.position(first.key)
                size = sizes[kind, file].times(_count(entry.value))
                if not self._holds(size, f"those of {kind} defaults", place):
                    return False
        return True

    def _holds(self, size: Size, what: str, place: Position) -> bool:
        self._size += size
        pairs = zip(Size._fields, self._size, self._most, strict=True)
        over = [f"{may:,} {name}" for name, has, may in pairs if has > may]
        if over:
            message = f"with {what} make more than {over[0]}; nothing was made"
            hint = "where so much is meant: --max-made N, a number of resources"
            self._tell.error("too-much-made", message, place, hint)
        return not over


def _count(section: Node) -> int:
    """Count the resources of a section."""
    if isinstance(section, SequenceNode):
        return len(section.items)
    return sum(1 for _ in items(section)) if isinstance(section, MappingNode) else 0
