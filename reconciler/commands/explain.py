"""``reconciler explain``: what a code means, and what to do about it."""

import click

from ..diagnostics import UsageError
from ..diagnostics.explanations import areas, explanations, most_like
from ..render.codes import codes_text, explanation_text
from ..render.out import show
from ..support.candidates import complete_codes


@click.command("explain")
@click.argument("code", required=False, shell_complete=complete_codes)
def command(code: str | None) -> None:
    """Print the cause and the cure of CODE; without it, list all codes.

    CODE is what stands in brackets behind a problem, what the server answered
    (such as 23505), or the exit code of a command. Needs no key and no network.
    The same texts are in docs/errors.md, one anchor for each: docs/errors.md#CODE.

    \b
    Examples:
      reconciler explain unknown-column
      reconciler explain 23505
    """
    if code is None:
        show(codes_text(areas()))
        return
    one = explanations().get(code)
    if one is None:
        near = most_like(code, explanations())
        hint = "`reconciler explain` lists all codes"
        raise UsageError(f"there is no code {code}", hint=f"did you mean {near}?" if near else hint)
    show(explanation_text(one))
