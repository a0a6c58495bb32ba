"""Whether somebody watches stderr, so that a bar may move there."""

import os
import sys

import click

TOLD_IN_LINES = "reconciler.told_in_lines"
"""Set in click's context where each request is a line on stderr, which would tear a bar apart."""


def watched() -> bool:
    """Tell whether a bar may move on stderr: a terminal, not that of a CI job, and no ``-v``."""
    context = click.get_current_context(silent=True)
    if context and context.meta.get(TOLD_IN_LINES):
        return False
    return sys.stderr.isatty() and not os.environ.get("CI") and os.environ.get("TERM") != "dumb"
