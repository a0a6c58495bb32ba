"""The command line that applies what was just planned, to be copied from a page."""

import shlex
from collections.abc import Iterator
from pathlib import Path

import click
from click.core import ParameterSource

from ..configuration.load.variable_file import read_given

COMMAND = "reconciler apply"
_NOT_FOR_APPLY = {"out", "detailed_exitcode", "unmanaged", "form", "compact", "show_personal_data"}
_NOT_FOR_APPLY |= {"verbose", "log_file"}


def line_of(ctx: click.Context, plan_file: Path | None, command: str = COMMAND) -> str:
    """Write what was given to ``plan`` as a line for ``apply``, quoted for a shell.

    Values of variables may be secret: the shell takes them from variables of its own, and says
    which one is not set.
    """
    words = [command, *_given(ctx)]
    if plan_file:
        words.append(f"--plan {_quoted(plan_file)}")
    return " ".join(words)


def line_for(folder: Path, plan_file: Path) -> str:
    """Write the line that applies a saved plan to the folder it was made of."""
    return f"{COMMAND} {_quoted(folder)} --plan {_quoted(plan_file)}"


def _given(ctx: click.Context) -> Iterator[str]:
    for parameter in ctx.command.params:
        name = parameter.name or ""
        is_given = ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE
        if not is_given or name in _NOT_FOR_APPLY:
            continue
        value = ctx.params[name]
        if name == "var_texts":
            yield from (f'--var {one}="${{{one}:?}}"' for one in read_given(value))
            continue
        for one in value if isinstance(value, tuple) else (value,):
            text = _quoted(one)
            yield text if isinstance(parameter, click.Argument) else f"{parameter.opts[0]} {text}"


def _quoted(value: object) -> str:
    return shlex.quote(str(value))
