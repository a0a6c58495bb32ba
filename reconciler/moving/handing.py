"""What stands beside the YAML of two folders when a row goes from one to the other."""

from collections.abc import Iterator, Mapping

from ..diagnostics.words import few
from ..values.address import Address
from .proof import Became
from .workspace import Workspace


def hand_over(here: Workspace, there: Workspace, became: Became) -> Iterator[str]:
    """Let bindings and transfers follow; says what nobody can know, and what is to be done."""
    for space, renamed in ((here, became.here), (there, became.there)):
        changed = {old: new for old, new in renamed.items() if old != new}
        space.rename_bound(changed)
        space.transfers.rename(changed)
    for old, new in became.moved.items():
        former = here.transfers.give_away(old, there.configuration.stack)
        there.transfers.receive(new, former)
    yield from _unknown(here, became.moved)
    _hand_bindings(here, there, became.moved)
    protected = sorted(str(old) for old in became.moved if str(old) in here.configuration.protect)
    if protected:
        yield (
            f"{', '.join(protected)}: protected in {here.folder}, which protects nothing any more;"
            f" write it under `protect:` in {there.folder}"
        )


def _hand_bindings(here: Workspace, there: Workspace, moved: Mapping[Address, Address]) -> None:
    kinds = {address.kind for address in moved}
    for organization, entries in here.bindings.items():
        going = {moved[a]: bound for a, bound in entries.items() if a in moved}
        for address in moved:
            entries.pop(address, None)
        stored = {c: f for c, f in here.stored[organization].items() if c.split(".")[0] in kinds}
        if going or stored:
            there.bindings.setdefault(organization, {}).update(going)
            known = there.stored.setdefault(organization, {})
            known.update({c: form for c, form in stored.items() if c not in known})


def _unknown(here: Workspace, moved: Mapping[Address, Address]) -> Iterator[str]:
    """Name the organizations in which the id of a row that the server numbers is not known."""
    numbered = [address for address in moved if not here.is_computed(address)]
    for organization in here.organizations if numbered else ():
        bound = here.bindings.get(organization, {})
        lacking = sorted(str(address) for address in numbered if address not in bound)
        if lacking:
            yield (
                f"organization {organization}: the ids of {few(lacking)} are not known here;"
                " there they are found by their natural keys"
            )
    if numbered and not here.organizations:
        names = sorted(map(str, numbered))
        yield f"no bindings are here, so the ids of {few(names)} are known in no organization"
