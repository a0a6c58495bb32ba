"""How a fleet ended, for people: what is the same is told once, with how many it concerns."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from textwrap import wrap

from ...diagnostics.words import count, few
from ...fleet.likeness import Group, groups_of
from ...fleet.results import CHANGING, FleetReport, Result, Told
from ...plan.shape import PlanDocument
from ..facts import flowing_sanitized, from_here
from ..plan_text import body_lines, terminal_width
from ..visible import visible

PlanOf = Callable[[str], PlanDocument | None]
MOST_NAMES = 8
"""So many organizations of a group are named; the others are counted."""
_PLANS = frozenset({"plan", "drift", "undo-plan"})
_ONE = "organization"


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
    for group in groups_of(report.results):
        if _says_nothing(group):
            continue
        yield from _headlines(group, report.verb, width)
        plan = plan_of(group.first.name) if report.verb in _PLANS and group.first.changes else None
        if plan is not None:
            document = flowing_sanitized(from_here(plan, folder))
            text = "\n".join(body_lines(document, width - 2, compact=compact))
            yield from (f"  {line}" if line else "" for line in text.split("\n"))
        yield ""
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
    for one, names in concerned.values():
        place = f"{one['file']}:{one['line']}:{one['column']}: " if one["file"] else ""
        yield visible(f"{place}{one['severity']}: {one['message']} [{one['code']}]")
        if one["hint"]:
            yield visible(f"  hint: {one['hint']}")
        yield f"  in {_who(names, total)}"


def _who(names: Sequence[str], total: int) -> str:
    if len(names) == total > 1:
        return f"all {total:,} organizations"
    if len(names) == 1:
        return names[0]
    return f"{count(len(names), _ONE)}: {few(names, MOST_NAMES)}"


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
    words = [count(n, action) for action in CHANGING if (n := result.counts.get(action))]
    if result.counts.get("unmet"):
        words.append(f"{count(result.counts['unmet'], 'resource')} that nothing can bring in line")
    return ", ".join(words)
