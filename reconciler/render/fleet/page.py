"""A fleet as a page: a table of organizations with filters and sorting, and each change once.

Everything stands in the page as HTML, so it is read without a script, too; the script only hides,
sorts and chooses.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from shlex import quote

from ...diagnostics.words import count
from ...fleet.results import FleetReport, Result
from ...plan.change import Action
from ..facts import counts_text
from ..html.page import Frame, filled, page
from ..html.pieces import COPY_LABEL, LONGEST_VALUE, alert, change_article, copying
from ..visible import visible
from .gather import FINE, Alert, Gathered, PlanOf, Shared, gather, who

MOST_CHANGES = 5_000
"""So many changes stand in the page, the first of each group before the second; it says so."""
_OPEN = 3
"""So many groups are unfolded."""
_HEADS = ("organization", "wave", "ended", "changes", "what is said")
_WITHOUT = "<p>Without JavaScript all of it is shown, and nothing can be filtered or sorted.</p>"
_SORTS = {"x": ("caution", "Wrong"), "!": ("warning", "Apply asks"), "i": ("note", "Good to know")}
_CHANGING = frozenset(action.value for action in Action if action is not Action.NO_OP)


def fleet_html(
    report: FleetReport,
    plan_of: PlanOf,
    folder: Path | None = None,
    *,
    digest: str | None = None,
    apply_line: str | None = None,
) -> str:
    """Write how a fleet ended as one page; ``apply_line`` applies it, but for its consents."""
    found = gather(report, plan_of, folder)
    run = f" · run {escape(report.run)}" if report.run else ""
    groups = _Groups(found)
    body = filled(
        "fleet.html",
        {
            "alerts": "\n".join(_alerts(found)),
            "waves": "".join(_waves(report.results)),
            "states": "".join(_states(report.results)),
            "heads": "".join(f'<th scope="col" aria-sort="none">{head}</th>' for head in _HEADS),
            "rows": "\n".join(groups.row(one) for one in report.results),
            "changes_note": escape(groups.note),
            "groups": "\n".join(groups.texts),
        },
    )
    frame = Frame(
        f"Fleet {report.verb}",
        about=(escape(found.summary) + run + f" · exit code {report.exit_code}",),
        buttons=_apply_button(found, apply_line) if apply_line and found.shared else "",
        digest=digest or "",
        left_out=(*_unseen(report.results), *groups.left_out) or ("nothing",),
        keys={"/": "search", "Esc": "back"},
    )
    return page(frame, body, scripts=("fleet.js",), styles=("fleet.css",), without_script=_WITHOUT)


def _apply_button(found: Gathered, apply_line: str) -> str:
    """Write the button that copies the command; a consent that some ask for is for them alone."""
    changing = {member for shared in found.shared for member in shared.members}
    allowed = ",".join(
        word
        for name, members in found.asked.items()
        for word in ([name] if changing <= {*members} else [f"{one}:{name}" for one in members])
    )
    return copying(f"{apply_line} --allow {quote(allowed)}" if allowed else apply_line, COPY_LABEL)


def _unseen(results: Sequence[Result]) -> Iterator[str]:
    """Say how many organizations the page does not know the changes of."""
    number = sum(one.state not in FINE for one in results)
    if number:
        yield f"the changes of {count(number, 'organization')} that went wrong"


def _alerts(found: Gathered) -> Iterator[str]:
    total = len(found.report.results)
    for mark, (sort, title) in _SORTS.items():
        items = [_item(one, total) for one in found.alerts if one.mark == mark]
        if items:
            yield alert(sort, title, items, folded=mark == "i")


def _item(one: Alert, total: int) -> str:
    names = escape(who(one.members, total))
    return f"<strong>{names}</strong>: {escape(one.text[:LONGEST_VALUE])}"


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
        for one in found.alerts:
            for member in one.members:
                self._said.setdefault(member, []).append(one.text)
        room = _shares([len(shared.changes) for shared in found.shared], MOST_CHANGES)
        self.texts = [
            self._group(shared, number, most)
            for number, (shared, most) in enumerate(zip(found.shared, room, strict=True), 1)
        ]
        lost = sum(
            len(shared.changes) - most for shared, most in zip(found.shared, room, strict=True)
        )
        self.left_out = [f"{count(lost, 'change')} for which there is no room"] if lost else []
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
        shown = "".join(change_article(*one) for one in [*shared.shown()][:most])
        lost = len(shared.changes) - most
        if lost > 0:
            text = f"… and {count(lost, 'more change')}, for which this page has no room"
            shown += f'<article class="muted">{text}: see the plan of one of them.</article>'
        hidden = '<p class="members none">Hidden values may differ.</p>' if shared.hides else ""
        many = len(shared.members) > 1
        members = f'<p class="members">{escape(", ".join(shared.members))}</p>' if many else ""
        return (
            f'<details class="fold" id="{name}"{" open" if number <= _OPEN else ""}><summary>'
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
