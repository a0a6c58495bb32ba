"""A migration as a page: whether both are alike, kind by kind, and every row that needs a look."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import cast

from ...diagnostics.words import count
from ...plan.shape import PlanDocument, name_of
from ..facts import by_kind, counted, names_of, sanitized, summary_line
from ..migration_text import COLUMNS, LISTS, counts_of, cure_of, items_of, ways_of
from ..visible import visible
from .page import Frame
from .pieces import alert, change_inside, table
from .report import KEYS, Entry, Fold, report_page

MARKS = {
    "to be decided": "bad", "missing there": "bad", "different": "bad", "refused": "bad",
    "conflict": "bad", "id left": "bad", "not comparable": "bad", "not read": "bad",
    "not moved": "open", "now null": "open", "kept": "good", "planned": "",
}  # fmt: skip
_STATES = {
    "missing": "missing there", "differing": "different", "repaired": "kept", "ids_left": "id left",
}  # fmt: skip
Report = Mapping[str, object]


def migration_html(report: Report, plan: PlanDocument | None = None) -> str:
    """Write a migration as one page; ``plan`` is what would be moved, where that is not done."""
    document = sanitized(plan) if plan else None
    folds = [fold for fold in _folds(report) if fold.entries]
    if document:
        folds += _planned(document)
    return report_page(
        _frame(report, document), _alerts(report, document), folds, before=_table(report),
        marks=MARKS,
    )  # fmt: skip


def _frame(report: Report, document: PlanDocument | None) -> Frame:
    said: tuple[str, ...] = ()
    if "from" in report:
        ends = [f"<code>{escape(visible(str(report[end])))}</code>" for end in ("from", "to")]
        said = (f"from organization {ends[0]} to {ends[1]}",)
    elif document:
        said = (
            f"{escape(summary_line(document))} · into organization "
            f"<code>{escape(document['organization'])}</code>",
        )
    secrets = len(items_of(report, "secrets_not_moved"))
    behind = {
        "skipped": "{} not moved", "cleared": "{} now null", "not_comparable": "{} not comparable",
    }  # fmt: skip
    left = [
        text.format(f"{n:,}") for name, text in behind.items() if (n := len(items_of(report, name)))
    ]
    if secrets:
        left.append(f"{count(secrets, 'secret column')} never moved")
    return Frame(
        "Migration" if "verified" in report else "Migration, planned",
        about=said,
        digest=document["digest"] if document else "",
        left_out=tuple(left) or ("nothing",),
        keys=KEYS,
    )


def _alerts(report: Report, document: PlanDocument | None) -> Iterator[str]:
    decisions = _decisions(report)
    if "verified" in report:
        rows = count(sum(cast("Mapping[str, int]", report["compared"]).values()), "row")
        if report["verified"]:
            yield alert("note", f"Verified: {rows} compared column by column, 0 differences.", [])
        else:
            yield alert(
                "caution", f"Not verified: {rows} compared, see below.", [escape(cure_of(report))]
            )
    elif document:
        yield alert("note", "Nothing was written: this is what would be moved.", [])
    if decisions:
        yield alert(
            "warning", f"To be decided: {len(decisions):,}",
            [f"such as by <code>{escape(visible(way))}</code>" for way in ways_of(decisions[0])],
        )  # fmt: skip


def _table(report: Report) -> str:
    if "rows" not in report:
        return ""
    rows = [(kind, *map(_number, numbers)) for kind, numbers in counts_of(report)]
    return table(("kind", *COLUMNS), rows, "Rows by kind") if rows else ""


def _number(number: int) -> str:
    return f"{number:,}"


def _folds(report: Report) -> Iterator[Fold]:
    yield Fold("To be decided", [_decision(one) for one in _decisions(report)])
    yield Fold("Refused", [*_errors(report)])
    for name, title, form in LISTS:
        if name in report:
            yield _listed(report, name, title, form, _STATES[name])
    conflicts = [
        Entry(
            "conflict", _named(address, column or "deleted in the source, changed there"), address
        )
        for address, column in _columns(report, "conflicts")
    ]
    yield Fold("Changed on both sides, and left as it is there", conflicts)
    yield _listed(report, "not_comparable", "Not comparable", "{reason}", "not comparable")
    yield _listed(report, "odd_in_source", "Left out, for odd in the source", "", "not comparable")
    for name, title in (("not_read", "Not read"), ("not_moved", "Kinds that are not moved")):
        whole = cast("Mapping[str, str]", report.get(name, {}))
        state = title.lower() if name == "not_read" else "not moved"
        yield Fold(title, [Entry(state, _named(kind, why)) for kind, why in whole.items()])
    yield _listed(report, "skipped", "Not moved", "{reason}", "not moved")
    yield _listed(report, "cleared", "Now null", "{column} (was {referred_to})", "now null")


def _listed(report: Report, name: str, title: str, form: str, state: str) -> Fold:
    entries = []
    for item in items_of(report, name):
        if isinstance(item, str):
            entries.append(Entry(state, f"<code>{escape(visible(item))}</code>", item))
            continue
        said = form.removeprefix("{address}.").removeprefix("{0}").format(**item)
        entries.append(Entry(state, _named(item["address"], said), item["address"]))
    return Fold(f"{title}: {len(entries):,}", entries, len(entries) <= 100)


def _decisions(report: Report) -> Sequence[Mapping[str, object]]:
    return cast("Sequence[Mapping[str, object]]", report.get("decisions", ()))


def _decision(item: Mapping[str, object]) -> Entry:
    one = cast("Mapping[str, str]", item)
    here = one["source_id"] or "none any more"
    there = ", ".join(cast("Sequence[str]", one["target_ids"])) or "none"
    ways = " or ".join(f"<code>{escape(visible(way))}</code>" for way in ways_of(item))
    said = f"{one['reason']} (row of the source: {here}; of the target: {there})"
    html = f'{_named(one["address"], said)} <div class="muted">{ways}</div>'
    return Entry("to be decided", html, one["address"])


def _errors(report: Report) -> Iterator[Entry]:
    for item in cast("Sequence[Mapping[str, object]]", report.get("errors", ())):
        number = count(cast("int", item["count"]), "change")
        yield Entry("refused", f"<strong>{number}</strong>: {escape(visible(str(item['reason'])))}")


def _columns(report: Report, name: str) -> Iterator[tuple[str, str | None]]:
    for item in cast("Sequence[Mapping[str, str | None]]", report.get(name, ())):
        yield item["address"] or "", item["column"]


def _named(name: str, said: str) -> str:
    return f"<code>{escape(visible(name))}</code>: {escape(visible(said))}"


def _planned(document: PlanDocument) -> Iterator[Fold]:
    names = names_of(document)
    for kind, changes in by_kind(document["changes"]).items():
        entries = [
            Entry("planned", change_inside(one, names), name_of(one), "article") for one in changes
        ]
        yield Fold(f"{kind}: {counted(changes)}", entries, opened=False)
