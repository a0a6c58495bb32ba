"""``reconciler validate``: check the YAML without a key or a network."""

import os
from collections.abc import Mapping
from pathlib import Path

import click

from ..configuration.grown import kinds_of
from ..configuration.load import load
from ..configuration.validate import validate
from ..diagnostics import ConfigurationError
from ..policies.policing import policing_in
from ..render.checked import show_checked
from .options import (
    form_option,
    gathered,
    made_option,
    paths_argument,
    policies_option,
    variable_options,
    variables_of,
)


@click.command("validate")
@paths_argument
@variable_options
@made_option
@form_option(
    "json: a list of {file, line, column, severity, code, message, address, hint}."
    " github: annotations on the YAML.",
    "github",
)
@policies_option
@gathered(variables=variables_of)
def command(
    paths: tuple[Path, ...],
    variables: Mapping[str, str],
    max_made: int,
    form: str,
    policies: tuple[Path, ...],
) -> int:
    """Check the YAML at PATH (a folder, or a file of one), with overlays at further PATHs.

    Every problem of every file is reported in one run, and each resource that breaks a policy.
    Needs no API key and no network.

    \b
    Examples:
      reconciler validate villa/
      reconciler validate villa/ staging.yaml --format json
    """
    try:
        kinds = kinds_of(paths)
    except ConfigurationError as error:  # without kinds, nothing else can be judged
        show_checked(None, error.problems, form)
        return 1
    loaded = load(paths, variables=variables, environment=os.environ, most_made=max_made)
    configuration, problems = validate(loaded, kinds, unset_is_error=False)
    configuration, broken = policing_in(loaded.folder, policies, kinds).judge(configuration)
    show_checked(configuration, problems + broken, form, loaded, kinds)
    return 0 if configuration else 1
