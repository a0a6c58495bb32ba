"""``reconciler expand``: the configuration without templates, as plain YAML."""

import os
from collections.abc import Mapping
from pathlib import Path

import click

from ..configuration.grown import kinds_of
from ..configuration.load import load
from ..configuration.plain import plain_yaml
from ..configuration.validate import validate
from ..render.out import hand_over
from .options import gathered, made_option, paths_argument, variable_options, variables_of
from .reading import explained


@click.command("expand")
@paths_argument
@variable_options
@made_option
@gathered(variables=variables_of)
def command(paths: tuple[Path, ...], variables: Mapping[str, str], max_made: int) -> int:
    """Print the YAML at PATH as it is without templates and defaults, overlays laid over.

    The output says the same: as a folder of its own it has the same plan. Variables stay
    variables. Comments and anchors are left out.

    \b
    Examples:
      reconciler expand park/
      reconciler expand park/ staging.yaml > plain.yaml
    """
    kinds = kinds_of(paths)
    loaded = load(paths, variables=variables, environment=os.environ, most_made=max_made)
    configuration, problems = validate(loaded, kinds, unset_is_error=False)
    if configuration is None:
        raise explained(problems, loaded, kinds)
    hand_over("".join(f"{line}\n" for line in plain_yaml(loaded, kinds)))
    return 0
