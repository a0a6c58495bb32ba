"""The base: its files are read and parsed once in a process, and expanded for each organization."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from ..catalogue import Kind
from ..configuration.grown import kinds_of
from ..configuration.load import Kept, load, read_variables
from ..configuration.load.variables import ORGANIZATION
from ..configuration.read import Desired, Limits, read_configuration
from ..configuration.resource import Configuration
from ..configuration.validate import validate
from ..diagnostics import ConfigurationError, Problem, UsageError
from .tasks import Task, Yaml


class Base:
    """Reads the YAML of members of one fleet."""

    def __init__(self, path: Path, environment: Mapping[str, str]) -> None:
        """Read the kinds; raises ConfigurationError where its catalogue is wrong."""
        self.kinds: Mapping[str, Kind] = kinds_of([path])
        self._environment = environment
        self._kept: dict[Path, Kept] = {}
        self._values: dict[Path, Mapping[str, str]] = {}

    def desired(self, task: Task) -> Desired:
        """Read and check what one organization shall be; raises ConfigurationError, UsageError."""
        yaml = task.yaml
        desired = read_configuration(
            yaml.paths,
            self.kinds,
            variables=self._variables(yaml),
            environment=self._environment_of(task),
            limits=Limits(yaml.targets, yaml.kinds, yaml.made),
            kept=self._kept,
        )
        return replace(desired, configuration=_of(task, desired.configuration))

    def checked(self, task: Task) -> tuple[Configuration | None, tuple[Problem, ...]]:
        """Check without the values of variables; raises UsageError."""
        loaded = load(
            task.yaml.paths,
            variables=self._variables(task.yaml),
            environment=self._environment_of(task),
            most_made=task.yaml.made,
            kept=self._kept,
        )
        return validate(loaded, self.kinds, unset_is_error=False)

    def loosely(self, task: Task) -> Configuration:
        """Read for a run that needs not all values; raises ConfigurationError, UsageError."""
        configuration, problems = self.checked(task)
        if configuration is None:
            raise ConfigurationError(problems)
        return _of(task, configuration)

    def _variables(self, yaml: Yaml) -> Mapping[str, str]:
        """Give the values by hand; those that are given one by one win over all files."""
        values: dict[str, str] = {}
        for file in map(Path, yaml.var_files):
            if file not in self._values:
                self._values[file] = read_variables((), (file,))
            values.update(self._values[file])
        return {**values, **yaml.variables}

    def _environment_of(self, task: Task) -> Mapping[str, str]:
        return {**self._environment, ORGANIZATION: task.organization}


def _of(task: Task, configuration: Configuration) -> Configuration:
    """Insist on the organization of the fleet, so that the first request proves the key."""
    named = configuration.organization
    if named is not None and named.lower() != task.organization:
        raise UsageError(
            f"the YAML is for organization {named}, the fleet says {task.organization}",
            hint="take `organization` out of the `reconciler:` block of the base",
        )
    return replace(configuration, organization=task.organization)
