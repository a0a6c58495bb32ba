"""What was applied: the configuration at a commit, as far as git can know it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..bindings import Binding, bindings_in, bindings_path
from ..catalogue import Kind
from ..configuration.load import Loaded, Variables, read_variables
from ..configuration.load.files import absolute
from ..configuration.load.texts import load_texts
from ..configuration.load.variables import names_in
from ..configuration.read import Desired
from ..configuration.resource import Configuration, Resource
from ..configuration.validate import validate
from ..diagnostics import Problem, UsageError
from ..ids import Owner
from ..values.address import Address
from .commit import Commit
from .written import written_otherwise


@dataclass(frozen=True, slots=True)
class VariableSources:
    """Where values of variables come from: texts of ``--var``, and files of ``--var-file``."""

    texts: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()


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
    variables: VariableSources,
    kinds: Mapping[str, Kind],
    organization: str,
) -> Base:
    """Read what was applied; raises UsageError where the commit cannot be understood."""
    loaded = desired.loaded
    paths = (loaded.folder, *loaded.overlays)
    layers = [commit.layer(path) for path in paths]
    values, inside = _variables(commit, variables)
    past = load_texts(
        loaded.folder,
        layers,
        Variables(values, loaded.variables.environment),
        most_made=loaded.most_made,
    )
    configuration = _configuration(commit, past, desired, kinds)
    file = bindings_path(loaded.folder, organization)
    [text, *_] = [*commit.files([file]).values(), b""]
    tracked = commit.tracked(paths)
    named = {name for source in past.sources for name in names_in(source.text)}
    elsewhere = named - inside
    return Base(
        str(commit),
        configuration.resources if configuration else {},
        bindings_in(text.decode("utf-8-sig", "replace"), file),
        Owner(organization, configuration.stack if configuration else desired.configuration.stack),
        written_otherwise(past, loaded, kinds, elsewhere) if elsewhere else {},
        frozenset(one.file for one in loaded.sources if not one.made and one.path not in tracked),
    )


def _configuration(
    commit: Commit, past: Loaded, desired: Desired, kinds: Mapping[str, Kind]
) -> Configuration | None:
    """Validate what was applied; None where there was nothing yet."""
    if not any(past.layers):
        return None
    if _is_same(past, desired.loaded):
        return desired.configuration
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


def _is_same(past: Loaded, now: Loaded) -> bool:
    """Tell whether nothing was changed since, as in a fresh clone: then nothing need be read."""
    texts = [
        [[(source.path, source.text) for source in layer] for layer in loaded.layers]
        for loaded in (past, now)
    ]
    return texts[0] == texts[1] and past.variables.given == now.variables.given


def _variables(
    commit: Commit, variables: VariableSources
) -> tuple[Mapping[str, str], frozenset[str]]:
    """Give the values by hand as the commit has them, and the names whose values it knows."""
    then = commit.files([*map(absolute, variables.files)])
    texts = {file: then[absolute(file)] for file in variables.files if absolute(file) in then}
    values = read_variables(variables.texts, variables.files, texts)
    inside: set[str] = set()
    for file in variables.files:
        names = read_variables((), (file,), texts).keys()
        inside = inside | names if file in texts else inside - names
    return values, frozenset(inside - read_variables(variables.texts, ()).keys())
