"""Move blocks to the folder of another stack; the rows stay, and each folder knows whose they are.

edit the references → cut the blocks → put them there → read both folders again, and prove that
every resource says the same as before

What refers across the two folders afterwards does so by a lookup, and a lookup of what is now in
the same folder becomes a key again. The edits are made where the blocks stand; so their text, with
its comments, is moved as it is.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from ..configuration.provenance import BASE, provenance_of
from ..diagnostics import Problem, UsageError
from ..values.address import Address
from .blocks import users_of
from .cut import put_in
from .leaving import Known, Leaving, by_texts, name_again
from .mentions import Mentions
from .problem import cannot_move, refused
from .proof import Became, prove
from .workspace import Workspace


def dependents_of(space: Workspace, addresses: Iterable[Address]) -> list[Address]:
    """Give resources with everything that refers to them, in the order of the files."""
    asked, configuration = list(addresses), space.configuration
    found = set(asked)
    while more := {user.address for user, _, _ in users_of(configuration, found)}:
        found |= more
    known = [address for address in configuration.resources if address in found]
    return [*known, *(a for a in asked if a not in configuration.resources)]


def move_across(here: Workspace, there: Workspace, addresses: Sequence[Address]) -> Became:
    """Edit the files of both folders in memory; raises ConfigurationError with every problem."""
    _check_folders(here, there)
    leaving = Leaving(here, dict.fromkeys(addresses))
    if problems := [*leaving.wrong(), *_doubled(there, addresses)]:
        raise refused(problems)
    coming = by_texts(here, addresses)
    leaving.edit(by_texts(there, there.configuration.resources))
    there_became = _name_those_that_come(there, coming)
    if leaving.problems:
        raise refused(leaving.problems)
    for name, blocks in leaving.cut().items():
        put_in(there.files, there.kinds[name], blocks)
    if leaving.problems:
        raise refused(leaving.problems)
    _, after_here = here.again()
    _, after_there = there.again()
    new = _new(after_there.resources, set(there_became.values()))
    moved = {old: next(new[old.kind], old) for old in leaving.order}
    became = Became(moved, leaving.stayed, there_became)
    befores, afters = (here.configuration, there.configuration), (after_here, after_there)
    if problems := list(prove(befores, afters, became, here.kinds)):
        raise refused(problems)
    return became


def _doubled(there: Workspace, addresses: Iterable[Address]) -> Iterator[Problem]:
    for address in addresses:
        if address in there.configuration.resources:
            hint = "rename one of the two first"
            yield cannot_move(f"{address} is in {there.folder} already", hint, address)


def _name_those_that_come(there: Workspace, coming: Known) -> dict[Address, Address]:
    """Let lookups of what comes be keys; says what every address of the folder became."""
    before = provenance_of(there.loaded, there.kinds).layers[BASE]
    mentions = Mentions.of(there.kinds, [text.tree for _, text in there.texts()])
    for _, text in there.texts():
        for looking in mentions.lookups(text.tree):
            name_again(text, looking, coming)
    after = provenance_of(there.read_loosely(), there.kinds).layers[BASE]
    return dict(zip(before, after, strict=False))


def _check_folders(here: Workspace, there: Workspace) -> None:
    if here.folder.resolve() == there.folder.resolve():
        raise UsageError(f"{there.folder} is the folder that the blocks are in")
    if here.configuration.stack == there.configuration.stack:
        hint = "each folder needs a stack of its own"
        raise UsageError(f"both folders have the stack {here.configuration.stack}", hint=hint)


def _new(
    resources: Iterable[Address], known: Collection[Address]
) -> Mapping[str, Iterator[Address]]:
    """Give the addresses that have come, in their order, by kind."""
    by_kind: dict[str, list[Address]] = {}
    for address in resources:
        if address not in known:
            by_kind.setdefault(address.kind, []).append(address)
    return {kind: iter(some) for kind, some in by_kind.items()}
