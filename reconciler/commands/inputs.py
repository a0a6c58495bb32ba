"""What options say, as frozen values: how to reach the API, what to plan, where to write."""

import os
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

import click

from ..catalogue import Kind
from ..client.client import ApiClient, ApiReader
from ..client.connection import Connection, check_api
from ..client.defaults import url_of
from ..client.keyfile import read_key
from ..client.listening import RequestListener
from ..configuration.grown import kinds_of
from ..configuration.read import Desired, Limits
from ..policies.policing import Policing
from ..render.out import tell
from ..support.diagnosis import diagnosis_of
from .options import (
    connection_options,
    gathered,
    is_given,
    limit_options,
    parallelism_option,
    paths_argument,
    policies_option,
    together,
    variable_options,
    variables_of,
)
from .policing import policing_of
from .reading import read_or_explain


@dataclass(frozen=True, slots=True)
class Access:
    """How to reach the API; where it is and its key may come from the environment."""

    timeout: float
    retry_for: float
    max_wait: float
    verbose: int
    log_file: Path | None
    api_url: str | None = None
    api_key_file: Path | None = None

    def connection(self, kinds: Mapping[str, Kind]) -> Connection:
        """Find the API address and key; raises UsageError saying what to set.

        Where the kinds are of another API, the address must be, too.
        """
        url = url_of(self.api_url, os.environ)
        check_api(kinds, url)
        return replace(
            Connection.checked(url, read_key(self.api_key_file, os.environ, tell)),
            timeout=self.timeout,
            retry_for=self.retry_for,
            max_wait=self.max_wait,
            insists=is_given("retry_for"),
            tell=tell,
            listener=diagnosis_of(click.get_current_context(), self.verbose, self.log_file),
        )


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where a run writes on this machine, and how long it waits for others that do."""

    lock_timeout: float
    journal: Path | None = None

    def locked(self, folder: Path) -> AbstractContextManager[None]:
        """Let no other run write in a folder while the block lasts; raises UsageError."""
        from ..locking import locked  # a run that only reads does not wait for it

        return locked(folder, _name(), patience=self.lock_timeout, tell=tell)

    def opened(self, *folders: Path) -> AbstractContextManager[None]:
        """Do the same for folders whose files are edited; finish what was stopped there."""
        from ..staging import opened

        return opened(folders, _name(), patience=self.lock_timeout, tell=tell)

    def journal_of(self, folder: Path) -> Path:
        """Say where the journal of a configuration's folder is."""
        from ..journal.records import DEFAULT_FOLDER

        return self.journal or folder / DEFAULT_FOLDER


def _name() -> str:
    return click.get_current_context().info_name or ""


@dataclass(frozen=True, slots=True)
class PlanInputs:
    """Where the YAML is and what it is limited to, its kinds, and how to reach the API."""

    paths: tuple[Path, ...]
    variables: Mapping[str, str]
    limits: Limits
    kinds: Mapping[str, Kind]
    connection: Connection
    parallelism: int
    policies: tuple[Path, ...] = ()

    def policing(self, desired: Desired) -> Policing:
        """Read the policies; where they are wrong, show each problem and exit 1."""
        return policing_of(desired.configuration, self.policies, self.kinds)

    def desired(self) -> Desired:
        """Read and check the YAML; where it is wrong, show each problem and exit 1."""
        return read_or_explain(self.paths, self.variables, self.kinds, self.limits)

    def reader(self, listener: RequestListener) -> ApiReader:
        """Give what reads the live rows, heard by one more listener."""
        return ApiReader(self.connection.heard_by(listener), parallelism=self.parallelism)

    def client(self, listener: RequestListener) -> ApiClient:
        """Give what reads and writes the live rows, heard by one more listener."""
        return ApiClient(self.connection.heard_by(listener), parallelism=self.parallelism)


def _limits(targets: tuple[str, ...], kind_names: tuple[str, ...], max_made: int) -> Limits:
    return Limits(targets, kind_names, max_made)


def _inputs(
    paths: tuple[Path, ...],
    variables: Mapping[str, str],
    limits: Limits,
    access: Access,
    parallelism: int,
    policies: tuple[Path, ...] = (),
) -> PlanInputs:
    kinds, connection = kinds_of(paths), access.connection
    return PlanInputs(paths, variables, limits, kinds, connection(kinds), parallelism, policies)


plan_inputs = together(
    paths_argument,
    variable_options,
    connection_options,
    limit_options,
    policies_option,
    parallelism_option,
    gathered(variables=variables_of, limits=_limits, access=Access, inputs=_inputs),
)
"""The options of a command that plans; it gets them as ``inputs``."""
