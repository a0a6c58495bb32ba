"""What ``doctor`` found: whose key it is, what it may read, what is otherwise than known."""

from collections.abc import Iterator, Mapping

from ..catalogue import Kind
from ..diagnostics.words import count
from ..live.findings import Findings
from ..live.moving import MOST_ROWS


def findings_lines(
    found: Findings, kinds: Mapping[str, Kind], watch: float | None
) -> Iterator[str]:
    """Write what was found, a line each; ``watch`` is the time between two looks, if any."""
    refused = {kind: reason for kind, reason in found.refused.items() if reason is not None}
    yield f"Organization: {found.organization}"
    readable = len(found.refused) - len(refused)
    yield f"Readable:     {readable} of {count(len(found.refused), 'kind')}"
    for kind, reason in refused.items():
        yield f"  not {kind}: {reason}"
    differ = len(found.deviations)
    says = f"{count(differ, 'kind')} otherwise than known" if differ else "as known"
    yield f"Columns:      {says}, by {found.source}"
    for one in found.deviations:
        if one.lacks:
            yield f"  {one.kind} lacks {', '.join(one.lacks)}"
        if one.more:
            yield f"  {one.kind} has more: {', '.join(one.more)}"
    if found.kinds_more:
        yield f"  kinds that this version does not know: {', '.join(found.kinds_more)}"
    if found.unknown:
        yield f"  unknown, since there is no row: {', '.join(found.unknown)}"
    if watch is not None:
        yield from _watched(found, kinds, watch)


def _watched(found: Findings, kinds: Mapping[str, Kind], watch: float) -> Iterator[str]:
    rows = sum(len(rows) for rows in found.samples.values())
    yield (
        f"Moving:       looked at {count(rows, 'row')} of {count(len(found.samples), 'kind')}"
        f" twice, {watch:g} s apart (at most {MOST_ROWS:,} of each, and only kinds with a version)"
    )
    for (kind, column), number in sorted(found.moved.items()):
        yield (
            f"  {kind}.{column} moved in {count(number, 'row')} though {kinds[kind].version} did"
            " not: the server may move it by itself; `x-volatile: true` in its schema says so"
        )
    if not found.moved:
        yield "  no column moved while the version of its row stayed"
