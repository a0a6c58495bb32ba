"""Approve a plan: nothing is executed that was not let through here, by name.

:func:`approve` is the only way to an :class:`ApprovedPlan`, and ``apply`` takes nothing else.
"""

import hashlib
import pickle  # only written, never read
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import is_

import orjson

from ..catalogue import Kind
from ..diagnostics import ConsentError, StaleError, UsageError
from ..diagnostics.words import few
from ..plan.change import Change, New
from ..plan.consents import ADVISORY, Needed, missing, needed, protected
from ..plan.model import Plan
from ..plan.shape import PlanDocument
from ..plan.verdicts import PREFIX, Verdict, refusing
from ..spans import stage
from ..values.portions import in_portions
from .consent import parse_allowed
from .planned import Planned
from .staleness import stale_against

AT_ONCE = 500
"""Changes that are digested at a time."""
MOST_NAMED = 3
"""So many of what breaks a policy are named; the others are counted."""


class _Seal:
    """Proof that a plan went through :func:`approve`: what it was made for, as it was then.

    The mappings in a plan can be changed, so a digest tells whether they were. It is good for one
    run, and cannot be doubled: a second run would make again what only the server names.
    """

    def __init__(self, planned: Planned) -> None:
        self.planned = planned
        self.plan = planned.plan
        self.changes = planned.plan.changes  # kept, so that no other gets the place of one
        self.content = _content(self.changes)
        self.used = False

    def holds(self, planned: Planned) -> bool:
        """Tell whether a plan is the one that was approved, and as it was then."""
        changes = planned.plan.changes
        return (
            planned is self.planned
            and planned.plan is self.plan
            and len(changes) == len(self.changes)
            and all(map(is_, changes, self.changes))
            and _content(changes) == self.content
        )

    def __reduce__(self) -> str:
        """Refuse to be copied deeply or pickled."""
        raise TypeError("an ApprovedPlan is good for one run, and is not copied; approve again")


