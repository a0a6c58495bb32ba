"""A plan for the terminal: consents on top, changes by kind, counts at the end.

One symbol per action and a word with it, so that nothing is said by colour alone; nothing is
wider than the terminal but names, which people copy.
"""

import shutil
import sys
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from textwrap import wrap
from typing import NamedTuple

import click

from ..diagnostics.words import count
from ..plan.change import Action
from ..plan.changes import Changes
from ..plan.shape import ChangeDocument, ChangeHead, PlanDocument, name_of
from .alone import lines_alone
from .cells import value_lines
from .explain import explained, label_of
from .facts import (
    Need,
    asked,
    counts_text,
    flowing_sanitized,
    names_of,
    needs_of,
    place_of,
    remarks,
    summary_line,
    unmet,
)
from .policies import broken_policies, policies_line
from .unmanaged import strangers, unmanaged_head
from .visible import visible
from .widths import in_width, width_of
from .words import COLOURS, SYMBOLS, short

WIDTH = 80
NARROWEST = 40
SHORTEST = 12
UNCUT = 10_000
"""Lines for a pipe are read by programs: nothing is left out of them."""


def plan_lines(
    document: PlanDocument,
    width: int | None = None,
    *,
    compact: bool = False,
    digest: Callable[[], str] | None = None,
) -> Iterator[str]:
    """Write a plan for people, line by line; ``width`` is that of the terminal if not given.

    ``digest`` computes what the document does not hold yet, once its changes are written.
    """
    if width is None:
        width = UNCUT if compact and not sys.stdout.isatty() else terminal_width()
    yield from _lines(flowing_sanitized(document), width, compact=compact)
    yield f"Digest: {digest() if digest else visible(document['digest'])}"


def terminal_width() -> int:
    """Measure the terminal; what is not written to one is 80 wide."""
    return max(NARROWEST, shutil.get_terminal_size().columns) if sys.stdout.isatty() else WIDTH


def _lines(document: PlanDocument, width: int, *, compact: bool) -> Iterator[str]:
    yield f"Stack {document['stack']} in organization {document['organization']}"
    yield ""
    yield from body_lines(document, width, compact=compact)


def body_lines(document: PlanDocument, width: int, *, compact: bool) -> Iterator[str]:
    """Write what a plan would do, and what it needs; the document is sanitized already."""
    all_changes = Changes.of(document["changes"])
    heads = _heads_of(all_changes)
    yield from _warnings(document, heads, width)
    if not all_changes:
        resources = count(document["summary"]["no-op"], "resource")
        also = f"; {unmet(document)}" if document["unmet"] else ""
        yield from wrap(f"No changes: {resources} as in the configuration{also}.", width)
        yield from filter(None, [policies_line(document)])
        yield from _unmanaged(document, width)
        return
    groups = heads.groups
    new = all(group.actions.keys() == {Action.CREATE} for group in groups.values())
    names = {} if new else names_of(document)  # what was before has names
    for kind, group in groups.items():
        changes = all_changes.only(group.numbers)
        first, *rest = wrap(f"{kind}: {counts_text(group.actions)}", width, subsequent_indent="  ")
        yield click.style(kind, bold=True) + first.removeprefix(kind)
        yield from rest
        for change in changes:
            yield from change_lines(change, names, width, compact=compact)
        yield ""
    yield from _calendar(document, width, compact=compact)
    total = sum((group.actions for group in groups.values()), Counter[str]())
    yield from wrap(f"Plan: {summary_line(document, total)}.", width)
    yield from filter(None, [policies_line(document)])
    yield from _unmanaged(document, width)


def _calendar(document: PlanDocument, width: int, *, compact: bool) -> Iterator[str]:
    """Write which days cost something else, or are taken."""
    calendar = document.get("calendar")
    if calendar and not compact:
        from .calendar import changed_lines
        from .calendar.window import window_of

        yield from changed_lines(calendar, window_of(calendar), width)
        yield ""


def _unmanaged(document: PlanDocument, width: int) -> Iterator[str]:
    """Write which rows are in no YAML, if somebody asked."""
    head = unmanaged_head(document.get("unmanaged"))
    if head:
        yield f"{head}."
    for one in strangers(document.get("unmanaged")):
        yield from wrap(
            one.text, width, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False
        )


def change_lines(
    change: ChangeDocument, names: Mapping[str, str], width: int, *, compact: bool
) -> Iterator[str]:
    """Write one change: its name and its columns, or all in one line."""
    if compact:
        yield _in_one_line(change, label_of(change, names), width)
    else:
        yield from _headline(change, width)
        yield from _values(change, names, width)


