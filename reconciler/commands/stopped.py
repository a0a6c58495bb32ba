"""Finish what a run that was stopped left in a folder, before anything of it is read."""

from collections.abc import Iterable
from pathlib import Path

import click

from ..configuration.load.files import holder_of, is_unfinished
from ..render.out import tell


def finish_first(
    ctx: click.Context, parameter: click.Parameter, paths: tuple[Path, ...]
) -> tuple[Path, ...]:
    """Finish what was stopped in the folders of the paths of a command; raises UsageError."""
    if not ctx.resilient_parsing:
        finish_in(map(holder_of, paths))
    return paths


def finish_in(folders: Iterable[Path]) -> None:
    """Finish what was stopped in folders, and say so; raises UsageError where that cannot be."""
    for folder in filter(is_unfinished, dict.fromkeys(folders)):
        from ..staging import opened  # hardly any run meets this

        with opened([folder], "finish", patience=0.0, tell=tell):
            pass