@dataclass(frozen=True, slots=True)
class ApprovedPlan:
    """A plan that may be executed, with the consents that it was approved on.

    ``let_through`` are the consents that it needs, with what each is about. Only :func:`approve`
    makes one: a copy with another plan inside is refused.
    """

    planned: Planned
    consents: frozenset[str]
    advisory: frozenset[str]
    let_through: tuple[Needed, ...]
    _seal: _Seal = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse to be made by anything but :func:`approve`."""
        if not isinstance(self._seal, _Seal):
            raise TypeError("an ApprovedPlan is made by approve() alone")

    @property
    def plan(self) -> Plan:
        """The plan."""
        return self.planned.plan

    def check(self) -> None:
        """Check again what :func:`approve` checked; raises ConsentError, or UsageError.

        Whether a reviewed plan is still true depends on the plan alone, which is the same one.
        """
        if self._seal.used:
            raise UsageError(
                "this approved plan was executed already; nothing was changed",
                hint="plan again, and approve that",
            )
        if not self._seal.holds(self.planned):
            raise UsageError(
                "this is not the plan that was approved; nothing was changed",
                hint="approve the plan that is to be executed",
            )
        _refuse(self.plan, self.consents, self.advisory)

    def use(self) -> None:
        """Take it up: from now on :meth:`check` refuses it."""
        self._seal.used = True


def approve(
    planned: Planned,
    kinds: Mapping[str, Kind],
    *,
    consents: Iterable[str] = (),
    advisory: frozenset[str] = ADVISORY,
    reviewed: PlanDocument | None = None,
) -> ApprovedPlan:
    """Approve a plan on the given consents.

    ``advisory`` are the consents that are told but not asked for; ``reviewed`` is a plan that
    people looked at: the fresh one must not do anything else.

    Raises ConsentError where a consent is missing, something protected would be deleted or a policy
    is broken, StaleError where the reviewed plan is not what would be done now, UsageError where it
    is of another organization or a consent has no such name.
    """
    given = parse_allowed((consents,) if isinstance(consents, str) else consents)
    with stage("approve"):
        _check_policies(planned.plan, given)
        if reviewed is not None:
            _check_reviewed(reviewed, planned.plan, kinds)
        _refuse(planned.plan, given, advisory)
    return ApprovedPlan(planned, given, advisory, needed(planned.plan.changes), _Seal(planned))


def _content(changes: Iterable[Change]) -> bytes:
    """Compute the digest of what can be altered in changes; it means something in this process."""
    digest = hashlib.sha256()
    for some in in_portions(changes, AT_ONCE):
        digest.update(_written([*map(_alterable, some)]))
    return digest.digest()


def _written(alterable: Sequence[object]) -> bytes:
    try:
        return orjson.dumps(alterable, default=_told_apart)
    except orjson.JSONEncodeError:  # a plan may be made by hand, of values that are no JSON
        return pickle.dumps(alterable)


def _alterable(change: Change) -> object:
    """Give what a change does, with its mappings as they are; its sets cannot be altered."""
    which = (change.kind, change.action, change.id, change.binding, change.consents)
    return (which, _columns(change), change.inputs, change.row)


def _columns(change: Change) -> object:
    if isinstance(change.columns, New):
        return dict(change.columns.sent())  # nothing was before
    return [(name, d.before, d.after) for name, d in change.columns.items()]


def _told_apart(value: object) -> object:
    return {type(value).__name__: pickle.dumps(value).hex()}


def _check_reviewed(reviewed: PlanDocument, plan: Plan, kinds: Mapping[str, Kind]) -> None:
    if reviewed["organization"] != plan.organization:
        raise UsageError(
            f"the plan is for organization {reviewed['organization']}, not for {plan.organization}",
            hint="use the key of the organization that was planned for",
        )
    reasons = stale_against(reviewed, plan, kinds)
    if reasons:
        raise StaleError(
            "the plan is not what would be done now; nothing was changed",
            reasons,
            hint="plan again, and review that",
        )


def _refuse(plan: Plan, consents: frozenset[str], advisory: frozenset[str]) -> None:
    """Refuse what is protected or lacks a consent, before anything is written."""
    forbidden = protected(plan.changes, plan.protect)
    if forbidden:
        names = ", ".join(map(_with_taken, forbidden))
        raise ConsentError(
            f"protected, and never deleted: {names}; nothing was changed",
            hint="keep the blocks, without $absent, or take them out of reconciler: protect:",
        )
    broken = refusing(plan.verdicts, consents)
    if broken:
        raise ConsentError(
            f"{'; '.join(map(_broken, broken))}; nothing was changed",
            hint=_cure(broken),
        )
    needs = missing(plan.changes, consents, advisory=advisory)
    if needs:
        names = ",".join(need.name for need in needs)
        about = "; ".join(f"{need.name}: {need.meaning}" for need in needs)
        raise ConsentError(
            f"the plan needs consent ({about}); nothing was changed", hint=f"add --allow {names}"
        )


def _broken(verdict: Verdict) -> str:
    names = [f"{one.name} ({one.why})" if one.why else one.name for one in verdict.broken]
    return f"policy {verdict.policy}: {verdict.message}: {few(names, MOST_NAMED, verdict.total)}"


def _cure(broken: tuple[Verdict, ...]) -> str:
    flags = [one.flag for one in broken if one.may_allow]
    if len(flags) == len(broken):
        return f"change what breaks it, or add --allow {','.join(flags)}"
    return "change what breaks it; nothing lets these policies pass"


def _check_policies(plan: Plan, consents: frozenset[str]) -> None:
    """Refuse names of policies that were not judged: a misspelled one lets nothing pass."""
    known = {one.flag for one in plan.verdicts}
    unknown = sorted(name for name in consents if name.startswith(PREFIX) and name not in known)
    if unknown:
        raise UsageError(
            f"there is no policy called {', '.join(n.removeprefix(PREFIX) for n in unknown)}",
            hint=f"there are {', '.join(sorted(known))}" if known else "no policy was judged",
        )


def _with_taken(change: Change) -> str:
    taken = ", ".join(sorted(f"{kind}[{row_id}]" for kind, row_id in change.takes))
    return f"{change.name} (with {taken})" if taken else change.name
