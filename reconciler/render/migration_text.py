"""What a migration did, for people."""

from collections.abc import Iterator, Mapping
from typing import cast

from ..diagnostics.words import count
from .visible import visible

MOST = 20
COLUMNS = ("moved", "adopted", "expected", "compared", "missing", "differing", "left out")
LISTS = (
    ("missing", "Missing there", "{0}"),
    ("differing", "Different there", "{address}.{column}"),
    ("repaired", "Changed there since, and kept", "{address}.{column}"),
    ("ids_left", "Still holds an id of the source", "{address}.{column}"),
)


def migration_text(report: Mapping[str, object]) -> str:
    """Write the report of a migration, or the part of it that is known before it."""
    return "".join(f"{visible(line)}\n" for line in _lines(report))


def _lines(report: Mapping[str, object]) -> Iterator[str]:
    if "rows" in report:
        yield ""
        yield from _table(report)
    yield from _listed(report, "skipped", "Not moved", "{address}: {reason}")
    yield from _listed(report, "cleared", "Now null", "{address}.{column} (was {referred_to})")
    yield from _listed(report, "not_comparable", "Not comparable", "{address}: {reason}")
    yield from _decisions(report)
    if "verified" not in report:
        return
    for name, title, form in LISTS:
        yield from _listed(report, name, title, form)
    yield from _conflicts(report)
    yield from _listed(report, "odd_in_source", "Left out, for odd in the source", "{0}")
    for name, why in cast("Mapping[str, str]", report["not_read"]).items():
        yield f"Not read: {name} of the source: {why}"
    compared = sum(cast("Mapping[str, int]", report["compared"]).values())
    if report["verified"]:
        kept = (
            f" {len(items_of(report, 'repaired')):,} kept," if items_of(report, "repaired") else ""
        )
        rows = count(compared, "row")
        yield f"Verified: {rows} compared column by column,{kept} 0 differences."
    else:
        yield f"Not verified: {count(compared, 'row')} compared, see above; {cure_of(report)}."


def _table(report: Mapping[str, object]) -> Iterator[str]:
    """Write, kind by kind, what the source holds and what became of it."""
    lines: list[tuple[str, ...]] = [("", *COLUMNS)]
    lines += ((kind, *(f"{n:,}" for n in numbers)) for kind, numbers in counts_of(report))
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for first, *others in lines:
        cells = (f"{cell:>{width}}" for cell, width in zip(others, widths[1:], strict=True))
        yield f"  {first:<{widths[0]}}  {'  '.join(cells)}"


def counts_of(report: Mapping[str, object]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Count, for each kind of which the source has rows, what ``COLUMNS`` name."""
    kinds = cast("Mapping[str, Mapping[str, int]]", report["kinds"])
    rows = cast("Mapping[str, Mapping[str, object]]", report["rows"])
    for kind, found in rows.items():
        left = sum(cast("Mapping[str, int]", found["left_out"]).values())
        moved = kinds.get(kind, {})
        numbers = (
            moved.get("created", 0),
            moved.get("adopted", 0),
            *(cast("int", found[name]) for name in COLUMNS[2:6]),
            left,
        )
        if found["expected"]:
            yield kind, numbers


def _decisions(report: Mapping[str, object]) -> Iterator[str]:
    """List what a person has to decide, with the ids on both sides, and how to say it."""
    items = cast("list[Mapping[str, object]]", report.get("decisions", []))
    if not items:
        return
    yield f"To be decided: {len(items):,}"
    for item in items[:MOST]:
        here = item["source_id"] or "gone from the source"
        yield f"  {item['address']} ({here}): {item['reason']}"
        there = cast("list[str]", item["target_ids"])
        yield from (f"    there: {row_id}" for row_id in there[:MOST])
    yield from _more(len(items))
    first, *others = ways_of(items[0])
    yield f"  such as: {first}"
    yield from (f"       or: {way}" for way in others)


def ways_of(item: Mapping[str, object]) -> list[str]:
    """Say with which options one may decide."""
    address, there = item["address"], cast("list[str]", item["target_ids"])
    ways = [f"--leave {address}"]
    if there and "deleted there" in str(item["reason"]):
        ways.append(f"--theirs {address}")
    elif there:
        ways.append(f"--match {address}={there[0]}")
    return ways


def _conflicts(report: Mapping[str, object]) -> Iterator[str]:
    items = cast("list[Mapping[str, str | None]]", report["conflicts"])
    if not items:
        return
    yield f"Changed on both sides, and left as it is there: {len(items):,}"
    for item in items[:MOST]:
        tail = f".{item['column']}" if item["column"] else ": deleted in the source, changed there"
        yield f"  {item['address']}{tail}"
    yield from _more(len(items))


def cure_of(report: Mapping[str, object]) -> str:
    """Say what to do about the first thing that is wrong."""
    if report["missing"] or report["differing"]:
        return "fix what was refused, then run it again"
    if report["decisions"]:
        return "decide as said above, then run it again"
    if report["conflicts"]:
        return "--theirs ADDRESS takes the source's values, or change the source"
    if report["not_comparable"] or report["odd_in_source"]:
        return "nothing is guessed: fix the odd rows and run it again, or --leave them or the kind"
    if report["not_read"]:
        return "use a key that may read there, or --leave the kind"
    return "change these texts in the source, then run it again, or put them right there"


def _listed(report: Mapping[str, object], name: str, title: str, form: str) -> Iterator[str]:
    items = items_of(report, name)
    if not items:
        return
    yield f"{title}: {len(items):,}"
    for item in items[:MOST]:
        text = form.format(item) if isinstance(item, str) else form.format(**item)
        yield f"  {text}"
    yield from _more(len(items))


def items_of(report: Mapping[str, object], name: str) -> list[dict[str, str] | str]:
    """Give one list of a report; empty where it is not there."""
    return cast("list[dict[str, str] | str]", report.get(name, []))


def _more(number: int) -> Iterator[str]:
    if number > MOST:
        yield f"  … and {number - MOST:,} more, all in the report"
