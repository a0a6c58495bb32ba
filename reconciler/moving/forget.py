"""Let rows go: the blocks are taken out, and the rows stay."""

from collections.abc import Iterator, Sequence

from ..bindings import address_of
from ..diagnostics import Problem, UsageError
from ..values.address import Address
from .blocks import check_rest, find_unknown, take_out, users_of
from .problem import cannot_move, refused
from .workspace import Workspace


def parse_addresses(texts: Sequence[str]) -> list[Address]:
    """Read ``kind.key`` of each, links included; raises UsageError."""
    found = [(text, address_of(text)) for text in dict.fromkeys(texts)]
    wrong = [text for text, address in found if address is None]
    if wrong:
        raise UsageError(f"{wrong[0]} is not KIND.KEY", hint="such as contacts.jane-doe")
    return [address for _, address in found if address is not None]


def forget(space: Workspace, addresses: Sequence[Address]) -> None:
    """Edit the files in memory; raises ConfigurationError with all that stands in the way."""
    problems = list(find_unknown(space, addresses)) or list(_used(space, addresses))
    provenance = space.files.provenance(space.kinds)
    problems = problems or take_out(space.files, provenance, addresses)
    if problems:
        raise refused(problems)
    _, after = space.again()
    if problems := list(check_rest(space.configuration, after, dict.fromkeys(addresses))):
        raise refused(problems)
    for address in addresses:
        space.transfers.forget(address)


def _used(space: Workspace, addresses: Sequence[Address]) -> Iterator[Problem]:
    for user, name, address in users_of(space.configuration, set(addresses)):
        hint = f"forget {user.address}, too, or write the row's id or a lookup there"
        says = f"{user.address} refers to {address} ({name})"
        yield cannot_move(says, hint, user.address, user.place(name))
