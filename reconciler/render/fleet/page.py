"""A fleet as a page: a table of organizations with filters and sorting, and each change once.

Everything stands in the page as HTML, so it is read without a script, too; the script only hides,
sorts and chooses.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path

from ... import __version__
from ...diagnostics.words import count
from ...fleet.results import FleetReport, Result
from ...plan.change import Action
from ...plan.shape import name_of
from ..explain import Piece, explained
from ..facts import counts_text, place_of, remarks
from ..html.page import filled, page
from ..texts import line_diff
from ..visible import visible
from ..words import SYMBOLS
from .gather import FINE, Alert, Gathered, PlanOf, Shared, Shown, gather, who

LONGEST_VALUE = 20_000
MOST_ALERTS = 100
MOST_CHANGES = 5_000
"""So many changes stand in the page, the first of each group before the second; it says so."""
_OPEN = 3
"""So many groups are unfolded."""
_HEADS = ("organization", "wave", "ended", "changes", "what is said")
_SORTS = {"x": ("caution", "Wrong"), "!": ("warning", "Apply asks"), "i": ("note", "Good to know")}
_CHANGING = frozenset(action.value for action in Action if action is not Action.NO_OP)
_WITHOUT = "Without JavaScript all of it is shown, and nothing can be filtered or sorted."


def fleet_html(
    report: FleetReport, plan_of: PlanOf, folder: Path | None = None, *, digest: str | None = None
) -> str:
    """Write how a fleet ended as one page."""
    found = gather(report, plan_of, folder)
    named = f'digest <code class="whole">{escape(digest)}</code> · ' if digest else ""
    run = f" · run {escape(report.run)}" if report.run else ""
    groups = _Groups(found)
    body = filled(
        "fleet.html",
        {
            "verb": escape(report.verb),
            "summary": escape(found.summary) + run + f" · exit code {report.exit_code}",
            "digest": named,
            "tool_version": escape(__version__),
            "alerts": "\n".join(_alerts(found)),
            "waves": "".join(_waves(report.results)),
            "states": "".join(_states(report.results)),
            "heads": "".join(f'<th scope="col" aria-sort="none">{head}</th>' for head in _HEADS),
            "rows": "\n".join(groups.row(one) for one in report.results),
            "changes_note": escape(groups.note),
            "groups": "\n".join(groups.texts),
        },
    )
    title = f"Fleet {report.verb}"
    return page(title, body, ("theme.js", "fleet.js"), without_script=_WITHOUT)


def _alerts(found: Gathered) -> Iterator[str]:
    total = len(found.report.results)
    for mark, (sort, title) in _SORTS.items():
        items = [_alert(one, total) for one in found.alerts if one.mark == mark]
        if not items:
            continue
        rest = items[MOST_ALERTS:]
        more = [f"<li>… and {len(rest):,} more, beside their organizations</li>"] if rest else []
        rows = "".join([*items[:MOST_ALERTS], *more])
        if mark != "i":
            yield f'<div class="alert {sort}"><strong>{title}</strong><ul>{rows}</ul></div>'
            continue
        head = f"<summary><strong>{title}</strong> ({len(items):,})</summary>"
        yield f'<details class="alert {sort}">{head}<ul>{rows}</ul></details>'


def _alert(alert: Alert, total: int) -> str:
    names = escape(who(alert.members, total))
    return f"<li><strong>{names}</strong>: {escape(alert.text[:LONGEST_VALUE])}</li>"


def _waves(results: Sequence[Result]) -> Iterator[str]:
    for wave, number in Counter(one.wave for one in results).items():
        name = escape(visible(wave))
        yield f'<option value="{name}">{name or "(none)"} ({number:,})</option>' if name else ""


def _states(results: Sequence[Result]) -> Iterator[str]:
    for state, number in Counter(one.state for one in results).most_common():
        name = escape(visible(state))
        yield (
            f'<button type="button" aria-pressed="false" data-wanted="{name}">'
            f'<span class="{_class(state)}">{name}</span> {number:,}</button>'
        )


def _class(state: str) -> str:
    return "bad" if state not in FINE else "open" if state == "pending" else "good"


class _Groups:
    """The groups of changes as HTML, and which of them each organization has."""

    def __init__(self, found: Gathered) -> None:
        self._total = len(found.report.results)
        self._of: dict[str, list[str]] = {}
        self._said: dict[str, list[str]] = {}
        for alert in found.alerts:
            for member in alert.members:
                self._said.setdefault(member, []).append(alert.text)
        room = _shares([len(shared.changes) for shared in found.shared], MOST_CHANGES)
        self.texts = [
            self._group(shared, number, most)
            for number, (shared, most) in enumerate(zip(found.shared, room, strict=True), 1)
        ]
        changes = sum(len(shared.changes) for shared in found.shared)
        groups = count(len(found.shared), "group")
        self.note = (
            f"{count(changes, 'change')} in {groups}: what organizations have alike is shown once."
            if changes
            else "There are none."
        )

    def row(self, one: Result) -> str:
        """Write the row of an organization in the table."""
        of = self._of.get(one.name, [])
        links = " ".join(f'<a href="#{group}">{group}</a>' for group in of)
        changes = sum(number for action, number in one.counts.items() if action in _CHANGING)
        said = "; ".join(text[:LONGEST_VALUE] for text in self._said.get(one.name, []))
        ended = visible(", ".join([one.state, *(f"{n:,} {what}" for what, n in _outcomes(one))]))
        return (
            f'<tr data-wave="{escape(visible(one.wave))}" data-state="{escape(visible(one.state))}"'
            f' data-groups="{" ".join(of)}" aria-selected="false">'
            f'<td title="{escape(one.organization)}">{escape(one.name)}</td>'
            f"<td>{escape(visible(one.wave))}</td>"
            f'<td class="{_class(one.state)}" data-value="{one.code} {escape(visible(one.state))}">'
            f"{escape(ended)}</td>"
            f'<td data-value="{changes}">{counts_text(one.counts)} {links}</td>'
            f"<td>{escape(said)}</td></tr>"
        )

    def _group(self, shared: Shared, number: int, most: int) -> str:
        name = f"g{number}"
        for member in shared.members:
            self._of.setdefault(member, []).append(name)
        shown = "".join(_change(one) for one in [*shared.shown()][:most])
        lost = len(shared.changes) - most
        if lost > 0:
            text = f"… and {count(lost, 'more change')}, for which this page has no room"
            shown += f'<article class="muted">{text}: see the plan of one of them.</article>'
        hidden = '<p class="members none">Hidden values may differ.</p>' if shared.hides else ""
        many = len(shared.members) > 1
        members = f'<p class="members">{escape(", ".join(shared.members))}</p>' if many else ""
        return (
            f'<details class="group-of" id="{name}"{" open" if number <= _OPEN else ""}><summary>'
            f"<strong>{escape(who(shared.members, self._total, 3))}</strong>: "
            f'{counts_text(shared.counts)} <span class="muted">{name}</span></summary>'
            f"{members}{hidden}{shown}</details>"
        )


def _outcomes(one: Result) -> Iterator[tuple[str, int]]:
    return ((what, number) for what, number in one.outcomes.items() if number)


def _shares(wanted: Sequence[int], room: int) -> list[int]:
    """Share a room: nobody gets more than he wants, and small wishes are met first."""
    given = [0] * len(wanted)
    order = sorted(range(len(wanted)), key=wanted.__getitem__)
    for done, at in enumerate(order):
        given[at] = min(wanted[at], room // (len(wanted) - done))
        room -= given[at]
    return given


def _change(shown: Shown) -> str:
    change, names = shown
    action = Action(change["action"])
    facts = ", ".join([place_of(change), *remarks(change)])
    return (
        f'<article><h3><span class="badge {action}">{SYMBOLS[action]} {action}</span> '
        f"<code>{escape(name_of(change))}</code></h3>"
        f'<p class="muted">{escape(facts)}</p>{_cells(explained(change, names))}</article>'
    )


def _cells(columns: Mapping[str, Sequence[Piece]]) -> str:
    rows = "".join(_row(name + p.where, p) for name, pieces in columns.items() for p in pieces)
    if not rows:
        return ""
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("Column", "Before", "After"))
    return f'<table class="cells"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'


def _row(label: str, piece: Piece) -> str:
    remark = f'<div class="none">{escape(piece.remark)}</div>' if piece.remark else ""
    name = f"<td>{escape(label)}{remark}</td>"
    if piece.note:
        return f'<tr>{name}<td colspan="2" class="none">{escape(piece.note)}</td></tr>'
    if piece.texts and (piece.has_lines or max(map(len, piece.texts)) > LONGEST_VALUE):
        lines = "".join(_line(line) for line in line_diff(*piece.texts, LONGEST_VALUE))
        return f'<tr>{name}<td colspan="2"><div class="lines">{lines}</div></td></tr>'
    return f"<tr>{name}{_side(piece.before, 'del')}{_side(piece.after, 'ins')}</tr>"


def _line(line: str) -> str:
    sort = {"+": "in", "-": "out"}.get(line[:1], "")
    return f'<div class="{sort}">{escape(line)}</div>'


def _side(text: str | None, tag: str) -> str:
    if text is None:
        return '<td class="none">not there</td>'
    if len(text) > LONGEST_VALUE:
        text = f"{text[:LONGEST_VALUE]}… ({len(text) - LONGEST_VALUE:,} more characters)"
    return f"<td><{tag}>{escape(text)}</{tag}></td>"
