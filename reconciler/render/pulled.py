"""What pull found, for people: what comes into the files, what stays, and the conflicts."""

from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from ..catalogue import Kind
from ..diagnostics import Position
from ..diagnostics.words import count
from ..plan.writing import unmanaged_document
from ..planning.names import Names
from ..pulling.choosing import Decision
from ..pulling.comparing import Divergence
from ..pulling.pull import Compared, Pulled
from ..values.column import JSON
from ..values.sent import Pending, Sent
from .explain import as_text
from .unmanaged import strangers, unmanaged_head

LONGEST_VALUE = 300
NOT_KNOWN = "(not known)"


def compared_lines(
    compared: Compared, decision: Decision, kinds: Mapping[str, Kind], *, reveal: bool
) -> Iterator[str]:
    """Write what comes into the files, and what stays as it is."""
    configuration = compared.desired.configuration
    base = f"; what was applied is {compared.base.name}" if compared.base else ""
    organization = compared.remembered.owner.organization
    yield f"Stack {configuration.stack} in organization {organization}{base}"
    new = compared.strangers.new
    if decision.changes or new:
        yield ""
        yield "Live, and not yet in the files:"
    for address, columns in sorted(decision.taken.items()):
        resource = configuration.resources[address]
        names = [name for name in resource.values if name in columns]
        yield f"  {address}: {', '.join(names)}  {place_of(resource.place(names[0]))}"
    for address in sorted(decision.removed):
        place = place_of(configuration.resources[address].position)
        yield f"  {address}: its row is gone  {place}"
    for name, rows in sorted(new.items()):
        yield f"  {name}: {count(rows, 'row')} in no YAML"
    yield from _unmanaged(compared, kinds, reveal=reveal)
    if decision.kept:
        yield ""
        stay = "difference stays" if decision.kept == 1 else "differences stay"
        yield f"{decision.kept:,} {stay} as the files say: a plan applies that."


def _unmanaged(compared: Compared, kinds: Mapping[str, Kind], *, reveal: bool) -> Iterator[str]:
    if compared.strangers.unmanaged is None:
        return
    names = Names(compared.matched.identities.ids)
    secrets = compared.desired.configuration.secrets
    found = [
        unmanaged_document(one, kinds[one.kind], names, secrets, reveal=reveal)
        for one in compared.strangers.unmanaged
    ]
    yield ""
    yield f"{unmanaged_head(found)}."
    yield from (f"  {one.text}" for one in strangers(found))


def conflict_lines(
    conflicts: Iterable[Divergence], compared: Compared, *, reveal: bool
) -> Iterator[str]:
    """Write conflicts with what each of the three sides says, and where."""
    names = Names(compared.matched.identities.ids)
    for one in conflicts:
        yield ""
        yield f"Conflict: {one.name}"
        for side, value, place in _sides(one, compared, names, reveal=reveal):
            yield f"  {side:<8} {value}{f'  {place}' if place else ''}"


def written_line(pulled: Pulled) -> str:
    """Count what came into the files."""
    if not pulled.written:
        return "Nothing to take in: the files stay as they are."
    did = [
        f"{count(pulled.added, 'row')} added" if pulled.added else "",
        f"{count(pulled.changed, 'resource')} changed" if pulled.changed else "",
        f"{count(pulled.removed, 'block')} taken out" if pulled.removed else "",
    ]
    said = ", ".join(filter(None, did))
    return f"In the files: {said}." if said else "The files stay as they are."


def left_line(conflicts: int) -> str:
    """Say how to settle conflicts that are left."""
    left = "1 conflict is" if conflicts == 1 else f"{conflicts:,} conflicts are"
    return f"{left} left: --keep-files ADDRESS or --take-live ADDRESS decides"


def place_of(position: Position) -> str:
    """Say where something stands, and which template made it."""
    made = f" ({position.made_by})" if position.made_by else ""
    return f"{position}{made}"


def _sides(
    one: Divergence, compared: Compared, names: Mapping[str, str], *, reveal: bool
) -> Iterator[tuple[str, str, str]]:
    then = (
        f"{one.applied_place} at {compared.base.name}"
        if one.applied_place and compared.base
        else ""
    )
    here = place_of(one.place)
    if one.column is None:
        yield "applied", "a block" if then else NOT_KNOWN, then
        yield "files", "a block, otherwise than it was applied" if then else "a block", here
        yield "live", "no row", ""
        return
    column = one.column
    hidden = "(secret)" if column.sensitive else "(personal)" if column.pii and not reveal else ""
    applied = _value(one.applied.value, names) if one.applied else NOT_KNOWN
    yield "applied", (hidden if one.applied and hidden else applied), then
    yield "files", hidden or _value(one.files, names), here
    yield "live", hidden or _value(cast("Sent", one.live), names), ""


def _value(value: Sent, names: Mapping[str, str]) -> str:
    if isinstance(value, Pending):
        return str(value.address)
    if isinstance(value, str) and value in names:
        return names[value]
    text = as_text(cast("JSON", value))
    if len(text) <= LONGEST_VALUE:
        return text
    return f"{text[:LONGEST_VALUE]}… ({len(text) - LONGEST_VALUE:,} more characters)"
