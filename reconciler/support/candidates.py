"""What the Tab key offers for the options of commands.

A shell asks at every Tab, so nothing is loaded here that an answer can do without.
"""

from collections.abc import Iterable
from pathlib import Path

import click
from click.shell_completion import CompletionItem


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


def complete_explained(
    ctx: click.Context, _: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offer what can be explained: codes, each with its cause, kinds, and after a dot columns."""
    from ..catalogue import load_kinds
    from ..diagnostics.explanations import explanations

    kind, dot, _begun = incomplete.partition(".")
    kinds = load_kinds()
    if dot:
        columns = kinds[kind].columns if kind in kinds else ()
        return _items((f"{kind}.{name}" for name in columns), incomplete)
    known = [(one.code, one.cause) for one in explanations().values()]
    known += [(found.name, found.description) for found in kinds.values()]
    return [CompletionItem(n, help=said) for n, said in known if n.startswith(incomplete)]


def _items(values: Iterable[str], incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(value) for value in values if value.startswith(incomplete)]
