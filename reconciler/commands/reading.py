"""Read the configuration for a command, and say on stderr what is wrong with it."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from ..catalogue import Kind
from ..configuration.load import Loaded, load
from ..configuration.read import Desired, InvalidConfigurationError, Limits, read_configuration
from ..configuration.resource import Configuration
from ..configuration.validate import validate
from ..diagnostics import PlanError, Problem
from ..render.checked import show_problems
from ..render.hiding import hide


def read_or_explain(
    paths: tuple[Path, ...],
    variables: Mapping[str, str],
    kinds: Mapping[str, Kind],
    limits: Limits,
) -> Desired:
    """Read and check the YAML; where it is wrong, show each problem with its line and exit 1.

    Warnings are shown, too, but for those that the live rows will settle.
    """
    with explaining_yaml(kinds):
        desired = read_configuration(
            paths, kinds, variables=variables, environment=os.environ, limits=limits
        )
    hide(desired.configuration.secrets)
    if desired.lasting:
        show_problems(desired.lasting, desired.loaded, kinds, err=True)
    return desired


@contextmanager
def explaining_yaml(kinds: Mapping[str, Kind]) -> Iterator[None]:
    """Where the YAML is wrong, show each problem with its line and exit 1."""
    try:
        yield
    except InvalidConfigurationError as error:
        raise explained(error.problems, error.loaded, kinds) from error


@contextmanager
def explaining(desired: Desired, kinds: Mapping[str, Kind]) -> Iterator[None]:
    """Where the YAML and the live rows do not fit, show each problem with its line and exit 1."""
    try:
        yield
    except PlanError as error:
        raise explained(error.problems, desired.loaded, kinds) from error


def read_loosely(
    paths: Sequence[Path], kinds: Mapping[str, Kind], variables: Mapping[str, str]
) -> Configuration:
    """Read the YAML for a command that needs not all values; unset variables are fine."""
    loaded = load(paths, variables=variables, environment=os.environ)
    configuration, problems = validate(loaded, kinds, unset_is_error=False)
    if configuration is None:
        raise explained(problems, loaded, kinds)
    hide(configuration.secrets)
    return configuration


def explained(
    problems: tuple[Problem, ...], loaded: Loaded, kinds: Mapping[str, Kind]
) -> click.exceptions.Exit:
    """Show each problem with its line; gives what ends the command with 1."""
    show_problems(problems, loaded, kinds, err=True)
    return click.exceptions.Exit(1)
