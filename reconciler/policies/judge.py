"""Policies, and what they are judged on, become verdicts and problems."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from ..catalogue import Kind
from ..configuration.load.problems import ProblemReport
from ..configuration.resource import Configuration
from ..diagnostics import Code, Problem
from ..plan.verdicts import MOST_NAMED, Broken, Verdict
from ..planning.planned import Planned
from ..spans import stage
from .given import Group, Rows, groups_of
from .policy import Policy
from .process import ALL_ROWS, Bounds, Judged, Outcome, Task, judge_apart
from .words import for_engine

_NO_BOOLEAN = "its expression gives neither true nor false"


def judge_resources(
    policies: Sequence[Policy],
    configuration: Configuration,
    kinds: Mapping[str, Kind],
    *,
    now: datetime | None = None,
) -> tuple[Problem, ...]:
    """Judge the policies about resources, offline; the others are only compiled.

    Raises UsageError where the engine is not installed.
    """
    if not policies:
        return ()
    rows = Rows(kinds, configuration, now or now_in(configuration))
    groups = [rows.group(group) for group in groups_of(policies, "resource")]
    others = [one for one in policies if one.about != "resource"]
    found, order = judge_groups([*groups, Group(tuple(others), (), ())])
    report = ProblemReport()  # from a bound on it only counts: there may be a million rows
    by_policy = _by_policy(found.outcomes)
    for number, (policy, group) in enumerate(order):
        report.extend(_problems(policy, group, by_policy[number]))
    for rest in found.rest:
        waits = rest.partial and rest.sort != "false"
        severity = "warning" if waits else order[rest.policy][0].severity
        report.count_only(severity, rest.number)
    return report.problems


def judged(
    planned: Planned,
    policies: Sequence[Policy],
    configuration: Configuration,
    kinds: Mapping[str, Kind],
    *,
    now: datetime | None = None,
) -> Planned:
    """Judge every policy, and put the verdicts into the plan: approval refuses what they refuse.

    Raises UsageError where the engine is not installed.
    """
    if not policies:
        return planned
    rows = Rows(kinds, configuration, now or now_in(configuration), planned.plan)
    groups = [
        rows.group(group)
        for about in ("resource", "change", "plan")
        for group in groups_of(policies, about)
    ]
    with stage("judge") as judging:
        judging.count(policies=len(policies))
        found, order = judge_groups(groups)
    by_policy, more = _by_policy(found.outcomes), Counter[int]()
    for rest in found.rest:
        more[rest.policy] += rest.number
    verdicts = tuple(
        _verdict(policy, group, by_policy[number], more[number])
        for number, (policy, group) in enumerate(order)
    )
    plan = replace(planned.plan, verdicts=tuple(sorted(verdicts, key=lambda one: one.policy)))
    return replace(planned, plan=plan)


def judge_groups(
    groups: Iterable[Group], bounds: Bounds | None = None
) -> tuple[Judged, list[tuple[Policy, Group]]]:
    """Judge groups; gives what was found, and the policies by number, each with its group."""
    order: list[tuple[Policy, Group]] = []
    tasks: list[Task] = []
    for group in groups:
        first = len(order)
        order += [(policy, group) for policy in group.policies]
        sources = {
            first + number: for_engine(policy.expression, policy.words)
            for number, policy in enumerate(group.policies)
        }
        partial = frozenset(n for n, subject in enumerate(group.subjects) if subject.partial)
        tasks.append(Task(sources, group.lines, partial))
    return judge_apart(tasks, bounds), order


def _by_policy(outcomes: Iterable[Outcome]) -> Mapping[int, list[Outcome]]:
    found: dict[int, list[Outcome]] = defaultdict(list)
    for one in outcomes:
        found[one.policy].append(one)
    return found


def now_in(configuration: Configuration) -> datetime:
    """Say what time it is where the configuration is at home."""
    zone = configuration.timezone
    if zone is None:
        return datetime.now(UTC)
    from ..values.zones import zone_of

    return datetime.now(zone_of(zone))


def why_not(policy: Policy, outcome: Outcome) -> str:
    """Say why a policy could not be judged; nothing where it was, and is broken.

    The engine's own words may quote values, so they are given only where none can be personal.
    """
    if outcome.sort == "false":
        return ""
    if outcome.sort == "cut off":
        return outcome.text
    if outcome.sort == "no boolean":
        return _NO_BOOLEAN
    name, _, text = outcome.text.partition(": ")
    if outcome.sort == "syntax":
        return f"it is no CEL: {_first_line(text)}"
    what = _ERRORS.get(name, "it cannot be evaluated")
    return what if policy.quiet else f"{what}: {_first_line(text)}"


_ERRORS = {
    "KeyError": "it asks for what is not there",
    "TypeError": "it joins values of different types",
    "IndexError": "it goes beyond the end of a list",
    "ZeroDivisionError": "it divides by zero",
    "OverflowError": "a number in it gets too large",
    "MemoryError": "it needs too much memory",
}


def _first_line(text: str) -> str:
    return text.partition("\n")[0].partition(". ")[0][:200]


def _verdict(policy: Policy, group: Group, outcomes: Sequence[Outcome], more: int) -> Verdict:
    broken = tuple(_broken(policy, group, one) for one in outcomes[:MOST_NAMED])
    return Verdict(
        policy=policy.name,
        message=policy.message,
        severity="error" if any(one.sort == "syntax" for one in outcomes) else policy.severity,
        about=policy.about,
        position=policy.position,
        judged=len(group.subjects),
        broken=broken,
        total=len(outcomes) + more,
        may_allow=policy.may_allow,
    )


def _broken(policy: Policy, group: Group, outcome: Outcome) -> Broken:
    why = why_not(policy, outcome)
    if outcome.row == ALL_ROWS:
        return Broken(f"the policy {policy.name}", policy.position, why)
    subject = group.subjects[outcome.row]
    if outcome.sort == "cut off":
        why = f"{why}; nothing was judged after it"
    return Broken(subject.name, subject.position, why)


def _problems(policy: Policy, group: Group, outcomes: Sequence[Outcome]) -> Iterable[Problem]:
    for outcome in outcomes:
        broken = _broken(policy, group, outcome)
        if _waits(group, outcome) and broken.why:
            yield _problem_about(policy, broken, "policy-not-judged", "warning", _UNSET)
        elif outcome.sort == "syntax":
            yield _problem_about(policy, broken, "bad-expression", "error", _HOW)
        elif broken.why:
            yield _problem_about(policy, broken, "policy-not-judged", policy.severity, _HOW)
        else:
            yield _problem_about(policy, broken, "policy-broken", policy.severity, None)


def _waits(group: Group, outcome: Outcome) -> bool:
    """Tell whether an outcome may come from an unset variable: no lack of time or memory does."""
    if outcome.row == ALL_ROWS or outcome.sort == "cut off":
        return False
    return group.subjects[outcome.row].partial


def _problem_about(
    policy: Policy, broken: Broken, code: Code, severity: str, hint: str | None
) -> Problem:
    about = f"{broken.name}: " if broken.position is not policy.position else ""
    message = f"{about}{policy.message}"
    if broken.why:
        message = f"{about}the policy {policy.name} cannot be judged: {broken.why}"
    return Problem(
        code,
        message,
        broken.position,
        address=broken.name if about else None,
        hint=hint or f"the policy is {policy.name}, at {policy.position}",
        severity=severity,
    )


_UNSET = "a variable is not set here; `plan` judges it"
_HOW = "it counts as broken; `reconciler policy test` tries its cases"
