"""What policies say of a plan: values, which whoever judged puts into it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from ..diagnostics import Position

PREFIX = "policy:"
"""How the names begin by which ``--allow`` lets policies pass."""

MOST_NAMED = 100
"""So many of what breaks one policy are named; the others are counted."""


@dataclass(frozen=True, slots=True)
class Broken:
    """What breaks a policy; ``why`` where it could not be judged, which counts as broken."""

    name: str
    position: Position | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one policy was judged: on how many rows, and which of them break it.

    ``broken`` names the first of ``total``. ``may_allow`` tells that ``--allow policy:NAME`` lets
    it pass.
    """

    policy: str
    message: str
    severity: str
    about: str
    position: Position
    judged: int
    broken: tuple[Broken, ...] = ()
    total: int = 0
    may_allow: bool = False

    @property
    def refuses(self) -> bool:
        """Tell whether nothing may be applied because of it."""
        return bool(self.total) and self.severity == "error"

    @property
    def flag(self) -> str:
        """The name by which ``--allow`` lets it pass."""
        return f"{PREFIX}{self.policy}"

    def allowed(self, names: Collection[str]) -> bool:
        """Tell whether it is let pass by names that were given."""
        return self.may_allow and self.flag in names


def refusing(verdicts: Iterable[Verdict], names: Collection[str]) -> tuple[Verdict, ...]:
    """List the verdicts that refuse a plan, and are not let pass."""
    return tuple(one for one in verdicts if one.refuses and not one.allowed(names))
