"""A plan as a page: summary, filters, search, the details of each change, and the graph."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from html import escape

from ...diagnostics.words import count
from ...plan.change import Action
from ...plan.shape import ChangeDocument, PlanDocument, name_of
from ...values.column import JSON
from ..explain import Piece, explained
from ..facts import Need, asked, by_kind, names_of, needs_of, place_of, sanitized, summary_line
from ..graph import bounded, graph_of_plan, graph_svg
from ..policies import BrokenPolicy, broken_policies, policies_line
from ..texts import line_diff
from ..unmanaged import strangers, unmanaged_head
from ..words import SYMBOLS
from .page import embedded, filled, page

LONGEST_VALUE = 20_000
MOST_ALERTS = 50
_POLICIES = (
    ("x", "caution", "Policies are broken, apply will refuse"),
    ("!", "warning", "Policies are broken, apply asks"),
    ("i", "note", "Policies are broken, as a warning"),
)
SCRIPTS = ("theme.js", "graph.js", "detail.js", "plan.js")


def plan_html(document: PlanDocument) -> str:
    """Write a plan as one page."""
    document = sanitized(document)
    changes = document["changes"]
    graph, whole_kinds = bounded(graph_of_plan(document))
    note = (
        "An arrow points to what is referred to. "
        "What stands left is created before the rest, and deleted after it."
    )
    if whole_kinds:
        note += " There are too many changes to draw each: every box is a whole kind."
    parts = {
        "stack": document["stack"],
        "organization": document["organization"],
        "summary": summary_line(document) if changes else f"no changes, {summary_line(document)}",
        "digest": document["digest"],
        "tool_version": document["tool_version"],
        "graph_note": note,
    }
    body = filled(
        "plan.html",
        {
            **{name: escape(text) for name, text in parts.items()},
            "alerts": "\n".join(_alerts(document)),
            "kinds": "".join(_kinds(changes)),
            "actions": "".join(_actions(changes)),
            "graph": graph_svg(graph, alone=False, links=not whole_kinds),
        },
    )
    return page(f"Plan for {document['stack']}", body, SCRIPTS, embedded("plan", _data(document)))


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
    before, after = _cut(piece.before), _cut(piece.after)
    lines: list[JSON] | None = None
    if piece.texts and (piece.has_lines or max(map(len, piece.texts)) > LONGEST_VALUE):
        before, after = "", ""
        lines = [*line_diff(*piece.texts, LONGEST_VALUE)]
    said: list[JSON] = [None, lines, piece.remark] if piece.remark else [None, lines]
    return [label, before, after, *(said if any(said) else [])]


def _cut(text: str | None) -> str | None:
    if text is None or len(text) <= LONGEST_VALUE:
        return text
    return f"{text[:LONGEST_VALUE]}… ({len(text) - LONGEST_VALUE:,} more characters)"


def _alerts(document: PlanDocument) -> Iterator[str]:
    needs = needs_of(document["changes"])
    kept = [f"<code>{escape(name_of(c))}</code>" for c in document["changes"] if c["protected"]]
    if kept:
        yield _alert("caution", "Protected, apply will refuse to delete", kept)
    broken = list(broken_policies(document))
    for mark, sort, title in _POLICIES:
        items = [_policy(one) for one in broken if one.mark == mark]
        if items:
            yield _alert(sort, title, items)
    flag = asked(needs)
    if flag:
        asked_for = [_meaning(need) for need in needs if not need.advisory]
        yield _alert("warning", f'Apply needs <code class="whole">{flag}</code>', asked_for)
    notes = [_meaning(need) for need in needs if need.advisory]
    notes += [escape(line)] if (line := policies_line(document)) else []
    notes += [escape(note) for note in document["notes"]]
    if notes:
        yield _alert("note", "Good to know", notes)
    head = unmanaged_head(document.get("unmanaged"))
    if head:
        yield _alert(
            "note", escape(head), [escape(one.text) for one in strangers(document.get("unmanaged"))]
        )


def _alert(sort: str, title: str, items: list[str]) -> str:
    """Write a box; ``title`` and ``items`` are HTML."""
    more = [f"… and {len(items) - MOST_ALERTS:,} more"] if len(items) > MOST_ALERTS else []
    rows = "".join(f"<li>{item}</li>" for item in [*items[:MOST_ALERTS], *more])
    return f'<div class="alert {sort}"><strong>{title}</strong><ul>{rows}</ul></div>'


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
