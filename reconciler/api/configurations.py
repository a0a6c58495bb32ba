"""Read and check YAML."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from ..configuration.grown import kinds_of
from ..configuration.read import Limits, read_configuration
from ..configuration.resource import Configuration
from ..diagnostics import UsageError
from .given import NO_VARIABLES, listed


def load_configuration(
    *paths: str | Path,
    variables: Mapping[str, str] = NO_VARIABLES,
    environment: Mapping[str, str] = NO_VARIABLES,
    targets: Iterable[str] = (),
    kinds: Iterable[str] = (),
) -> Configuration:
    """Read and check the YAML of a folder (or one file of it), with overlays at further paths.

    ``variables`` are what ``--var`` gives; of ``environment`` only ``RECONCILER_VAR_…`` and
    ``BOOKINGMOOD_ORGANIZATION_ID`` get into values. ``targets`` (addresses) and ``kinds`` limit
    what is planned; what that refers to is planned, too.

    Raises ConfigurationError with every problem and its place, UsageError for a wrong limit.
    """
    if not paths:
        raise UsageError("no path was given", hint="name the folder of the YAML")
    desired = read_configuration(
        [Path(path) for path in paths],
        kinds_of([Path(path) for path in paths]),
        variables=variables,
        environment=environment,
        limits=Limits(listed(targets), listed(kinds)),
    )
    return desired.configuration
