"""Policies for commands: read them, show what is wrong with them, judge by them.

Nothing is loaded for them where there are none.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from ..catalogue import Kind
from ..configuration.read import Desired
from ..configuration.resource import Configuration
from ..planning.planned import Planned
from ..policies.folders import policy_folders

if TYPE_CHECKING:
    from ..policies.policy import Policy


class Policing(NamedTuple):
    """The policies that hold for a configuration."""

    policies: tuple["Policy", ...]
    configuration: Configuration
    kinds: Mapping[str, Kind]

    def judged(self, planned: Planned) -> Planned:
        """Put the verdicts of all policies into a plan."""
        if not self.policies:
            return planned
        from ..policies.judge import judged

        return judged(planned, self.policies, self.configuration, self.kinds)


def policing_of(desired: Desired, given: tuple[Path, ...], kinds: Mapping[str, Kind]) -> Policing:
    """Read the policies; where they are wrong, show each problem with its line and exit 1."""
    configuration = desired.configuration
    if not policy_folders(configuration.folder, given):
        return Policing((), configuration, kinds)
    from ..policies.read import read_policies
    from ..render.out import show
    from ..render.problems import problems_text

    found = read_policies(configuration.folder, given, kinds)
    if found.problems:
        show(problems_text(found.problems), err=True)
    if found.are_wrong:
        raise click.exceptions.Exit(1)
    return Policing(found.all, configuration, kinds)
