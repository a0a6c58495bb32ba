"""Entries of rows that were let go, and are managed again: they go once that holds everywhere."""

from collections.abc import Callable, Mapping

from ..execution.again import drop_or_explain
from ..locking import locked
from ..planning.forward import managed_again
from ..transfers import RELEASED, read_transfers
from .base import Base
from .inputs import FleetInputs
from .results import FleetReport


def drop_where_all_manage(
    inputs: FleetInputs,
    report: FleetReport,
    environment: Mapping[str, str],
    *,
    patience: float,
    tell: Callable[[str], None],
) -> None:
    """Take the entries out, where every organization of the fleet was applied to.

    The file is for all organizations: one that was not applied to still lets its rows go. Raises
    PartialApplyError where the file cannot be written.
    """
    fleet = inputs.selection.fleet
    everywhere = len(report.results) == len(fleet.members) and report.exit_code == 0
    if not everywhere or not (fleet.base / RELEASED).exists():
        return
    base = Base(fleet.base, environment)
    task = inputs.task_of("apply")(fleet.members[0], "")
    with locked(fleet.base, "fleet apply", patience=patience, tell=tell):
        configuration = base.desired(task).configuration
        drop_or_explain(fleet.base, managed_again(configuration, read_transfers(fleet.base)))
