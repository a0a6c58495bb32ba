"""A plan as a page: summary, filters, search, the details of each change, and the graph."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from shlex import quote
from typing import NamedTuple

from click import unstyle

from ...diagnostics.words import count
from ...plan.change import Action
from ...plan.shape import ChangeDocument, PlanDocument, name_of
from ...values.column import JSON
from ..calendar.window import window_of
from ..explain import Piece, explained
from ..facts import (
    Need,
    asked,
    by_kind,
    left_out,
    names_of,
    needs_of,
    place_of,
    sanitized,
    summary_line,
)
from ..graph import graph_of_plan
from ..plan_text import body_lines
from ..policies import BrokenPolicy, broken_policies, policies_line
from ..texts import line_diff
from ..unmanaged import strangers, unmanaged_head
from ..words import SYMBOLS
from .calendar_page import SCRIPTS as CALENDAR_SCRIPTS
from .calendar_page import STYLES as CALENDAR_STYLES
from .calendar_page import calendar_data, calendar_panel
from .graph_page import graph_data, graph_library, graph_pane
from .page import Frame, embedded, filled, page
from .pieces import COPY_LABEL, LONGEST_VALUE, alert, copying, cut, has_lines

MOST_TEXT = 1_000_000
"""So many characters of a plan stand in its page as text."""
TEXT_WIDTH = 100
_CALENDAR_TAB = (
    '\n  <button type="button" role="tab" id="tab-calendar" aria-controls="calendar" '
    'aria-selected="false" tabindex="-1">Prices</button>'
)
_POLICIES = (
    ("x", "caution", "Policies are broken, apply will refuse"),
    ("!", "warning", "Policies are broken, apply asks"),
    ("i", "note", "Policies are broken, as a warning"),
)
_GRAPH_NOTE = (
    "An arrow points to what is referred to. "
    "What stands left is created before the rest, and deleted after it."
)
SCRIPTS = ("detail.js", "plan.js")
STYLES = ("plan.css", "graph.css")
KEYS = {"/": "search", "j k": "or arrows move", "Enter": "read", "Esc": "back", "g": "graph"}


def plan_html(document: PlanDocument, apply_line: str | None = None) -> str:
    """Write a plan as one page; ``apply_line`` is the command that applies it, without consents."""
    document = sanitized(document)
    changes = document["changes"]
    graph = graph_of_plan(document)
    alerts = list(_alerts(document))
    body = filled(
        "plan.html",
        {
            "alerts": "\n".join(alert(*one) for one in alerts) or "<p>There are none.</p>",
            "kinds": "".join(_kinds(changes)),
            "actions": "".join(_actions(changes)),
            "graph_note": escape(_GRAPH_NOTE),
            "graph": graph_pane(),
            "calendar_tab": _CALENDAR_TAB if "calendar" in document else "",
            "calendar": calendar_panel(document["calendar"]) if "calendar" in document else "",
        },
    )
    return page(
        _frame(document, alerts, apply_line),
        body,
        scripts=(*CALENDAR_SCRIPTS, *SCRIPTS) if "calendar" in document else SCRIPTS,
        styles=(*STYLES, *CALENDAR_STYLES) if "calendar" in document else STYLES,
        library=graph_library(),
        data=embedded("plan", _data(document)) + graph_data(graph) + _calendar_data(document),
        without_script=_as_text(document),
    )


def _frame(document: PlanDocument, alerts: Iterable["_Alert"], apply_line: str | None) -> Frame:
    summary = summary_line(document)
    if not document["changes"]:
        summary = f"no changes, {summary}"
    chips = "".join(
        f'<button type="button" class="{one.sort}" data-tab="notices">'
        f"{one.title} ({len(one.items):,})</button>"
        for one in alerts
    )
    organization = f"organization <code>{escape(document['organization'])}</code>"
    return Frame(
        f"Plan for {document['stack']}",
        about=(f"{escape(summary)} · {organization}",),
        buttons=_apply_button(document, apply_line) if apply_line and document["changes"] else "",
        below=f'<div class="chips needs-script">{chips}</div>' if chips else "",
        digest=document["digest"],
        left_out=tuple(map(escape, left_out(document))) or ("nothing",),
        tool_version=document["tool_version"],
        keys=KEYS,
        layout="panes-page",
    )


def _apply_button(document: PlanDocument, apply_line: str) -> str:
    """Write the button that copies the command with all consents that it asks for."""
    flag = asked(needs_of(document["changes"]))
    policies = ",".join(one.consent for one in broken_policies(document) if one.consent)
    allowed = f"--allow {quote(policies)}" if policies else None
    line = " ".join(filter(None, [apply_line, flag, allowed]))
    return copying(line, COPY_LABEL)


def _calendar_data(document: PlanDocument) -> str:
    calendar = document.get("calendar")
    return calendar_data(calendar, window_of(calendar)) if calendar else ""


def _as_text(document: PlanDocument) -> str:
    """Write the plan as on a terminal, for who runs no script; it says so where it is cut."""
    room, lines = MOST_TEXT, []
    for line in body_lines(document, TEXT_WIDTH, compact=False):
        room -= len(line)
        if room < 0:
            lines.append("… and more, for which this page has no room: reconciler show FILE")
            break
        lines.append(escape(unstyle(line), quote=False))
    return '<pre class="text">{}</pre>'.format("\n".join(lines))


def _data(document: PlanDocument) -> dict[str, JSON]:
    names = names_of(document)
    return {
        "needs": [_need(need) for need in needs_of(document["changes"])],
        "changes": [_change(change, names) for change in document["changes"]],
    }


def _need(need: Need) -> dict[str, JSON]:
    return {"name": need.name, "meaning": need.meaning, "advisory": need.advisory}


def _change(change: ChangeDocument, names: Mapping[str, str]) -> dict[str, JSON]:
    cells: list[JSON] = [
        _cell(name + piece.where, piece)
        for name, pieces in explained(change, names).items()
        for piece in pieces
    ]
    return {
        "name": name_of(change),
        "kind": change["kind"],
        "action": change["action"],
        "id": change["id"],
        "place": place_of(change),
        "consents": [*change["consents"]],
        "protected": change["protected"],
        "unconfirmed": change["unconfirmed"],
        "references": [*change["references"]],
        "cells": cells,
    }


def _cell(label: str, piece: Piece) -> list[JSON]:
    """Write label, before, after, note, lines, remark; what is nothing at the end is left out."""
    if piece.note:
        return [label, None, None, " ".join(filter(None, (piece.note, piece.remark)))]
    before, after = cut(piece.before), cut(piece.after)
    lines: list[JSON] | None = None
    if piece.texts and has_lines(piece):
        before, after = "", ""
        lines = [*line_diff(*piece.texts, LONGEST_VALUE)]
    said: list[JSON] = [None, lines, piece.remark] if piece.remark else [None, lines]
    return [label, before, after, *(said if any(said) else [])]


class _Alert(NamedTuple):
    """A box of notices; ``title`` and ``items`` are HTML."""

    sort: str
    title: str
    items: list[str]


def _alerts(document: PlanDocument) -> Iterator[_Alert]:
    needs = needs_of(document["changes"])
    kept = [f"<code>{escape(name_of(c))}</code>" for c in document["changes"] if c["protected"]]
    if kept:
        yield _Alert("caution", "Protected, apply will refuse", kept)
    broken = list(broken_policies(document))
    for mark, sort, title in _POLICIES:
        items = [_policy(one) for one in broken if one.mark == mark]
        if items:
            yield _Alert(sort, title, items)
    flag = asked(needs)
    if flag:
        asked_for = [_meaning(need) for need in needs if not need.advisory]
        yield _Alert("warning", f'Apply needs <code class="whole">{flag}</code>', asked_for)
    notes = [_meaning(need) for need in needs if need.advisory]
    notes += [escape(line)] if (line := policies_line(document)) else []
    notes += [escape(note) for note in document["notes"]]
    if notes:
        yield _Alert("note", "Good to know", notes)
    head = unmanaged_head(document.get("unmanaged"))
    if head:
        yield _Alert(
            "note", escape(head), [escape(one.text) for one in strangers(document.get("unmanaged"))]
        )


def _policy(one: BrokenPolicy) -> str:
    names = one.broken(lambda name: f"<code>{escape(name)}</code>")
    return f"<strong>{escape(one.title)}</strong>: {escape(one.message)}: {names}"


def _meaning(need: Need) -> str:
    return f"<strong>{need.name}</strong>, {escape(need.about)}: {escape(need.meaning)}"


def _kinds(changes: Iterable[ChangeDocument]) -> Iterator[str]:
    for kind, found in sorted(by_kind(changes).items()):
        yield f'<option value="{escape(kind)}">{escape(kind)} ({len(found):,})</option>'


def _actions(changes: Iterable[ChangeDocument]) -> Iterator[str]:
    counts = Counter(change["action"] for change in changes)
    for action in Action:
        if counts[action]:
            yield (
                f'<button type="button" aria-pressed="false" data-action="{action}" '
                f'title="{count(counts[action], "change")} to {action}"><span class="{action}">'
                f"{SYMBOLS[action]} {action}</span> {counts[action]:,}</button>"
            )
