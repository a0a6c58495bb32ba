"""Policies for commands: read them, show what is wrong with them, judge by them.

Nothing is loaded for them where there are none.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from ..catalogue import Kind
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
        return self._judged(planned, self.policies)

    def judged_back(self, planned: Planned) -> Planned:
        """Put verdicts into a plan to take a run back, which is not about what the YAML says."""
        return self._judged(planned, tuple(p for p in self.policies if p.about != "resource"))

    def _judged(self, planned: Planned, policies: tuple["Policy", ...]) -> Planned:
        if not policies:
            return planned
        from ..policies.judge import judged

        return judged(planned, policies, self.configuration, self.kinds)


def policing_of(
    configuration: Configuration, given: tuple[Path, ...], kinds: Mapping[str, Kind]
) -> Policing:
    """Read the policies; where they are wrong, show each problem with its line and exit 1."""
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
