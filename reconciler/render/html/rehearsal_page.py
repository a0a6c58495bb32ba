"""A rehearsal as a page: whether it went well, what failed and why, and each change."""

from collections.abc import Iterator, Mapping
from html import escape

from ...catalogue import Kind
from ...diagnostics.words import count
from ...execution import Outcome, Report, State
from ...execution.causes import causes_of
from ...plan.document import document_of
from ...plan.model import Plan
from ...plan.shape import ChangeDocument, name_of
from ...rehearsal.result import Rehearsed
from ..facts import by_kind, counted, left_out, names_of, sanitized, summary_line
from ..visible import visible
from .page import Frame
from .pieces import alert, change_inside
from .report import KEYS, Entry, Fold, report_page

MARKS = {"done": "good", "failed": "bad", "stale": "bad", "skipped": "open", "planned": ""}
WELL = "The rehearsal went well, and a second plan is empty."
NOT_EMPTY = "All was done, but a second plan would still change something."
FAILED = "The rehearsal failed."
REFUSED = "The rehearsal was refused, and nothing was executed."
UNTOUCHED = "Nothing live was changed."


def rehearsal_html(found: Rehearsed, kinds: Mapping[str, Kind]) -> str:
    """Write a rehearsal as one page."""
    document = sanitized(document_of(found.plan, kinds))
    changes = document["changes"]
    summary = summary_line(document) if changes else f"no changes, {summary_line(document)}"
    organization = f"a copy of organization <code>{escape(document['organization'])}</code>"
    frame = Frame(
        f"Rehearsal of {document['stack']}",
        about=(
            f"{escape(summary)} · {organization} with {count(found.rows, 'row')} of it",
            escape(_counts(found.report)) if found.report else "",
        ),
        digest=document["digest"],
        left_out=tuple(map(escape, left_out(document))) or ("nothing",),
        tool_version=document["tool_version"],
        keys=KEYS,
    )
    ended = {one.change.name: one for one in found.report.outcomes} if found.report else {}
    folds = sorted(_folds(found.plan, kinds, ended), key=_is_well)
    if found.again and found.again.changes:
        folds = [*_folds(found.again, kinds, {}, "A second plan would change "), *folds]
    return report_page(frame, _alerts(found), folds, marks=MARKS)


def _alerts(found: Rehearsed) -> Iterator[str]:
    if found.went_well:
        yield alert("note", WELL, [UNTOUCHED])
    elif found.refused:
        yield alert("caution", REFUSED, [escape(visible(found.refused)), UNTOUCHED])
    else:
        yield alert("caution", FAILED if found.again is None else NOT_EMPTY, [UNTOUCHED])
    for cause in causes_of(found.report.outcomes if found.report else ()):
        first = cause.first
        more = f" and {cause.count - 1:,} more" if cause.count > 1 else ""
        title = f"{escape(first.state.capitalize())}: {escape(first.change.name)}{more}"
        hint = None if first.state is State.SKIPPED else first.hint  # it tells how to go on live
        said = [escape(visible(text)) for text in (first.message, hint) if text]
        yield alert("warning" if first.state is State.SKIPPED else "caution", title, said)


def _counts(report: Report) -> str:
    return ", ".join(f"{number:,} {state}" for state in State if (number := report.count(state)))


def _folds(
    plan: Plan, kinds: Mapping[str, Kind], ended: Mapping[str, Outcome], title: str = ""
) -> Iterator[Fold]:
    document = sanitized(document_of(plan, kinds))
    names = names_of(document)
    for kind, changes in by_kind(document["changes"]).items():
        entries = [_entry(change, names, ended.get(name_of(change))) for change in changes]
        wrong = bool(title) or any(entry.state != State.DONE for entry in entries)
        yield Fold(f"{title}{kind}: {counted(changes)}", entries, wrong or len(entries) <= 10)


def _is_well(fold: Fold) -> bool:
    """Put what went wrong first."""
    return all(entry.state in {"done", "planned"} for entry in fold.entries)


def _entry(change: ChangeDocument, names: Mapping[str, str], outcome: Outcome | None) -> Entry:
    state = outcome.state.value if outcome else "planned"
    said = [text for text in (outcome.message, outcome.hint) if text] if outcome else []
    told = f'<p class="said">{escape(visible("; ".join(said)))}</p>' if said else ""
    mark = f'<span class="state {MARKS[state]}">{state}</span>'
    html = change_inside(change, names, mark, told)
    return Entry(state, html, name_of(change), "article")
