"""What the Tab key offers for the options of commands.

A shell asks at every Tab, so nothing is loaded here that an answer can do without.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from ..catalogue import Kind


def complete_addresses(
    ctx: click.Context, _: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offer the addresses of the folder that the command line names: kinds, then their keys."""
    from ..configuration.load import load
    from ..editor import keys_of

    # what stands before an option without its value is left in `args`
    named = [*(ctx.params.get("paths") or ()), *ctx.args]
    if not named:
        return []
    found = keys_of(load([Path(named[0])], variables={}, environment={}), _kinds(named))
    return _items((f"{kind}.{key}" for kind, keys in found.items() for key in keys), incomplete)


def complete_kinds(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer kinds, after each comma again."""
    before, comma, begun = incomplete.rpartition(",")
    named = [*(ctx.params.get("paths") or ()), *ctx.args]
    kinds = [kind.name for kind in _kinds(named).values() if kind.in_yaml]
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
    from ..diagnostics.explanations import explanations

    kind, dot, _begun = incomplete.partition(".")
    folder = ctx.params.get("folder")
    kinds = _kinds([folder] if folder else [])
    if dot:
        columns = kinds[kind].columns if kind in kinds else ()
        return _items((f"{kind}.{name}" for name in columns), incomplete)
    known = [(one.code, one.cause) for one in explanations().values()]
    known += [(found.name, found.description) for found in kinds.values()]
    return [CompletionItem(n, help=said) for n, said in known if n.startswith(incomplete)]


def _kinds(paths: Sequence[str | Path]) -> "Mapping[str, Kind]":
    """Give the kinds of a folder; the shipped ones where none is named, or its own are wrong."""
    from ..catalogue import load_kinds
    from ..configuration.grown import kinds_of
    from ..diagnostics import ReconcilerError

    try:
        return kinds_of([Path(path) for path in paths[:1]]) if paths else load_kinds()
    except ReconcilerError:
        return load_kinds()


def _items(values: Iterable[str], incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(value) for value in values if value.startswith(incomplete)]
