"""Consents of a fleet: for all of its organizations, and for one of them alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..catalogue.names import listed
from ..diagnostics import UsageError
from ..plan.verdicts import PREFIX
from ..planning.consent import parse_allowed
from .members import Fleet, Member


@dataclass(frozen=True, slots=True)
class Consents:
    """Consents for all, and those for one member alone."""

    for_all: frozenset[str]
    own: Mapping[str, frozenset[str]]

    @classmethod
    def given(cls, allow: Sequence[str], fleet: Fleet) -> "Consents":
        """Read ``--allow NAME`` and ``--allow MEMBER:NAME``; raises UsageError."""
        names = {one.name for one in fleet.members}
        shared: list[str] = []
        own: dict[str, list[str]] = {}
        for word in listed(allow):
            member, colon, consent = word.partition(":")
            if not colon or word.startswith(PREFIX):
                shared.append(word)
            elif member in names:
                own.setdefault(member, []).append(consent)
            else:
                hint = "write --allow NAME for all, or --allow ORGANIZATION:NAME"
                raise UsageError(f"the fleet has no organization {member}", hint=hint)
        return cls(parse_allowed(shared), {name: parse_allowed(own[name]) for name in own})

    def of(self, member: Member) -> tuple[str, ...]:
        """List the consents of a member."""
        return tuple(sorted(self.for_all | self.own.get(member.name, frozenset())))
