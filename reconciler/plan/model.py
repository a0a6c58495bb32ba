"""The plan as values: changes in execution order, bound to one organization and configuration."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from ..calendar.shape import CalendarDocument
from ..diagnostics import Problem
from ..values.address import Address
from .change import Action, Change, Levels
from .unmanaged import Unmanaged
from .verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be done, level by level; what stands in one level may run at the same time.

    ``configuration`` is the digest of the resolved desired state; ``unchanged`` the number of
    resources that are as they should be; ``unmet`` those that are not, and that the API gives no
    way to bring in line; ``notes`` what the reader should know besides;
    ``names`` the address of every id that the configuration knows; ``secrets`` the values of secret
    variables, which are shown in no column; ``folder`` the one that documents name files from;
    ``old_names`` what rows, as (kind, id), were called whose blocks are gone: for people only;
    ``verdicts`` what policies say of it, and ``unmanaged`` which rows are in no YAML, if somebody
    asked: both are part of no digest; ``calendar`` what days cost before and after, where some
    change.
    """

    stack: str
    organization: str
    configuration: str
    levels: Levels
    unchanged: int
    protect: frozenset[str] = frozenset()
    notes: tuple[Problem, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    secrets: frozenset[str] = field(default=frozenset(), repr=False)
    unmet: frozenset[Address] = frozenset()
    folder: Path | None = None
    old_names: Mapping[tuple[str, str], Address] = field(default_factory=dict)
    verdicts: tuple[Verdict, ...] = ()
    unmanaged: tuple[Unmanaged, ...] | None = None
    calendar: CalendarDocument | None = field(default=None, repr=False)

    @property
    def changes(self) -> tuple[Change, ...]:
        """All changes in execution order."""
        return tuple(chain.from_iterable(self.levels))

    @property
    def differs(self) -> bool:
        """Tell whether anything is not as the YAML says, rows that are in none included."""
        strangers = any(one.rows for one in self.unmanaged or ())
        return bool(self.changes or self.unmet or strangers)

    @property
    def summary(self) -> dict[str, int]:
        """The number of changes of each action, and of resources that are unmet."""
        counts = Counter(change.action for change in self.changes)
        counts[Action.NO_OP] = self.unchanged
        always = set(Action) - {Action.RELEASE}  # only undo does so
        counted = {a.value: counts[a] for a in Action if a in always or counts[a]}
        return {**counted, "unmet": len(self.unmet)}


def sha256(content: bytes) -> str:
    """Write a digest as it stands in documents."""
    return "sha256:" + hashlib.sha256(content).hexdigest()
