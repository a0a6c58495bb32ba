"""Read the configuration for a command, and say on stderr what is wrong with it."""

from collections.abc import Mapping
from pathlib import Path

import click

from ..kind import Kind
from ..render.problems import problems_text
from ..validate import Excerpts
from .pipeline import Desired, InvalidConfigurationError, read_configuration


def read_or_explain(
    paths: tuple[Path, ...], variables: Mapping[str, str], kinds: Mapping[str, Kind]
) -> Desired:
    """Read and check the YAML; where it is wrong, show each problem with its line and exit 1."""
    try:
        return read_configuration(paths, variables, kinds)
    except InvalidConfigurationError as error:
        excerpts = Excerpts(error.loaded, kinds)
        click.echo(problems_text(error.problems, excerpts.of), err=True, nl=False)
        raise click.exceptions.Exit(1) from error
