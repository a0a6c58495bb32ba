"""Load and validate in one step: YAML becomes the desired state, or an error with every problem."""

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..catalogue import Kind
from ..catalogue.names import split_names
from ..diagnostics import ConfigurationError, Problem
from ..spans import stage
from .load import MOST_MADE, Kept, Loaded, load
from .resource import Configuration, with_references
from .validate import validate
from .validate.suggest import check_addresses

MISSING = "missing-column"
"""Warned of offline only: where the row exists, all is well; else planning refuses it."""


@dataclass(frozen=True, slots=True)
class Desired:
    """The configuration that was read, with what validation had to say besides."""

    configuration: Configuration
    loaded: Loaded
    warnings: tuple[Problem, ...]

    @property
    def lasting(self) -> tuple[Problem, ...]:
        """The warnings that the live rows do not settle."""
        return tuple(problem for problem in self.warnings if problem.code != MISSING)


class InvalidConfigurationError(ConfigurationError):
    """The YAML is wrong; carries what was read, to show the lines."""

    def __init__(self, problems: tuple[Problem, ...], loaded: Loaded) -> None:
        super().__init__(problems)
        self.loaded = loaded


@dataclass(frozen=True, slots=True)
class Limits:
    """What a run is limited to besides the path: addresses and kinds; nothing: no limit.

    ``made`` is how many resources templates may make.
    """

    addresses: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    made: int = MOST_MADE


def read_configuration(
    paths: Sequence[Path],
    kinds: Mapping[str, Kind],
    *,
    variables: Mapping[str, str],
    environment: Mapping[str, str],
    limits: Limits | None = None,
    kept: MutableMapping[Path, Kept] | None = None,
) -> Desired:
    """Read and check the YAML; raises InvalidConfigurationError with every problem.

    ``kept`` are files that were read already, for a process that reads them often.

    Raises UsageError where a limit names what is not there.
    """
    limits = limits or Limits()
    with stage("load") as loading:
        loaded = load(
            paths, variables=variables, environment=environment, most_made=limits.made, kept=kept
        )
        loading.count(files=sum(1 for _ in loaded.sources))
    with stage("validate") as validating:
        configuration, problems = validate(loaded, kinds, unset_is_error=True)
        validating.count(problems=len(problems))
        if configuration is None:
            raise InvalidConfigurationError(problems, loaded)
        validating.count(resources=len(configuration.resources))
    limited = _limited(configuration, kinds, limits)
    return Desired(with_references(limited), loaded, problems)


def _limited(
    configuration: Configuration, kinds: Mapping[str, Kind], limits: Limits
) -> Configuration:
    if not limits.addresses and not limits.kinds:
        return configuration
    wanted_kinds = set(split_names(limits.kinds, kinds))
    known = {str(address): address for address in configuration.resources}
    check_addresses("resource", limits.addresses, known)
    chosen = {known[name] for name in limits.addresses}
    chosen |= {address for address in configuration.resources if address.kind in wanted_kinds}
    before = configuration.limited
    return replace(configuration, limited=frozenset(chosen if before is None else chosen & before))
