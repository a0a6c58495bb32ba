"""What the instances of each file made, for a process that expands a folder again and again.

It depends on the file, on all templates and on the kinds, and is asked for with each of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ...catalogue import Kind
from ..load import Loaded, Source
from ..load.nodes import MappingNode
from .names import TEMPLATES


@dataclass(slots=True)
class MadeBefore:
    """Remembers files of which nothing was wrong; with other templates or kinds it begins anew."""

    kinds: Mapping[str, Kind] | None = None
    templates: list[MappingNode] = field(default_factory=list)
    files: dict[str, tuple[MappingNode, tuple[Source, ...]]] = field(default_factory=dict)

    def begin(self, loaded: Loaded, kinds: Mapping[str, Kind]) -> None:
        """Forget all of it where it is about other templates, or other kinds."""
        roots = [source.root for source in loaded.sources if source.root is not None]
        templates = [root for root in roots if TEMPLATES in root.entries]
        same = len(templates) == len(self.templates) and all(
            one is other for one, other in zip(templates, self.templates, strict=True)
        )
        if not same or self.kinds is not kinds:
            self.files.clear()
        self.kinds, self.templates = kinds, templates

    def of(self, source: Source) -> tuple[Source, ...] | None:
        """Give what a file becomes, where it is the same as before."""
        known = self.files.get(source.file)
        return known[1] if known and known[0] is source.root else None

    def keep(self, source: Source, made: tuple[Source, ...]) -> None:
        """Remember what a file became; nothing was wrong with it."""
        if source.root is not None:
            self.files[source.file] = source.root, made
