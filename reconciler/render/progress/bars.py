"""Bars for people who watch. What draws them is loaded where there is one: it takes its time."""

import time
from collections.abc import Mapping

import click


class ChangesBar:
    """One bar over all changes of a plan, with lines of text above it."""

    def __init__(self, total: int) -> None:
        from rich import progress
        from rich.console import Console

        self._display = progress.Progress(
            progress.TextColumn("applying"),
            progress.BarColumn(bar_width=None),
            progress.MofNCompleteColumn(),
            progress.TextColumn("{task.fields[rate]}"),
            progress.TimeRemainingColumn(compact=True),
            console=Console(stderr=True, no_color=_no_color()),
            expand=True,
            transient=True,
        )
        self._task = self._display.add_task("", total=total, rate="")
        self._began = time.monotonic()
        self._done = 0
        self._display.start()

    def advance(self) -> None:
        """Count one more."""
        self._done += 1
        rate = _per_second(self._done, self._began)
        self._display.update(self._task, completed=self._done, rate=rate)

    def say(self, text: str) -> None:
        """Write a text above the bar."""
        self._display.console.print(text, markup=False, highlight=False, soft_wrap=True)

    def stop(self) -> None:
        """Take the bar away."""
        self._display.stop()


class ReadingBar:
    """One line that says what is being read; how much there is in all, nobody knows."""

    def __init__(self) -> None:
        from rich import progress
        from rich.console import Console

        self._display = progress.Progress(
            progress.SpinnerColumn(),
            progress.TextColumn("reading {task.description}"),
            progress.TextColumn("{task.completed:,.0f} rows {task.fields[rate]}"),
            console=Console(stderr=True, no_color=_no_color()),
            transient=True,
        )
        self._task = self._display.add_task("", total=None, rate="")
        self._began = time.monotonic()

    def tell(self, kind: str, rows: Mapping[str, int]) -> None:
        """Show the kind that was read last, and how many rows there are of all kinds."""
        number = sum(rows.values())
        rate = _per_second(number, self._began)
        self._display.update(self._task, description=kind, completed=number, rate=rate)
        self._display.start()  # only now there is something to show

    def stop(self) -> None:
        """Take the line away."""
        self._display.stop()


def _per_second(number: int, began: float) -> str:
    seconds = time.monotonic() - began
    return f"{number / seconds:,.0f}/s" if seconds > 0.5 else ""


def _no_color() -> bool | None:
    """Say whether ``--no-color`` was given; None leaves it to NO_COLOR."""
    context = click.get_current_context(silent=True)
    return True if context and context.color is False else None
