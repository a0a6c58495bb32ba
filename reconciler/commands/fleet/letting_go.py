"""Entries of rows that were let go, and are managed again: they go once that holds everywhere."""

from ...fleet.base import Base
from ...fleet.results import FleetReport
from ...locking import locked
from ...planning.forward import managed_again
from ...render.out import say
from ...transfers import RELEASED, read_transfers
from ..execution import drop_entries
from .options import FleetInputs


def drop_where_all_manage(inputs: FleetInputs, report: FleetReport, lock_timeout: float) -> None:
    """Take the entries out, where every organization of the fleet was applied to.

    The file is for all organizations: one that was not applied to still lets its rows go.
    """
    fleet = inputs.selection.fleet
    everywhere = len(report.results) == len(fleet.members) and report.exit_code == 0
    if not everywhere or not (fleet.base / RELEASED).exists():
        return
    import os

    base = Base(fleet.base, os.environ)
    task = inputs.task_of("apply")(fleet.members[0], "")
    tell = lambda text: say(text, err=True)  # noqa: E731
    with locked(fleet.base, "fleet apply", patience=lock_timeout, tell=tell):
        configuration = base.desired(task).configuration
        again = managed_again(configuration, read_transfers(fleet.base))
        drop_entries(fleet.base, again)
