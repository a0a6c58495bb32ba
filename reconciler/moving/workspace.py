"""A folder and its overlays while addresses move: read, edited in memory, and judged again."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..bindings import Binding, bindings_path, bindings_text, read_bindings, read_stored
from ..catalogue import Kind
from ..configuration.load import Loaded, load
from ..configuration.load.files import BINDINGS, holder_of
from ..configuration.read import InvalidConfigurationError
from ..configuration.resource import Configuration
from ..configuration.validate import validate
from ..diagnostics import Problem
from ..staging import Changes
from ..sync.files import Files, check_as_read
from ..transfers import Changing, read_transfers, texts_of
from ..values.address import UUID_PATTERN, Address
from ..values.stored import Form
from ..yamltext.edits import Text
from ..yamltext.quotes import inline
from ..yamltext.tree import Scalar

Entries = dict[Address, Binding]


@dataclass(slots=True)
class Workspace:
    """The files as they were read, what is changed in them so far, and what is beside them."""

    paths: tuple[Path, ...]
    variables: Mapping[str, str]
    kinds: Mapping[str, Kind]
    loaded: Loaded
    configuration: Configuration
    transfers: Changing
    bindings: dict[str, Entries]
    """By organization; all that the folder knows."""
    stored: dict[str, dict[str, Form]]
    """Also by organization: the forms in which its server stores columns."""
    files: Files
    new: dict[Path, bytes] = field(default_factory=dict)

    @classmethod
    def open(
        cls, paths: Sequence[Path], variables: Mapping[str, str], kinds: Mapping[str, Kind]
    ) -> "Workspace":
        """Read a folder with its overlays; raises what reading raises."""
        loaded, configuration = _read(paths, variables, kinds, {})
        transfers = Changing(configuration.stack, read_transfers(loaded.folder))
        beside = sorted((loaded.folder / BINDINGS).glob("*.yaml"))
        bindings = {b.stem: read_bindings(b) for b in beside if UUID_PATTERN.match(b.stem)}
        stored = {b.stem: dict(read_stored(b)) for b in beside if b.stem in bindings}
        new: dict[Path, bytes] = {}
        files = Files.of(loaded, new)
        parts = loaded, configuration, transfers, bindings, stored, files, new
        return cls(tuple(paths), variables, kinds, *parts)

    @property
    def folder(self) -> Path:
        """The folder that holds the stack."""
        return self.loaded.folder

    @property
    def organizations(self) -> Sequence[str]:
        """The organizations that the folder knows of: it has bindings of them, or names them."""
        named = self.configuration.organization
        return sorted({*self.bindings, *([named] if named else [])})

    def texts(self) -> Iterator[tuple[Path, Text]]:
        """Iterate over all files that were read."""
        for source in self.loaded.sources:
            yield source.path, self.files.text(source.path)

    def put(self, path: Path, node: Scalar, new: str) -> None:
        """Let another text stand in the place of one, in the quotes that it has."""
        self.files.text(path).replace(node.start, node.stop, in_its_quotes(node, new))

    def again(self) -> tuple[Loaded, Configuration]:
        """Read what the edited files say; raises InvalidConfigurationError where it is wrong."""
        self.files.collect()
        return _read(self.paths, self.variables, self.kinds, self.new)

    def read_loosely(self) -> Loaded:
        """Read what the edited files say so far, right or not; edits go on from there."""
        self.files.collect()
        loaded = load(
            self.paths, variables=self.variables, environment=os.environ, instead=self.new
        )
        self.files = Files.of(loaded, self.new)
        return loaded

    def rename_bound(self, changed: Mapping[Address, Address]) -> None:
        """Give what is bound its new addresses, in every organization."""
        for organization, entries in self.bindings.items():
            self.bindings[organization] = {changed.get(a, a): b for a, b in entries.items()}

    def is_computed(self, address: Address) -> bool:
        """Tell whether the rows of a kind have ids that are computed."""
        kind = self.kinds[address.kind]
        return "create" in kind.verbs and not kind.server_chooses_id

    def changes(self) -> dict[Path, Changes]:
        """Give what shall be written: by folder, the one with the bindings first.

        Raises UsageError where somebody changed one of the files meanwhile.
        """
        check_as_read(self.loaded, self.new)
        found = {self.folder: Changes()}
        overlays = [holder_of(path) for path in self.loaded.overlays]
        for path, data in self.new.items():
            root = next((one for one in overlays if path.is_relative_to(one)), self.folder)
            changes = found.setdefault(root, Changes())
            if self._is_left_over(data) and path not in self.loaded.overlays:
                changes.put(path, "")  # one that people name in commands has to stay
            else:
                changes.files[path] = data
        self._put_beside(found[self.folder])
        return found

    def _put_beside(self, beside: Changes) -> None:
        for organization, entries in self.bindings.items():
            path, stored = bindings_path(self.folder, organization), self.stored[organization]
            if entries != read_bindings(path) or stored != read_stored(path):
                beside.put(path, bindings_text(entries, stored) if entries or stored else "")
        now = texts_of(self.transfers.now)
        for name, text in texts_of(read_transfers(self.folder)).items():
            if now[name] != text:
                beside.put(self.folder / name, now[name])

    def _is_left_over(self, data: bytes) -> bool:
        """Tell whether nothing but the name of a kind is left in a file."""
        text = data.decode("utf-8-sig").strip()
        return not text or text.removesuffix(":") in self.kinds


def in_its_quotes(node: Scalar, new: str) -> str:
    """Write a text for the place of another, in the quotes that stand there."""
    quote = node.style if node.style in ("'", '"') else ""
    return f"{quote}{new}{quote}" if quote else inline(new)


def _read(
    paths: Sequence[Path],
    variables: Mapping[str, str],
    kinds: Mapping[str, Kind],
    instead: Mapping[Path, bytes],
) -> tuple[Loaded, Configuration]:
    loaded = load(paths, variables=variables, environment=os.environ, instead=instead)
    configuration, problems = validate(loaded, kinds, unset_is_error=False)
    if configuration is None:
        told = tuple(map(_afterwards, problems)) if instead else problems
        raise InvalidConfigurationError(told, loaded)
    return loaded, configuration


def _afterwards(problem: Problem) -> Problem:
    """Say of a problem that it is not there yet."""
    return replace(problem, message=f"afterwards, {problem.message}")
