"""What a migration did, for people."""

from collections.abc import Iterator, Mapping
from typing import cast

from .visible import visible
from .words import count

MOST = 20


def migration_text(report: Mapping[str, object]) -> str:
    """Write the report of a migration, or the part of it that is known before it."""
    return "".join(f"{visible(line)}\n" for line in _lines(report))


def _lines(report: Mapping[str, object]) -> Iterator[str]:
    if "kinds" in report:
        yield ""
        yield from _moved(cast("Mapping[str, Mapping[str, int]]", report["kinds"]))
    yield from _listed(report, "skipped", "Not moved", "{address}: {reason}")
    yield from _listed(report, "cleared", "Now null", "{address}.{column} (was {referred_to})")
    if "verified" not in report:
        return
    yield from _listed(report, "missing", "Missing there", "{0}")
    yield from _listed(report, "differing", "Different there", "{address}.{column}")
    yield from _listed(report, "ids_left", "Still holds an id of the source", "{address}.{column}")
    compared = sum(cast("Mapping[str, int]", report["compared"]).values())
    if report["verified"]:
        yield f"Verified: {count(compared, 'row')} compared column by column, 0 differences."
    else:
        cure = "change these texts in the source, then run it again"
        if report["missing"] or report["differing"]:
            cure = "run it again"
        yield f"Not verified: {count(compared, 'row')} compared, see above; {cure}."


def _moved(kinds: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    width = max(map(len, kinds), default=0)
    for kind, counts in sorted(kinds.items()):
        yield f"  {kind:<{width}}  {counts['created']:>7,} moved  {counts['adopted']:>7,} adopted"


def _listed(report: Mapping[str, object], name: str, title: str, form: str) -> Iterator[str]:
    items = cast("list[dict[str, str] | str]", report.get(name, []))
    if not items:
        return
    yield f"{title}: {len(items):,}"
    for item in items[:MOST]:
        text = form.format(item) if isinstance(item, str) else form.format(**item)
        yield f"  {text}"
    if len(items) > MOST:
        yield f"  … and {len(items) - MOST:,} more, all in the report"
