"""``reconciler validate``: check the YAML without a key or a network."""

import os
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import click

from ..catalogue import Kind
from ..configuration.grown import kinds_of
from ..configuration.load import Loaded, load
from ..configuration.resource import Configuration
from ..configuration.validate import validate
from ..diagnostics import ConfigurationError, Problem
from ..diagnostics.words import count
from ..policies.folders import policy_folders
from ..render.out import hand_over, say, show
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
        return _tell(None, error.problems, form, None)
    loaded = load(paths, variables=variables, environment=os.environ, most_made=max_made)
    configuration, problems = validate(loaded, kinds, unset_is_error=False)
    broken = _judged(loaded.folder, policies, configuration, kinds)
    problems += broken
    if any(problem.is_error for problem in broken):
        configuration = None
    return _tell(configuration, problems, form, (loaded, kinds))


def _tell(
    configuration: Configuration | None,
    problems: tuple[Problem, ...],
    form: str,
    read: tuple[Loaded, Mapping[str, Kind]] | None,
) -> int:
    """Show what is wrong, with the lines of what was ``read``; gives the exit code."""
    if form == "json":
        from ..render.problems import problems_json

        hand_over(problems_json(problems))
        return 0 if configuration else 1
    if form == "github":
        from ..render.github import below_workspace, problems_github

        hand_over(problems_github(problems, below=below_workspace()))
    elif problems:
        from ..configuration.validate.excerpt import Excerpts  # most configurations are right
        from ..render.problems import problems_text

        show(problems_text(problems, Excerpts(*read).of) if read else problems_text(problems))
    errors = sum(problem.stands_for for problem in problems if problem.is_error)
    total = sum(problem.stands_for for problem in problems)
    say(_verdict(configuration, errors, total - errors))
    return 0 if configuration else 1


def _judged(
    folder: Path,
    given: tuple[Path, ...],
    configuration: Configuration | None,
    kinds: Mapping[str, Kind],
) -> tuple[Problem, ...]:
    """Judge the policies about resources, where the configuration is one and the policies are."""
    if not policy_folders(folder, given):
        return ()
    from ..policies.judge import judge_resources
    from ..policies.read import read_policies

    found = read_policies(folder, given, kinds)
    if configuration is None or found.are_wrong:
        return found.problems
    return found.problems + judge_resources(found.all, configuration, kinds)


def _verdict(configuration: Configuration | None, errors: int, warnings: int) -> str:
    besides = f", {count(warnings, 'warning')}" if warnings else ""
    if configuration is None:
        return f"Not valid: {count(errors, 'error')}{besides}."
    kinds = Counter(address.kind for address in configuration.resources)
    resources = count(kinds.total(), "resource")
    return f"Valid: {resources} in {count(len(kinds), 'kind')}{besides}."
