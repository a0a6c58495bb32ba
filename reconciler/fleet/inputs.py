"""What the tasks of one command have in common: members, files, and how to reach the API."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..configuration.load import read_variables
from ..configuration.load.files import absolute, holder_of
from ..diagnostics import UsageError
from ..telemetry.traced import below_the_run
from .cluster import Scheduler
from .hearing import Hear, nobody_hears
from .keys import root_of, sources_of
from .members import Fleet, Member, Turn, turns_of
from .running import AT_ONCE, MOST_REQUESTS
from .selecting import select
from .tasks import Access, Pulling, Task, Verb, Writing, WritingOf, Yaml

TaskOf = Callable[[Member, str], Task]
"""Makes the task of a member in a wave."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which fleet, and which of its members; ``jobs`` is in how many processes.

    ``scheduler`` is that of Dask, where its workers do it.
    """

    fleet: Fleet
    members: tuple[Member, ...]
    jobs: int | None = None
    scheduler: Scheduler | None = None

    @classmethod
    def of(
        cls,
        fleet: Fleet,
        words: str | None,
        wave: str | None,
        parts: Sequence[str] = (),
        jobs: int | None = None,
        scheduler: Scheduler | None = None,
    ) -> "Selection":
        """Choose members by words or by the names of parts; raises UsageError."""
        if parts and words is not None:
            raise UsageError("--part and --select both name organizations", hint="give one of them")
        chosen = select(fleet, ",".join(parts) if parts else words, wave)
        return cls(fleet, chosen, jobs, scheduler)

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The members, wave by wave."""
        return turns_of(self.fleet, self.members)

    @property
    def together(self) -> tuple[Turn, ...]:
        """All members in one turn: to read, nobody waits for others."""
        return (Turn("", self.members),)

    @property
    def folders(self) -> tuple[Path, ...]:
        """The base, and the folders of what is laid over it."""
        overlays = (path for one in self.members for path in one.overlays)
        return tuple(dict.fromkeys((self.fleet.base, *map(holder_of, overlays))))

    def only(self, members: Sequence[Member]) -> "Selection":
        """Give the same fleet with some of its members."""
        return replace(self, members=tuple(members))


@dataclass(frozen=True, slots=True)
class Files:
    """With which values the YAML is read, and what of it is looked at."""

    variables: Mapping[str, str] = field(default_factory=dict)
    var_files: tuple[Path, ...] = ()
    targets: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    made: int = 0
    policies: tuple[Path, ...] = ()
    unmanaged: bool = False

    def check(self) -> None:
        """Read all files of variables before anything is begun; raises UsageError."""
        read_variables((), self.var_files)

    def yaml(self, fleet: Fleet, member: Member) -> Yaml:
        """Say which files are read for a member."""
        own = (member.var_file,) if member.var_file else ()
        return Yaml(
            str(fleet.base),
            tuple(map(str, member.overlays)),
            tuple(str(absolute(path)) for path in (*self.var_files, *own)),
            self.variables,
            self.targets,
            self.kinds,
            self.made,
            tuple(str(absolute(path)) for path in self.policies),
            self.unmanaged,
        )


@dataclass(frozen=True, slots=True)
class Reach:
    """How the API is reached, with which keys."""

    access: Access
    keys: Path | None = None
    most_requests: int = MOST_REQUESTS
    hear: Hear = nobody_hears

    def check(self, fleet: Fleet) -> None:
        """Check the sources of all keys, before any request."""
        sources_of(fleet.members, self.keys, fleet.folder)


NOWHERE = Reach(Access("", 0, 0, 0))
"""For tasks that ask nobody."""


@dataclass(frozen=True, slots=True)
class FleetInputs:
    """All that the tasks of a command have in common.

    ``at_once`` is how many organizations are in flight in one process.
    """

    selection: Selection
    files: Files
    reach: Reach = NOWHERE
    at_once: int = AT_ONCE

    def only(self, members: Sequence[Member]) -> "FleetInputs":
        """Give the same for some of the members."""
        return replace(self, selection=self.selection.only(members))

    def one_by_one(self) -> "FleetInputs":
        """Give the same for tasks that edit files here, which they share; raises UsageError."""
        if self.selection.scheduler:
            raise UsageError("fleet pull edits the files here", hint="leave --scheduler out")
        return replace(self, selection=replace(self.selection, jobs=1), at_once=1)

    def task_of(
        self,
        verb: Verb,
        writing: WritingOf = lambda member: Writing(),
        pulling: Pulling | None = None,
    ) -> TaskOf:
        """Give what makes the task of a member in a wave."""
        fleet, keys = self.selection.fleet, self.reach.keys

        def make(member: Member, wave: str) -> Task:
            return Task(
                verb,
                member.name,
                member.organization,
                wave,
                self.files.yaml(fleet, member),
                self.reach.access,
                str(root_of(fleet.folder)),
                str(absolute(keys)) if keys else None,
                writing(member),
                pulling or Pulling(),
                above=below_the_run(),
            )

        return make
