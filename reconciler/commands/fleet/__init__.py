"""``reconciler fleet``: the commands for many organizations of one base."""

import importlib
from collections.abc import Mapping
from types import MappingProxyType

import click

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "validate": "Check the YAML of all organizations, offline.",
        "plan": "Show what would change in each organization.",
        "apply": "Execute one plan for all, wave by wave.",
        "show": "Look at a saved plan.",
        "merge": "Put plans of parts of a fleet together.",
        "drift": "Find what is not as the YAML says.",
        "pull": "Take what changed live into the overlays.",
        "undo": "Take a run of fleet apply back, last wave first.",
        "doctor": "Check each key, and what it may read.",
    }
)


class FleetGroup(click.Group):
    """A group that imports a command's module only when it is needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order of a day's work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command."""
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f".{cmd_name}", __package__).command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group("fleet", cls=FleetGroup)
def command() -> None:
    """Keep many organizations as one base of YAML: fleet.yaml names them.

    \b
    Examples:
      reconciler fleet validate
      reconciler fleet plan --select tag:it
      reconciler fleet apply --wave canary
    """
