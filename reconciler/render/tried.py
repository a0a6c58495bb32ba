"""How the cases of policies went, for people."""

from collections.abc import Iterable, Iterator, Sequence

from ..diagnostics.words import count
from ..policies.cases import Tried
from ..policies.policy import Policy


def failed_lines(tried: Iterable[Tried]) -> Iterator[str]:
    """Say of each case that did not go as it expects what was found."""
    for one in tried:
        if not one.passed:
            why = f" ({one.why})" if one.why else ""
            yield (
                f"{one.case.position}: {one.policy.name}, {one.case.name}:"
                f" expected {one.case.expect}, found {one.found}{why}"
            )


def untried_lines(policies: Iterable[Policy]) -> Iterator[str]:
    """Name the policies without a case."""
    for policy in policies:
        if not policy.cases:
            yield f"{policy.position}: the policy {policy.name} has no case"


def tried_line(policies: Sequence[Policy], tried: Sequence[Tried]) -> str:
    """Count the policies, their cases, and those that failed."""
    failed = sum(not one.passed for one in tried)
    said = f"{failed:,} failed." if failed else "all as expected."
    return f"{count(len(policies), 'policy', 'policies')}, {count(len(tried), 'case')}: {said}"
