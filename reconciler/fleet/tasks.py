"""What is to be done for one organization, as plain data: it holds no key, only who has one."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal, Self, cast

from ..catalogue.names import listed
from ..plan.shape import PlanDocument
from ..values.column import JSON
from .members import Member

Verb = Literal["validate", "plan", "drift", "apply", "undo", "undo-plan", "doctor", "pull"]
WRITING = frozenset({"apply", "undo"})


@dataclass(frozen=True, slots=True)
class Access:
    """How the API is reached; all times are in seconds.

    ``listened`` tells that somebody wants to hear of each request.
    """

    url: str
    timeout: float
    retry_for: float
    max_wait: float
    insists: bool = False
    parallelism: int = 8
    listened: bool = False


@dataclass(frozen=True, slots=True)
class Yaml:
    """Which files are read, with which values, and what of them is looked at.

    ``unmanaged`` also looks for rows that are in no YAML.
    """

    base: str
    overlays: tuple[str, ...] = ()
    var_files: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    targets: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    made: int = 100_000
    policies: tuple[str, ...] = ()
    unmanaged: bool = False

    @property
    def paths(self) -> tuple[Path, ...]:
        """The base, and what is laid over it."""
        return (Path(self.base), *map(Path, self.overlays))


@dataclass(frozen=True, slots=True)
class Writing:
    """Where a run writes on this machine, and on which consents.

    ``reviewed`` is the part of a plan that people looked at; ``runs`` are those to take back, the
    last one first; ``keep`` how many of the last journals stay.
    """

    consents: tuple[str, ...] = ()
    journal: str = ""
    lock_timeout: float = 0.0
    keep: int | None = None
    reviewed: PlanDocument | None = None
    runs: tuple[str, ...] = ()


WritingOf = Callable[[Member], Writing]
"""Says where a member's run writes, and on which consents."""


@dataclass(frozen=True, slots=True)
class Sharing:
    """What a worker that may be on another machine shares with the coordinator.

    ``files`` shows whether it has the same files; ``bindings`` are those of the coordinator.
    Where it may write there is a ``storage`` that all have, and a ``token`` shows that it is.
    ``problem`` says why nothing can be shared: the task is to end with it.
    """

    files: str = ""
    bindings: str | None = None
    storage: str = ""
    token: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Pulling:
    """How live values come into the files: the commit that was applied, and who decided what."""

    base: str | None = None
    keep_files: tuple[str, ...] = ()
    take_live: tuple[str, ...] = ()
    check: bool = False

    @classmethod
    def given(
        cls, base: str | None, keep_files: Iterable[str], take_live: Iterable[str], check: bool
    ) -> Self:
        """Read ``ADDRESS,…`` given once or repeatedly."""
        return cls(base, tuple(listed(keep_files)), tuple(listed(take_live)), check)


@dataclass(frozen=True, slots=True)
class Task:
    """One verb for one organization.

    ``keys`` is the file of the sources of keys, outside of the ``repository``; without one, keys
    are in the environment. ``above`` is the span that the command has in a trace, in the words of
    W3C; nothing where none is made.
    """

    verb: Verb
    name: str
    organization: str
    wave: str
    yaml: Yaml
    access: Access
    repository: str
    keys: str | None = None
    writing: Writing = field(default_factory=Writing)
    pulling: Pulling = field(default_factory=Pulling)
    sharing: Sharing = field(default_factory=Sharing)
    above: Mapping[str, str] = field(default_factory=dict)

    def as_document(self) -> dict[str, JSON]:
        """Write it as JSON."""
        return cast("dict[str, JSON]", asdict(self))

    @classmethod
    def from_document(cls, document: Mapping[str, JSON]) -> Self:
        """Read what :meth:`as_document` wrote."""
        parts = cast("dict[str, dict[str, JSON]]", dict(document))
        whole = cast("dict[str, str]", {k: v for k, v in document.items() if k not in _PARTS})
        made = {name: make(**_tuples(parts[name])) for name, make in _PARTS.items()}
        return cls(**whole, **made)  # type: ignore[arg-type]  # as it was written


_PARTS: Mapping[str, type] = {
    "yaml": Yaml, "access": Access, "writing": Writing, "pulling": Pulling, "sharing": Sharing,
}  # fmt: skip


def _tuples(values: Mapping[str, JSON]) -> dict[str, object]:
    return {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
