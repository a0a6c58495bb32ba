"""Plans of many organizations, kept in a file that has no name: not all of them fit in memory."""

import tempfile
from types import TracebackType
from typing import Self, cast

from ..plan.shape import PlanDocument
from ..values.jsontext import dumps, loads
from .results import Result


class Plans:
    """The plans of the members of a fleet, by their names."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 (to the end of the block of this)
        self._places: dict[str, tuple[int, int]] = {}
        self._end = 0

    def __enter__(self) -> Self:
        """Keep them while the block lasts."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give up what was kept."""
        self._file.close()

    def keep(self, result: Result) -> Result:
        """Take the plan out of a result, and keep it."""
        if result.plan is not None:
            self.put(result.name, result.plan)
        return result.without_plan()

    def put(self, name: str, plan: PlanDocument) -> None:
        """Keep a plan."""
        data = dumps(plan)
        self._file.seek(self._end)
        self._file.write(data)
        self._places[name] = (self._end, len(data))
        self._end += len(data)

    def get(self, name: str) -> PlanDocument | None:
        """Give the plan of a member; None where there is none."""
        if name not in self._places:
            return None
        place, size = self._places[name]
        self._file.seek(place)
        return cast("PlanDocument", loads(self._file.read(size)))
