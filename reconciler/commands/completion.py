"""``reconciler completion``: the Tab key in bash, zsh and fish; and what it offers for options.

A shell asks at every Tab, so nothing is loaded here that an answer can do without.
"""

import sys
from collections.abc import Iterable
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

import click
from click.shell_completion import CompletionItem, get_completion_class

from ..render.out import hand_over

SHELLS = ("bash", "zsh", "fish")
PROGRAM = "reconciler"
VARIABLE = "_RECONCILER_COMPLETE"
SPARED = frozenset({"deepdiff", "jsonschema", "jsonschema_rs", "rich"})
"""Libraries that take long to load, and do nothing before a command runs."""


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


def complete_addresses(
    ctx: click.Context, _: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offer the addresses of the folder that the command line names: kinds, then their keys."""
    from ..catalogue import load_kinds
    from ..configuration.load import load
    from ..editor import keys_of

    # what stands before an option without its value is left in `args`
    named = [*(ctx.params.get("paths") or ()), *ctx.args]
    if not named:
        return []
    found = keys_of(load([Path(named[0])], variables={}, environment={}), load_kinds())
    return _items((f"{kind}.{key}" for kind, keys in found.items() for key in keys), incomplete)


def complete_kinds(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer kinds, after each comma again."""
    from ..catalogue import load_kinds

    before, comma, begun = incomplete.rpartition(",")
    kinds = [kind.name for kind in load_kinds().values() if kind.in_yaml]
    return _items((f"{before}{comma}{name}" for name in kinds), f"{before}{comma}{begun}")


def complete_consents(
    ctx: click.Context, _: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offer the names that --allow takes, after each comma again."""
    from ..plan.consents import MEANINGS

    before, comma, begun = incomplete.rpartition(",")
    return [
        CompletionItem(f"{before}{comma}{name}", help=meaning)
        for name, meaning in MEANINGS.items()
        if name.startswith(begun)
    ]


def spare_libraries() -> None:
    """Answer further imports of the slow libraries with empty modules: only options are wanted."""
    if not any(isinstance(finder, _Spare) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Spare())


def _items(values: Iterable[str], incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(value) for value in values if value.startswith(incomplete)]


class _Spare(MetaPathFinder, Loader):
    def find_spec(
        self, fullname: str, path: object = None, target: object = None
    ) -> ModuleSpec | None:
        spared = fullname.partition(".")[0] in SPARED
        return ModuleSpec(fullname, self, is_package=True) if spared else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Empty(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        pass


class _Empty(ModuleType):
    """A module in which every name is a class: enough for bases and for annotations."""

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (Exception,), {})
