"""``reconciler policy``: try policies on their cases."""

from collections import Counter
from pathlib import Path

import click

from ..configuration.grown import kinds_of
from ..configuration.load.files import absolute, is_folder, shown
from ..diagnostics import UsageError
from ..diagnostics.words import count
from ..policies.cases import Tried, try_cases
from ..policies.folders import PolicyFolder, policy_folders
from ..policies.policy import Policy
from ..policies.read import Policies, folders_of_policies, read_folders
from ..render.out import say, show
from ..render.problems import problems_text
from .options import policies_option
from .types import PathType


@click.command("policy")
@click.argument("action", type=click.Choice(["test"]), metavar="test")
@click.argument("paths", nargs=-1, type=PathType(), metavar="[PATH]...")
@policies_option
def command(action: str, paths: tuple[Path, ...], policies: tuple[Path, ...]) -> int:
    """Try the cases of policies; needs no API key and no network.

    PATH is the folder of a configuration, whose policies are tried as they would be judged; or a
    folder of policies. Exits with 1 where a case does not go as it expects.

    \b
    Examples:
      reconciler policy test villa/
      reconciler policy test --policies /etc/reconciler/policies
    """
    kinds = kinds_of(paths)
    found = read_folders(_folders(paths, policies), kinds)
    if found.problems:
        show(problems_text(found.problems), err=True)
    _insist(found)
    tried = try_cases(found.all)
    for one in tried:
        if not one.passed:
            say(_failed(one))
    _warn_of_untried(found.all)
    failed = sum(not one.passed for one in tried)
    say(
        f"{count(len(found.all), 'policy', 'policies')}, {count(len(tried), 'case')}: "
        + (f"{failed:,} failed." if failed else "all as expected.")
    )
    return 1 if failed or found.are_wrong else 0


def _folders(paths: tuple[Path, ...], given: tuple[Path, ...]) -> tuple[PolicyFolder, ...]:
    """Find the folders; cases are made up, so policies in a folder of policies see all columns."""
    found = [PolicyFolder(absolute(path), trusted=True) for path in given]
    for path in map(absolute, paths or (() if given else (Path(),))):
        if not is_folder(path):
            raise UsageError(f"{shown(path)} is no folder", hint="check the path")
        of_policies = folders_of_policies(path)
        of_configuration = () if path in of_policies else policy_folders(path, [])
        found += of_configuration or [PolicyFolder(one, trusted=True) for one in of_policies]
    return tuple(dict.fromkeys(found))


def _insist(found: Policies) -> None:
    if not found.all and not found.are_wrong:
        raise UsageError("there is no policy", hint="write one: docs/policies.md shows how")
    if found.are_wrong:
        raise click.exceptions.Exit(1)


def _failed(one: Tried) -> str:
    why = f" ({one.why})" if one.why else ""
    return (
        f"{one.case.position}: {one.policy.name}, {one.case.name}:"
        f" expected {one.case.expect}, found {one.found}{why}"
    )


def _warn_of_untried(policies: tuple[Policy, ...]) -> None:
    cases = Counter(policy.name for policy in policies for _ in policy.cases)
    for policy in policies:
        if not cases[policy.name]:
            say(f"{policy.position}: the policy {policy.name} has no case", err=True)
