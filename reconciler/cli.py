"""The command ``reconciler``: commands are loaded when they run, errors become exit codes here."""

import gc
import importlib
import io
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

import click

try:
    from . import DISTRIBUTION, __version__  # noqa: F401 (what tells our package from another)
except ImportError:
    from .support.namesake import broken

    sys.exit(broken())
from .render.hiding import Hiding, hiding_streams

if TYPE_CHECKING:  # every run begins here: what only some need is imported where they need it
    from click.shell_completion import CompletionItem

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "init": "Begin a configuration in a folder.",
        "validate": "Check the YAML, offline.",
        "expand": "Print the YAML without templates and defaults.",
        "plan": "Show what would change in the organization.",
        "apply": "Execute a plan.",
        "show": "Look at a saved plan.",
        "policy": "Try the cases of policies.",
        "graph": "Draw what refers to what.",
        "calendar": "Show the prices of each day, and which days are taken.",
        "undo": "Take a run of apply back.",
        "pull": "Take what changed live into the files.",
        "export": "Write the live organization as YAML.",
        "import": "Take one live row over by hand.",
        "mv": "Rename resources, or move them to another folder.",
        "forget": "Take blocks out, and leave their rows.",
        "rehearse": "Apply to a copy in a sandbox, to see what would go wrong.",
        "fleet": "Do it all for many organizations of one base.",
        "migrate": "Move one organization's content into another, and compare both.",
        "fmt": "Put the YAML in one order and style.",
        "schema": "Print a JSON Schema for editors.",
        "lsp": "Serve an editor: tell what is wrong while it is typed.",
        "completion": "Print the script for the Tab key of a shell.",
        "explain": "Explain an error code, a kind or a column.",
        "doctor": "Check the key, and what it may read.",
        "sandbox": "Serve the whole API on this machine, to try things out.",
        "demo": "Show the main job on a sandbox, start to end.",
    }
)
MODULES: Mapping[str, str] = MappingProxyType({"import": "import_"})
"""The modules of commands that are called like a word of Python."""

INTERRUPTED = 130
NO_COLOR = "--no-color"
_ALLOCATED = 100_000
"""New objects after which Python looks for cycles; its own 700 are reached hundreds of times."""
_NAMESAKE = os.path.join(os.path.dirname(__file__), "webutils.py")  # noqa: PTH118, PTH120
"""A file of the other package that is called ``reconciler``."""
_COMPLETING = "_RECONCILER_COMPLETE"
_STREAMS = 3
"""stdin, stdout and stderr have the numbers 0, 1 and 2."""


class LazyGroup(click.Group):
    """A group that imports a command's module only when it is needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order of a day's work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command."""
        if cmd_name not in COMMANDS:
            return None
        if ctx.resilient_parsing:  # a shell asks, at every Tab
            from .support.sparing import spare_libraries

            spare_libraries()
        else:
            from .support.lean import load_lean

            load_lean()
        name = MODULES.get(cmd_name, cmd_name)
        module = importlib.import_module(f".commands.{name}", __package__)
        command = module.command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is meant; where there is none, name the one most like it."""
        mistyped = args[0] not in COMMANDS and not args[0].startswith("-")
        if mistyped and not ctx.resilient_parsing:  # at the Tab key nobody wants to be told
            from difflib import get_close_matches  # only who mistypes waits for it

            near = get_close_matches(args[0], COMMANDS, 1)
            meant = f" Did you mean {near[0]!r}?" if near else ""
            ctx.fail(f"No such command {args[0]!r}.{meant}")
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take ``--no-color`` wherever it stands: most people write it last."""
        plain = [word for word in args if word == NO_COLOR][:1]
        return super().parse_args(ctx, [*plain, *(word for word in args if word != NO_COLOR)])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        """Complete a command's name without loading any, and the group's own options."""
        from click.shell_completion import CompletionItem

        named = (item for item in COMMANDS.items() if item[0].startswith(incomplete))
        commands = [CompletionItem(name, help=text) for name, text in named]
        return [*commands, *click.Command.shell_complete(self, ctx, incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="reconciler")
@click.option(NO_COLOR, is_flag=True, help="No colour, on terminals too (also: NO_COLOR).")
@click.pass_context
def cli(ctx: click.Context, *, no_color: bool) -> None:
    """Keep a Bookingmood organization as YAML in git."""
    if no_color or os.environ.get("NO_COLOR"):
        ctx.color = False


def main() -> None:
    """Run the command; the one place where errors become texts and exit codes."""
    gc.set_threshold(_ALLOCATED)  # most runs end before, and what is read is kept to the end
    _open_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # what a terminal cannot show must not end a run
            stream.reconfigure(errors="backslashreplace")
    if os.path.exists(_NAMESAKE) and _COMPLETING not in os.environ:  # noqa: PTH110 (is fast)
        from .support.namesake import shared

        _tell(shared())
    with hiding_streams() as hiding:
        code = _guarded(hiding)
        gc.freeze()  # what is left goes with the process, and need not be taken apart
        sys.exit(code)


def _open_streams() -> None:
    """Stand in for streams that were closed by whoever started us, such as a service.

    The numbers are taken, too: the next file that is opened would else be the stdout of git.
    """
    while (number := os.open(os.devnull, os.O_RDWR)) < _STREAMS:
        os.set_inheritable(number, True)
    os.close(number)
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            from pathlib import Path

            nowhere = Path(os.devnull).open("r+", encoding="utf-8")  # noqa: SIM115 (to the end)
            setattr(sys, name, nowhere)


def _guarded(hiding: Hiding) -> int:
    """Run the command; an error that nobody expected becomes a report without values."""
    try:
        return _traced(hiding)
    except Exception as error:
        from .support.bug import report_bug

        return report_bug(error, cli)


def _traced(hiding: Hiding) -> int:
    """Run the command, with a trace where the environment asks for one."""
    if not any(name.startswith("OTEL_") for name in os.environ):
        return _run(hiding)
    from .render.out import say
    from .support.invocation import called
    from .telemetry.traced import traced

    name, _ = called(cli)
    with traced(f"reconciler {name}".strip(), os.environ, partial(say, err=True)) as run:
        code = _run(hiding)
        run.count(exit_code=code)
        return code


def _run(hiding: Hiding) -> int:
    try:
        code = cli.main(prog_name="reconciler", standalone_mode=False, obj=hiding)
    except click.ClickException as error:
        said = io.StringIO()
        error.show(said)
        _tell(said.getvalue())
        return 1
    except (click.Abort, KeyboardInterrupt):
        _tell("interrupted\n")
        return INTERRUPTED
    except OSError as error:
        # Whoever reads our output may have seen enough; a full disk is said. Python would complain
        # of either once more when it empties stdout at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            place = f"{error.filename}: " if error.filename else ""
            from .render.out import say

            with suppress(OSError):
                say(f"error: {place}{error.strerror or error}", err=True)
        return 1
    except Exception as error:
        from .diagnostics import ReconcilerError  # most runs meet none of these

        if not isinstance(error, ReconcilerError):
            raise
        from .render.errors import error_text

        _tell(error_text(error))
        return error.exit_code
    return code if isinstance(code, int) else 0


def _tell(text: str) -> None:
    """Say how a run ended; the exit code tells it, too, where nobody can read it."""
    from .render.out import show

    with suppress(OSError):
        show(text, err=True)
