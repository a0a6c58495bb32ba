"""``reconciler policy``: try policies on their cases."""

from pathlib import Path

import click

from ..configuration.grown import kinds_of
from ..diagnostics import UsageError
from ..policies.cases import try_cases
from ..policies.read import folders_to_try, read_folders
from ..render.checked import show_problems
from ..render.out import say, tell
from ..render.tried import failed_lines, tried_line, untried_lines
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
    found = read_folders(folders_to_try(paths, policies), kinds)
    if found.problems:
        show_problems(found.problems, err=True)
    if found.are_wrong:
        return 1
    if not found.all:
        raise UsageError("there is no policy", hint="write one: docs/policies.md shows how")
    tried = try_cases(found.all)
    say(*failed_lines(tried))
    tell(*untried_lines(found.all))
    say(tried_line(found.all, tried))
    return 0 if all(one.passed for one in tried) else 1
