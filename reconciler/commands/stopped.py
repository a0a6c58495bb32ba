"""Finish what a run that was stopped left in a folder, before anything of it is read."""

from collections.abc import Iterable
from pathlib import Path

import click

from ..configuration.load.files import holder_of, is_unfinished
from ..render.out import say

FINISHED = "a run that was stopped had its files ready; they are in place now"
TAKEN_BACK = "a run that was stopped had not all its files ready; nothing of it was done"


def finish_first(
    ctx: click.Context, parameter: click.Parameter, paths: tuple[Path, ...]
) -> tuple[Path, ...]:
    """Finish what was stopped in the folders of the paths of a command; raises UsageError."""
    if not ctx.resilient_parsing:
        finish_in(map(holder_of, paths))
    return paths


def finish_in(folders: Iterable[Path]) -> None:
    """Finish what was stopped in folders, and say so; raises UsageError where that cannot be."""
    for folder in dict.fromkeys(folders):
        if is_unfinished(folder):
            from ..locking import locked  # hardly any run meets this

            with locked(folder, "finish", tell=_tell):
                finish(folder)


def finish(folder: Path) -> None:
    """Finish what was stopped in a folder that is locked, and say so; raises UsageError."""
    from ..staging import finish_stopped

    if not is_unfinished(folder):
        finish_stopped(folder)  # what never was ready is taken away without a word
        return
    finished = finish_stopped(folder)
    _tell(f"Note: {folder}: {FINISHED if finished else TAKEN_BACK}")


def _tell(text: str) -> None:
    say(text, err=True)
