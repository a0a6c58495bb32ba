"""The policies that hold for a configuration: read once, then judged by.

What reads and judges policies is loaded only where there are some.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..catalogue import Kind
from ..configuration.resource import Configuration
from ..diagnostics import ConfigurationError, Problem
from .folders import policy_folders

if TYPE_CHECKING:
    from ..planning.planned import Planned
    from .policy import Policy


class Policing(NamedTuple):
    """The policies that hold, and what is wrong with their files."""

    policies: tuple["Policy", ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def are_wrong(self) -> bool:
        """Tell whether any of them cannot be relied on."""
        return any(problem.is_error for problem in self.problems)

    def checked(self) -> "Policing":
        """Give the same; raises ConfigurationError where they are wrong."""
        if self.are_wrong:
            raise ConfigurationError(self.problems)
        return self

    def judged(self, planned: "Planned", configuration: Configuration) -> "Planned":
        """Put the verdicts of all policies into a plan."""
        return _judged(planned, self.policies, configuration)

    def judged_back(self, planned: "Planned", configuration: Configuration) -> "Planned":
        """Put verdicts into a plan to take a run back, which is not about what the YAML says."""
        others = tuple(policy for policy in self.policies if policy.about != "resource")
        return _judged(planned, others, configuration)

    def judge(
        self, configuration: Configuration | None
    ) -> tuple[Configuration | None, tuple[Problem, ...]]:
        """Judge what was read: where a policy is broken or wrong, it is no configuration."""
        if configuration is None or self.are_wrong:
            return None, self.problems
        broken = self.broken_by(configuration)
        stays = not any(problem.is_error for problem in broken)
        return configuration if stays else None, self.problems + broken

    def broken_by(self, configuration: Configuration) -> tuple[Problem, ...]:
        """Say which resources break a policy."""
        if not self.policies:
            return ()
        from .judge import judge_resources

        return judge_resources(self.policies, configuration, configuration.kinds)


def policing_in(folder: Path, given: Sequence[Path], kinds: Mapping[str, Kind]) -> Policing:
    """Read the policies of the configuration in a folder; ``given`` are folders of others."""
    if not policy_folders(folder, given):
        return Policing()
    from .read import read_policies

    return Policing(*read_policies(folder, given, kinds))


def _judged(
    planned: "Planned", policies: Sequence["Policy"], configuration: Configuration
) -> "Planned":
    if not policies:
        return planned
    from .judge import judged

    return judged(planned, policies, configuration, configuration.kinds)
