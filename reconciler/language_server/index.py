"""Where keys stand in the files of a folder: where each is given, and everywhere it is used.

It is made file by file when somebody asks, and of a file that did not change never again. A key
is looked for only in files whose text holds it.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from ..catalogue import Kind
from ..configuration.expand import TEMPLATES
from ..configuration.load import Loaded, Source
from ..editor.templates import templates_of
from ..moving.mentions import Mention, Mentions
from ..values.address import Address
from ..yamltext.read import read
from ..yamltext.tree import Tree
from .schema import Walker

_ESCAPE = "\\"
"""Where texts have escapes, a key may be written in other characters."""


class Site(NamedTuple):
    """A place where a key stands; offsets are those of the file's text."""

    path: Path
    file: str
    mention: Mention

    @property
    def start(self) -> int:
        """Where it begins, without a quote."""
        return self.mention.node.start + (1 if self.mention.node.style else 0)

    @property
    def stop(self) -> int:
        """Where it is over, without a quote."""
        return self.mention.node.stop - (1 if self.mention.node.style else 0)

    @property
    def address(self) -> Address:
        """What it names; of the instances of a template the kind is the template's name."""
        if self.mention.whole:
            kind, _, key = self.mention.node.text.partition(".")
            return Address(kind, key)
        return Address(self.mention.name, self.mention.node.text)


class _Known(NamedTuple):
    text: str
    mentions: Mentions
    found: tuple[Mention, ...]


@dataclass(slots=True)
class Memory:
    """What was found in files, for one analysis after the other."""

    files: dict[Path, _Known] = field(default_factory=dict)
    templates: tuple[str, ...] = ()
    mentions: Mentions | None = None
    walker: Walker | None = None
    walked: tuple[str, ...] = ()
    """The texts whose templates the walker knows."""

    def walk(self, kinds: Mapping[str, Kind], loaded: Loaded | None) -> Walker:
        """Give the schema of a folder, made anew only where its templates may be others."""
        sources = loaded.sources if loaded else ()
        texts = tuple(source.text for source in sources if TEMPLATES in source.text)
        if self.walker is None or self.walker.kinds is not kinds or self.walked != texts:
            templates = templates_of(loaded, kinds) if loaded and texts else {}
            self.walker, self.walked = Walker(kinds, templates), texts
        return self.walker


class Index:
    """Finds the places of keys in files that were read."""

    def __init__(
        self, kinds: Mapping[str, Kind], sources: Sequence[Source], memory: Memory
    ) -> None:
        self._sources = {source.path: source for source in sources}
        self._memory = memory
        templates = tuple(source.text for source in sources if TEMPLATES in source.text)
        known = memory.mentions
        if known is None or known.kinds is not kinds or memory.templates != templates:
            memory.mentions = Mentions.of(kinds, map(read, templates))
            memory.templates = templates
        assert memory.mentions is not None
        self.mentions: Mentions = memory.mentions

    def in_file(self, path: Path) -> tuple[Mention, ...]:
        """Give all mentions in a file, in the order of the text."""
        source = self._sources.get(path)
        if source is None:
            return ()
        known = self._memory.files.get(path)
        if known is None or known.text is not source.text or known.mentions is not self.mentions:
            found = sorted(self.mentions.find(read(source.text)), key=lambda one: one.node.start)
            known = _Known(source.text, self.mentions, tuple(found))
            self._memory.files[path] = known
        return known.found

    def at(self, path: Path, offset: int) -> Site | None:
        """Find the key at an offset, or right before it."""
        found = self.in_file(path)
        number = bisect_right(found, offset, key=lambda one: one.node.start) - 1
        if number < 0 or offset > found[number].node.stop:
            return None
        return Site(path, self._sources[path].file, found[number])

    def sites(self, address: Address) -> Iterator[Site]:
        """Find every place that names a resource, or an instance of a template, itself included.

        The key of a link is its pair: where that stands whole, it is found, too.
        """
        for path, source in self._sources.items():
            if address.key not in source.text and _ESCAPE not in source.text:
                continue
            for mention in self.in_file(path):
                site = Site(path, source.file, mention)
                if site.address == address:
                    yield site

    def definitions(self, address: Address) -> Iterator[Site]:
        """Find where a resource is given: in the folder, and in each overlay that gives it."""
        return (site for site in self.sites(address) if site.mention.own)

    def references(self, address: Address) -> Iterator[Site]:
        """Find everything that refers to a resource."""
        return (site for site in self.sites(address) if not site.mention.own)

    def tree(self, path: Path) -> Tree | None:
        """Read a file as a tree; a text that is wrong is read as far as it goes."""
        source = self._sources.get(path)
        return read(source.text) if source else None

    def counts(self) -> Mapping[Address, int]:
        """Count the references to each resource; it looks through all files."""
        counts: dict[Address, int] = {}
        for path, source in self._sources.items():
            for mention in self.in_file(path):
                if not mention.own:
                    address = Site(path, source.file, mention).address
                    counts[address] = counts.get(address, 0) + 1
        return counts
