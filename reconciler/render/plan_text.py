"""A plan for the terminal: consents on top, changes by kind, counts at the end.

One symbol per action and a word with it, so that nothing is said by colour alone.
"""

from collections.abc import Iterator
from itertools import groupby

import click
import orjson

from ..change import Action
from ..consent import ADVISORY, MEANINGS
from ..kind import JSON
from ..plan import ChangeDocument, ColumnDocument, PlanDocument
from ..plan.document import name_of
from .words import COLOURS, SYMBOLS, count

_WIDEST = 60


def plan_text(document: PlanDocument) -> str:
    """Write a plan for people."""
    return "\n".join(_lines(document)) + "\n"


def summary_line(document: PlanDocument) -> str:
    """Write the counts of a plan in one line."""
    words = [
        f"{number:,} to {action}"
        for action, number in document["summary"].items()
        if number and action != Action.NO_OP
    ]
    return ", ".join([*words, f"{document['summary']['no-op']:,} unchanged"])


def _lines(document: PlanDocument) -> Iterator[str]:
    yield f"Stack {document['stack']} in organization {document['organization']}"
    yield ""
    for note in document["notes"]:
        yield f"Note: {note}"
    if document["notes"]:
        yield ""
    if not document["changes"]:
        resources = count(document["summary"]["no-op"], "resource")
        yield f"No changes: {resources} as in the configuration."
        return
    yield from _consents(document["changes"])
    for kind, changes in groupby(document["changes"], key=lambda change: change["kind"]):
        yield kind
        for change in changes:
            yield from _change(change)
        yield ""
    yield f"Plan: {summary_line(document)}."
    yield f"Digest: {document['digest']}"


def _consents(changes: list[ChangeDocument]) -> Iterator[str]:
    said = False
    for name, meaning in MEANINGS.items():
        about = [change for change in changes if name in change["consents"]]
        if about:
            said = True
            kinds = ", ".join(sorted({change["kind"] for change in about}))
            label = "Take notice" if name in ADVISORY else f"Needs --allow {name}"
            yield f"{label}: {count(len(about), 'change')} of {kinds}: {meaning}"
    for change in changes:
        if change["protected"]:
            said = True
            yield f"Protected, apply will refuse: {name_of(change)} would be deleted"
    if said:
        yield ""


def _change(change: ChangeDocument) -> Iterator[str]:
    action = Action(change["action"])
    facts = [action.value]
    if action in {Action.ADOPT, Action.RENAME}:
        facts.append(f"row {change['id']}")
    if change["unconfirmed"]:
        facts.append("unconfirmed: the API may refuse this")
    place = f"  {change['file']}:{change['line']}" if change["file"] else ""
    symbol = click.style(SYMBOLS[action], fg=COLOURS.get(action))
    yield f"  {symbol} {name_of(change)}  ({', '.join(facts)}){place}"
    columns = {**change["label"], **change["columns"]}
    width = max(map(len, columns), default=0)
    for name, column in columns.items():
        yield f"      {name:<{width}}  {_column(column)}"


def _column(column: ColumnDocument) -> str:
    if "hidden" in column:
        return f"({column['hidden']})"
    after = column.get("refers_to") or ("after" in column and shortened(column["after"])) or ""
    if "before" not in column:
        return after
    before = shortened(column["before"])
    return f"{before} -> {after}" if "after" in column else before


def shortened(value: JSON) -> str:
    """Write a value as JSON, cut where it is long, saying how much is left out."""
    text = orjson.dumps(value).decode()
    if len(text) <= _WIDEST:
        return text
    return f"{text[:_WIDEST]}… ({len(text) - _WIDEST:,} more characters)"
