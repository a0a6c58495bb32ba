"""``reconciler completion``: the Tab key in bash, zsh and fish."""

import click
from click.shell_completion import get_completion_class

from ..render.out import hand_over

SHELLS = ("bash", "zsh", "fish")
PROGRAM = "reconciler"
VARIABLE = "_RECONCILER_COMPLETE"


@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS))
def command(shell: str) -> None:
    """Print the script that makes SHELL complete commands, options, kinds and addresses.

    \b
    Examples:
      reconciler completion bash >> ~/.bashrc
      reconciler completion zsh >> ~/.zshrc
      reconciler completion fish > ~/.config/fish/completions/reconciler.fish
    """
    written = get_completion_class(shell)
    assert written is not None
    root = click.get_current_context().find_root().command
    script = written(root, {}, PROGRAM, VARIABLE).source()
    # fish would cut values and descriptions at their first comma
    hand_over(script.replace('string split ","', 'string split --max 1 ","') + "\n")
