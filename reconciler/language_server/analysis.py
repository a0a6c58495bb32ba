"""What one folder says with its overlays: read, checked, and looked into by features."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from ..catalogue import Kind
from ..configuration import validate as validation
from ..configuration.load import Loaded, Source
from ..configuration.resource import Configuration, Resource
from ..configuration.validate import Examined
from ..configuration.validate.declaration import Declared
from ..diagnostics import Problem
from ..values.address import Address
from .index import Index, Memory
from .schema import Walker
from .text import Encoding, Text


@dataclass(frozen=True)
class Analysis:
    """One folder at one moment; ``problems`` are those that ``validate`` tells of it.

    ``kinds`` is None where its catalogue is wrong: then nothing else is known. ``versions`` are
    those of the open documents that were read.
    """

    folder: Path
    problems: tuple[Problem, ...]
    kinds: Mapping[str, Kind] | None = field(default=None, repr=False)
    loaded: Loaded | None = field(default=None, repr=False)
    examined: Examined | None = field(default=None, repr=False)
    organization: str | None = None
    versions: Mapping[Path, int] = field(default_factory=dict)
    memory: Memory = field(default_factory=Memory, repr=False)
    right: validation.Memory = field(default_factory=validation.Memory, repr=False)
    notes: tuple[Problem, ...] = ()
    """What is wrong with what only editors read."""
    policies: Mapping[Path, bytes] = field(default_factory=dict, repr=False)
    """The policy files that are open, as they are in the editor."""
    _texts: dict[str, Text] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def index(self) -> Index:
        """Where keys stand; it finds nothing where nothing was read."""
        sources = tuple(self.loaded.sources) if self.loaded else ()
        return Index(self.kinds or {}, sources, self.memory)

    @cached_property
    def walker(self) -> Walker:
        """What may stand where, by the kinds and the templates of the folder."""
        return self.memory.walk(self.kinds or {}, self.loaded)

    @property
    def configuration(self) -> Configuration | None:
        """The configuration, where nothing is wrong with it."""
        return self.examined.configuration if self.examined else None

    @property
    def declared(self) -> Mapping[Address, Declared]:
        """Everything that has an address, be it right or not."""
        declared = self.examined.declared if self.examined else None
        return declared.by_address if declared else {}

    @property
    def resources(self) -> Mapping[Address, Resource]:
        """The resources, without the columns that are wrong."""
        return self.examined.resources if self.examined else {}

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """The files that were read, by the name that places have."""
        found = self.loaded.sources if self.loaded else ()
        return {source.file: source for source in found}

    @cached_property
    def paths(self) -> frozenset[Path]:
        """The paths of the files that were read."""
        return frozenset(source.path for source in self.sources.values())

    def text(self, file: str, encoding: Encoding) -> Text | None:
        """Give the text of a file that was read, by its name in places."""
        source = self.sources.get(file)
        if source is not None and file not in self._texts:
            self._texts[file] = Text(source.text, encoding)
        return self._texts.get(file)
