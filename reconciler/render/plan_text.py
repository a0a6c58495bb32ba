"""A plan for the terminal: consents on top, changes by kind, counts at the end.

One symbol per action, so that nothing is said by colour alone. Personal values are shown only
where asked for, secret ones never.
"""

from collections.abc import Iterator, Mapping
from itertools import groupby

import click
import orjson

from ..change import Action, Change, Difference, Pending, Sent
from ..consent import ADVISORY, needed, protected
from ..kind import Column, Kind
from ..plan import Plan, digest_of_plan
from .words import COLOURS, SYMBOLS, count

PERSONAL = "(personal)"
SECRET = "(secret)"  # noqa: S105 (what stands for one)
_WIDEST = 60


def plan_text(plan: Plan, kinds: Mapping[str, Kind], *, show_personal: bool) -> str:
    """Write a plan for people."""
    return "\n".join(_lines(plan, kinds, show_personal=show_personal)) + "\n"


def summary_line(plan: Plan) -> str:
    """Write the counts of a plan in one line."""
    words = [
        f"{number:,} to {action}"
        for action, number in plan.summary.items()
        if number and action != Action.NO_OP
    ]
    return ", ".join([*words, f"{plan.unchanged:,} unchanged"])


def _lines(plan: Plan, kinds: Mapping[str, Kind], *, show_personal: bool) -> Iterator[str]:
    yield f"Stack {plan.stack} in organization {plan.organization}"
    yield ""
    yield from _notes(plan)
    if not plan.changes:
        yield f"No changes: {count(plan.unchanged, 'resource')} as in the configuration."
        return
    yield from _refusals(plan)
    for kind, changes in groupby(plan.changes, key=lambda change: change.kind):
        yield f"{kind}"
        for change in changes:
            yield from _change(change, kinds[kind], show_personal=show_personal)
        yield ""
    yield f"Plan: {summary_line(plan)}."
    yield f"Digest: {digest_of_plan(plan, kinds)}"


def _notes(plan: Plan) -> Iterator[str]:
    for note in plan.notes:
        place = f" ({note.position})" if note.position else ""
        yield f"Note: {note.message}{place}"
        if note.hint:
            yield f"      {note.hint}"
    if plan.notes:
        yield ""


def _refusals(plan: Plan) -> Iterator[str]:
    needs = needed(plan.changes)
    for need in needs:
        kinds = ", ".join(need.kinds)
        about = f"{count(need.changes, 'change')} of {kinds}: {need.meaning}"
        label = "Takes notice" if need.name in ADVISORY else f"Needs --allow {need.name}"
        yield f"{label}: {about}"
    forbidden = protected(plan.changes, plan.protect)
    for change in forbidden:
        yield f"Protected, apply will refuse: {change.name} would be deleted"
    if needs or forbidden:
        yield ""


def _change(change: Change, kind: Kind, *, show_personal: bool) -> Iterator[str]:
    symbol = click.style(SYMBOLS[change.action], fg=COLOURS.get(change.action))
    facts = [change.action.value]
    if change.action in {Action.ADOPT, Action.RENAME}:
        facts.append(f"row {change.id}")
    if change.unconfirmed:
        facts.append("unconfirmed: the API may refuse this")
    place = f"  {change.position}" if change.position else ""
    yield f"  {symbol} {change.name}  ({', '.join(facts)}){place}"
    if change.action is Action.DELETE:
        yield from _label(change, kind, show_personal=show_personal)
    columns = {**{n: kind.columns[n] for n in change.columns}, **kind.inputs}
    differences = {**change.columns, **{n: Difference(None, v) for n, v in change.inputs.items()}}
    width = max(map(len, differences), default=0)
    for name, difference in differences.items():
        text = _difference(change, columns[name], difference, show_personal=show_personal)
        yield f"      {name:<{width}}  {text}"


def _label(change: Change, kind: Kind, *, show_personal: bool) -> Iterator[str]:
    """Say by its natural key which row is meant, since its name may be gone."""
    if change.address is not None:
        return
    for part in kind.natural_key:
        value = (change.row or {}).get(part.column)
        column = kind.columns[part.column]
        if value is not None:
            yield f"      {part.column}  {_value(column, value, show_personal=show_personal)}"


def _difference(
    change: Change, column: Column, difference: Difference, *, show_personal: bool
) -> str:
    after = _value(column, difference.after, show_personal=show_personal)
    if change.action is Action.CREATE:
        return after
    before = _value(column, difference.before, show_personal=show_personal)
    return f"{before} -> {after}" if before != after else f"{after} (changes)"


def _value(column: Column, value: Sent, *, show_personal: bool) -> str:
    if column.sensitive:
        return SECRET
    if column.pii and not show_personal and value is not None:
        return PERSONAL
    return shortened(_plain(value))


def _plain(value: Sent) -> str:
    if isinstance(value, Pending):
        return f"(id of {value.address})"
    return orjson.dumps(value, default=lambda v: _plain(v)).decode()


def shortened(text: str) -> str:
    """Cut a long value, saying how much is left out."""
    if len(text) <= _WIDEST:
        return text
    return f"{text[:_WIDEST]}… ({len(text) - _WIDEST:,} more characters)"
