"""What was applied: the configuration at a commit, as far as git can know it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..bindings import Binding, bindings_in, bindings_path
from ..catalogue import Kind
from ..configuration.load import Loaded, Variables
from ..configuration.load.files import absolute
from ..configuration.load.texts import load_texts
from ..configuration.load.variable_file import Sources
from ..configuration.load.variables import names_in
from ..configuration.read import Desired
from ..configuration.resource import Configuration, Resource
from ..configuration.validate import validate
from ..diagnostics import Problem, UsageError
from ..ids import Owner, Transfers
from ..transfers import FILES, transfers_in
from ..values.address import Address
from .commit import Commit
from .written import written_otherwise


@dataclass(frozen=True, slots=True)
class Base:
    """What was applied, with the bindings of then.

    ``unknown`` are the columns of which git does not know what they said: they need a variable
    that is kept elsewhere, and are written otherwise now. ``untracked`` are files that git does
    not know, by the names that people see.
    """

    name: str
    resources: Mapping[Address, Resource]
    bindings: Mapping[Address, Binding]
    owner: Owner
    unknown: Mapping[Address, frozenset[str]] = field(default_factory=dict)
    untracked: frozenset[str] = frozenset()

    def id_of(self, address: Address) -> str:
        """Give the id of the row that an address meant."""
        binding = self.bindings.get(address)
        return binding.id if binding else self.owner.id_of(address)


def read_base(
    commit: Commit,
    desired: Desired,
    variables: Sources,
    kinds: Mapping[str, Kind],
    organization: str,
) -> Base:
    """Read what was applied; raises UsageError where the commit cannot be understood."""
    loaded = desired.loaded
    paths = (loaded.folder, *loaded.overlays)
    layers = [commit.layer(path) for path in paths]
    values, inside = _variables(commit, variables)
    past = loaded
    configuration: Configuration | None = desired.configuration
    if not _is_same(layers, values, loaded):
        given = Variables(values, loaded.variables.environment)
        past = load_texts(loaded.folder, layers, given, most_made=loaded.most_made)
        configuration = _valid(commit, past, kinds) if any(layers) else None
    file = bindings_path(loaded.folder, organization)
    beside = _beside(commit, loaded.folder, file)
    stack = (configuration or desired.configuration).stack
    tracked = commit.tracked(paths)
    named = {name for source in past.sources for name in names_in(source.text)}
    elsewhere = named - inside
    return Base(
        str(commit),
        configuration.resources if configuration else {},
        bindings_in(beside.get(file, ""), file),
        Owner(organization, stack, _transfers(beside, loaded.folder)),
        written_otherwise(past, loaded, kinds, elsewhere) if elsewhere else {},
        frozenset(one.file for one in loaded.sources if not one.made and one.path not in tracked),
    )


def _beside(commit: Commit, folder: Path, bindings: Path) -> Mapping[Path, str]:
    """Read what stood beside the YAML: which row each address meant."""
    found = commit.files([bindings, *(folder / name for name in FILES)])
    return {path: data.decode("utf-8-sig", "replace") for path, data in found.items()}


def _transfers(beside: Mapping[Path, str], folder: Path) -> Transfers:
    return transfers_in({name: beside.get(folder / name, "") for name in FILES}, folder)


def _valid(commit: Commit, past: Loaded, kinds: Mapping[str, Kind]) -> Configuration:
    """Validate what was applied; raises UsageError."""
    configuration, problems = validate(past, kinds, unset_is_error=False)
    if configuration is None:
        first = next(filter(_is_error, problems), problems[0])
        raise UsageError(
            f"{commit} is no valid configuration: {first.message} ({first.position} there)",
            hint="name another commit that was applied: --base REF",
        )
    return configuration


def _is_error(problem: Problem) -> bool:
    return problem.is_error


def _is_same(
    layers: Sequence[Mapping[Path, bytes]], values: Mapping[str, str], now: Loaded
) -> bool:
    """Tell whether nothing was changed since, as in a fresh clone: then nothing need be read."""
    texts = [
        {source.path: source.text for source in layer if not source.made} for layer in now.layers
    ]
    past = [
        {path: data.decode("utf-8-sig", "replace") for path, data in one.items()} for one in layers
    ]
    return texts == past and values == now.variables.given


def _variables(commit: Commit, sources: Sources) -> tuple[Mapping[str, str], frozenset[str]]:
    """Give the values by hand as the commit has them, and the names whose values it knows."""
    then = commit.files([*map(absolute, sources.files)])
    texts = {file: then[absolute(file)] for file in sources.files if absolute(file) in then}
    inside: set[str] = set()
    for file in sources.files:
        names = Sources(files=(file,)).values(texts).keys()
        inside = inside | names if file in texts else inside - names
    return sources.values(texts), frozenset(inside - sources.given.keys())
