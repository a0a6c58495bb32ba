"""Policies for commands: read them, and show what is wrong with them."""

from collections.abc import Mapping
from pathlib import Path

import click

from ..catalogue import Kind
from ..configuration.resource import Configuration
from ..policies.policing import Policing, policing_in
from ..render.checked import show_problems


def policing_of(
    configuration: Configuration, given: tuple[Path, ...], kinds: Mapping[str, Kind]
) -> Policing:
    """Read the policies; where they are wrong, show each problem and exit 1."""
    policing = policing_in(configuration.folder, given, kinds)
    if policing.problems:
        show_problems(policing.problems, err=True)
    if policing.are_wrong:
        raise click.exceptions.Exit(1)
    return policing
