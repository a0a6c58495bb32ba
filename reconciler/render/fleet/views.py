"""The views of how a fleet ended: each is loaded when it is wanted."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from ...fleet.results import FleetReport
from ...plan.shape import PlanDocument
from ..out import hand_over, show, show_lines


def show_report(
    report: FleetReport,
    plan_of: Callable[[str], PlanDocument | None],
    form: str,
    folder: Path | None = None,
    *,
    compact: bool = True,
    digest: str | None = None,
    apply_line: str | None = None,
) -> None:
    """Write a report in one of the formats; pages offer ``apply_line``, with its consents."""
    if form == "json":
        from .json import fleet_json

        for text in fleet_json(report, plan_of, digest):
            hand_over(text)
    elif form == "markdown":
        from .markdown import fleet_markdown

        show(fleet_markdown(report, plan_of, folder, digest=digest))
    elif form == "html":
        from .page import fleet_html

        hand_over(fleet_html(report, plan_of, folder, digest=digest, apply_line=apply_line))
    else:
        from .text import fleet_lines

        show_lines(fleet_lines(report, plan_of, folder, compact=compact, digest=digest))


def show_ended(report: FleetReport, form: str) -> None:
    """Show how a run that may have written ended; the exit code tells it to whoever reads none.

    Raises OSError, but for a pipe that nobody reads any more.
    """
    try:
        show_report(report, lambda name: None, form)
        sys.stdout.flush()
    except BrokenPipeError:
        if report.run is None:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