def _values(change: ChangeDocument, names: Mapping[str, str], width: int) -> Iterable[str]:
    """Write the columns of a change."""
    columns = {**change["label"], **change["columns"]} if change["label"] else change["columns"]
    alone = lines_alone(columns, names, width)
    if alone is None:
        return value_lines(explained(change, names), width)
    return (alone,) if alone else ()


class _Group(NamedTuple):
    """The changes of one kind, by their numbers, and how many there are of each action."""

    numbers: "array[int]"
    actions: Counter[str]


class _Heads(NamedTuple):
    """What is said of all changes together; kinds and changes stay in the order of execution."""

    groups: Mapping[str, _Group]
    needs: Sequence[Need]
    protected: Sequence[str]


def _heads_of(changes: Changes) -> _Heads:
    """Look once at what every change is."""
    groups: dict[str, _Group] = {}
    protected: list[str] = []

    def noted() -> Iterator[ChangeHead]:
        for number, head in enumerate(changes.heads):
            group = groups.get(head["kind"])
            if group is None:
                group = groups[head["kind"]] = _Group(array("I"), Counter())
            group.numbers.append(number)
            group.actions[head["action"]] += 1
            if head["protected"]:
                protected.append(name_of(head))
            yield head

    return _Heads(groups, needs_of(noted()), protected)


def _warnings(document: PlanDocument, heads: _Heads, width: int) -> Iterator[str]:
    needs = heads.needs
    said = [
        *(_consent(need.name, need.about, need.meaning, told=need.advisory) for need in needs),
        *(f"x Protected, apply will refuse: {n} would be deleted" for n in heads.protected),
        *(f"{one.mark} {one.text}" for one in broken_policies(document)),
        *(f"i Note: {note}" for note in document["notes"]),
    ]
    for text in sorted(said, key=lambda text: "!xi".index(text[0])):
        yield from wrap(text, width, subsequent_indent="  ", break_on_hyphens=False)
    flag = asked(needs)
    if flag:
        text = "To allow all of it, apply with"
        yield f"{text} {flag}" if len(text) + len(flag) < width else f"{text}\n  {flag}"
    if said:
        yield ""


def _consent(name: str, about: str, meaning: str, *, told: bool) -> str:
    if told:
        return f"i Notice ({name}): {about}: {meaning}"
    return f"! Needs --allow {name}: {about}: {meaning}"


def _headline(change: ChangeDocument, width: int) -> Iterator[str]:
    """Name a change; what does not fit beside its name comes below."""
    mark, length = _mark(change["action"])
    line = f"  {mark} {name_of(change)}"
    used = length + len(name_of(change))
    facts = remarks(change)
    for text in filter(None, [place_of(change), f"({', '.join(facts)})" if facts else ""]):
        if used + 2 + width_of(text) <= width:
            line, used = f"{line}  {text}", used + 2 + width_of(text)
        else:
            yield line
            *above, line = _wrapped_below(text, width) if " " in text else _below(text, width)
            yield from above
            used = width_of(line)
    yield line


def _below(text: str, width: int) -> list[str]:
    """Write what stands below a name, in as many lines as it takes: one, nearly always."""
    if len(text) + 6 <= width and " " not in text:
        return [" " * 6 + text]
    return wrap(
        text, width, initial_indent=" " * 6, subsequent_indent=" " * 7,
        break_on_hyphens=False, break_long_words=False,
    )  # fmt: skip


_wrapped_below = lru_cache(1000)(_below)
"""Many changes say the same in several words."""


@cache
def _mark(action: str) -> tuple[str, int]:
    """Give the coloured mark of an action, and the width that a line with it has used."""
    known = Action(action)
    text = f"{SYMBOLS[known]} {known.value}"
    return click.style(text, fg=COLOURS.get(known), bold=True), len(f"  {text} ")


def _in_one_line(change: ChangeDocument, label: str, width: int) -> str:
    action = Action(change["action"])
    head = f"  {SYMBOLS[action]} {action.value} {short(name_of(change))}"
    facts = ["protected"] if change["protected"] else change["consents"]
    tail = f"  {place_of(change)}" if change["file"] else ""
    tail += f"  ({', '.join(facts)})" if facts else ""
    room = width - width_of(head + tail) - 2
    columns = change["columns"]
    choices = [", ".join(columns), count(len(columns), "column")] if columns else [label]
    what = next((text for text in choices if width_of(text) <= room), "")
    if label and not what and room > SHORTEST:
        what = in_width(label, room - 1) + "…"
    styled = click.style(head[:3], fg=COLOURS.get(action), bold=True) + head[3:]
    return f"{styled}{f': {what}' if what else ''}{tail}"
