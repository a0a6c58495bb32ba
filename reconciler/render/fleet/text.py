"""How a fleet ended, for people: what is the same is told once, with how many it concerns."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from textwrap import wrap

import click

from ...diagnostics.words import count, few
from ...fleet.likeness import Group, groups_of
from ...fleet.results import CHANGING, FleetReport, Result, Told
from ..plan_text import change_lines, terminal_width
from ..visible import visible
from .gather import MOST_NAMES, Alert, PlanOf, Shared, gather

_PLANS = frozenset({"plan", "drift", "undo-plan"})
_ONE = "organization"
MOST_PROBLEMS = 1000
"""So many different problems are listed."""


def fleet_lines(
    report: FleetReport,
    plan_of: PlanOf,
    folder: Path | None = None,
    *,
    compact: bool = True,
    digest: str | None = None,
) -> Iterator[str]:
    """Write a report, line by line; ``folder`` is the base, from which plans name files."""
    width = terminal_width()
    yield from problem_lines(report.results)
    is_plan = report.verb in _PLANS
    for group in groups_of(report.results):
        if _says_nothing(group) or (is_plan and not group.first.error):
            continue
        yield from _headlines(group, report.verb, width)
        yield ""
    if is_plan:
        found = gather(report, plan_of, folder)
        yield from _told(found.told, len(report.results), width)
        for shared in found.shared:
            yield from _shared(shared, len(report.results), width, compact=compact)
    yield from wrap(summary_line(report), width, subsequent_indent="  ")
    if digest:
        yield f"Digest: {digest}"


def summary_line(report: FleetReport) -> str:
    """Count how the organizations ended."""
    states = Counter(one.state for one in report.results)
    words = ", ".join(f"{number:,} {state}" for state, number in states.most_common())
    run = f" Run {report.run}." if report.run else ""
    return f"{count(len(report.results), _ONE)}: {words}.{run}"


def problem_lines(results: Iterable[Result]) -> Iterator[str]:
    """Tell each problem once, with how many organizations it concerns."""
    concerned: dict[tuple[object, ...], tuple[Told, list[str]]] = {}
    total = 0
    for result in results:
        total += 1
        wrong = result.error.get("problems", []) if result.error else []
        for one in (*wrong, *result.warnings):
            which = (one["file"], one["line"], one["column"], one["code"], one["message"])
            names = concerned.setdefault(which, (one, []))[1]
            if result.name not in names[-1:]:
                names.append(result.name)
    for one, names in islice(concerned.values(), MOST_PROBLEMS):
        place = f"{one['file']}:{one['line']}:{one['column']}: " if one["file"] else ""
        yield visible(f"{place}{one['severity']}: {one['message']} [{one['code']}]")
        if one["hint"]:
            yield visible(f"  hint: {one['hint']}")
        yield f"  in {_who(names, total)}"
    if len(concerned) > MOST_PROBLEMS:
        yield f"{len(concerned) - MOST_PROBLEMS:,} more problems are counted, not listed"


def _who(names: Sequence[str], total: int) -> str:
    if len(names) == total > 1:
        return f"all {total:,} organizations"
    if len(names) == 1:
        return names[0]
    return f"{count(len(names), _ONE)} ({few(names, MOST_NAMES)})"


def _told(alerts: Sequence[Alert], total: int, width: int) -> Iterator[str]:
    """Say what is refused, what is asked for, and what is good to know."""
    for one in alerts:
        text = f"{one.mark} {_who(one.members, total)}: {one.text}"
        yield from wrap(text, width, subsequent_indent="  ", break_on_hyphens=False)
    if alerts:
        yield ""


def _shared(shared: Shared, total: int, width: int, *, compact: bool) -> Iterator[str]:
    """Write the changes that some organizations have alike."""
    same = "the same " if len(shared.members) > 1 else ""
    hidden = "; hidden values may differ" if shared.hides else ""
    text = f"{_who(shared.members, total)}: {same}{_counted(shared.counts)}{hidden}"
    first, *rest = wrap(text, width, subsequent_indent="  ", break_on_hyphens=False)
    yield click.style(first, bold=True)
    yield from rest
    for change, names in shared.shown():
        yield from change_lines(change, names, width, compact=compact)
    yield ""


def _says_nothing(group: Group) -> bool:
    first = group.first
    if first.state == "done":
        return not (first.changes or first.notes)
    return first.state in {"unchanged", "skipped"}


def _headlines(group: Group, verb: str, width: int) -> Iterator[str]:
    first = group.first
    yield from wrap(_headline(group), width, subsequent_indent="  ", break_on_hyphens=False)
    if first.error:
        yield from (visible(f"  {line}") for line in first.error.get("reasons", []))
        if first.error["hint"]:
            yield visible(f"  hint: {first.error['hint']}")
    if verb not in _PLANS:
        yield from (visible(f"  ! {note}") for note in first.notes)


def _headline(group: Group) -> str:
    first, names = group.first, group.names
    who = names[0] if len(names) == 1 else f"{count(len(names), _ONE)} ({few(names, MOST_NAMES)})"
    if first.error:
        wrote = ", after something was written" if first.wrote else ""
        return visible(f"x {who}: {first.state}{wrote}: {first.error['message']}")
    same = "the same " if len(names) > 1 and first.likeness else ""
    what = changes_text(first)
    done = f"{first.state}: " if first.state not in {"pending"} else ""
    return f"{who}: {done}{same}{what}" if what else f"{who}: {first.state}"


def changes_text(result: Result) -> str:
    """Say how many changes a plan has: ``1 create, 2 updates``."""
    unmet = result.counts.get("unmet")
    more = f"{count(unmet, 'resource')} that nothing can bring in line" if unmet else ""
    return ", ".join(filter(None, (_counted(result.counts), more)))


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(count(n, action) for action in CHANGING if (n := counts.get(action)))
