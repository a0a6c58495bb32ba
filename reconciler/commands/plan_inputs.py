"""What every command that plans is given, as one value."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..catalogue import Kind
from ..client.connection import Connection
from ..configuration.read import Desired, Limits
from .options import (
    connection_options,
    limit_options,
    parallelism_option,
    paths_argument,
    read_connection,
    read_variables,
    variable_options,
)
from .reading import read_or_explain


@dataclass(frozen=True, slots=True)
class PlanInputs:
    """Where the YAML is and what it is limited to, and how to reach the API."""

    paths: tuple[Path, ...]
    variables: Mapping[str, str]
    limits: Limits
    connection: Connection
    parallelism: int

    def desired(self, kinds: Mapping[str, Kind]) -> Desired:
        """Read and check the YAML; where it is wrong, show each problem and exit 1."""
        return read_or_explain(self.paths, self.variables, kinds, self.limits)


def plan_inputs(command: Callable[..., int]) -> Callable[..., int]:
    """Add the options of a command that plans; the command gets them as ``inputs``."""

    @paths_argument
    @variable_options
    @connection_options
    @limit_options
    @parallelism_option
    @functools.wraps(command)
    def with_inputs(
        paths: tuple[Path, ...],
        var_texts: tuple[str, ...],
        var_files: tuple[Path, ...],
        api_url: str | None,
        api_key_file: Path | None,
        targets: tuple[str, ...],
        kind_names: tuple[str, ...],
        parallelism: int,
        **others: object,
    ) -> int:
        inputs = PlanInputs(
            paths,
            read_variables(var_texts, var_files),
            Limits(targets, kind_names),
            read_connection(api_url, api_key_file),
            parallelism,
        )
        return command(inputs=inputs, **others)

    return with_inputs
