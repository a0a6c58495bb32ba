"""Wave after wave: no later one begins where an earlier one went wrong."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence

from .members import Member, StopAfter, Turn
from .results import Result, not_begun
from .running import Runner
from .tasks import Task


class Halt:
    """Counts what went wrong; from a number on, no further organization begins."""

    def __init__(self, stop_after: StopAfter) -> None:
        self._most = stop_after
        self._failed = 0
        self._not_started = 0
        self.interrupted = False

    def count(self, result: Result) -> None:
        """Learn how an organization ended: writing that did not finish counts apart."""
        if result.code and result.wrote:
            self._failed += 1
        elif result.code:
            self._not_started += 1

    @property
    def reached(self) -> bool:
        """Tell whether no further organization may begin."""
        most = self._most.not_started
        return (
            self.interrupted
            or self._failed >= self._most.failed
            or (most is not None and self._not_started >= most)
        )


async def drive(
    turns: Sequence[Turn],
    runner: Runner,
    task_of: Callable[[Member, str], Task],
    halt: Halt,
    began: Callable[[str], None] = lambda name: None,
) -> AsyncIterator[Result]:
    """Execute a task for each member, wave by wave; each member gives one result."""
    for turn in turns:
        left = {one.name: one for one in turn.members}

        def tasks(turn: Turn = turn) -> Iterator[Task]:
            for member in turn.members:
                if halt.reached:
                    return
                began(member.name)
                yield task_of(member, turn.wave)

        if not halt.reached:
            async for result in runner.run(tasks()):
                halt.count(result)
                del left[result.name]
                yield result
        for member in left.values():
            yield not_begun(member, turn.wave, interrupted=halt.interrupted)
