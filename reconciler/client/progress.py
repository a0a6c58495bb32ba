"""What rows of a page must be to count: asked for, in the order of their ids, none twice.

A proxy that answers from a cache, or a server that leaves out a filter, gives pages whose number
of rows is right and whose rows are not. Whatever such a read shows, it is not the whole.
"""

from collections.abc import Callable, Iterable, Sequence
from operator import lt

from ..catalogue import Kind
from ..diagnostics import IncompleteReadError
from .cells import RawRow
from .filters import Condition

Place = tuple[int, str]
"""Where a row stands among the others: numbers sort as numbers, all else as text."""
_TEXTS = frozenset({"text", "id"})


class PageProgress:
    """Follows one read over all its pages."""

    def __init__(self, kind: Kind, conditions: Iterable[Condition]) -> None:
        self._kind = kind
        column = kind.columns.get(kind.id_column)
        self._form = column.type.form if column else "id"
        self._last: Place | None = None
        self._seen: set[Place] = set()
        conditions = tuple(conditions)
        self._conditions = [(c.column, self._condition(c)) for c in conditions]
        self._bounds = self._bounds_of(conditions)

    def check(self, rows: Sequence[RawRow]) -> None:
        """Take the next page; raises IncompleteReadError where a row is out of its place."""
        if self._goes_on(rows):
            return
        for row in rows:
            row_id = row[self._kind.id_column]
            place = self._place(row_id)
            if self._repeats(place):
                raise incomplete(self._kind, f"row {row_id} came again, or out of order")
            for column, fits in self._conditions:
                if not fits(row):
                    raise incomplete(self._kind, f"row {row_id} is not what was asked of {column}")

    def _goes_on(self, rows: Sequence[RawRow]) -> bool:
        """Tell at first sight that a page is well; where it is not, each row is looked at."""
        if self._form != "id" or not rows or self._bounds is None:
            return False
        ids = [str(row[self._kind.id_column]).lower() for row in rows]
        lower, upper = self._bounds
        last = self._last[1] if self._last else ""
        if not (last < ids[0] >= lower and ids[-1] <= upper and all(map(lt, ids, ids[1:]))):
            return False
        self._last = (0, ids[-1])
        return True

    def _bounds_of(self, conditions: Sequence[Condition]) -> tuple[str, str] | None:
        """Give the first and the last id that may come; None where there is more to look at."""
        lower, upper = "", "\U0010ffff"
        for condition in conditions:
            simple = condition.wanted is None and condition.column == self._kind.id_column
            if not simple or condition.operator not in {"gte", "lte"}:
                return None
            bound = condition.value.lower()
            lower = max(lower, bound) if condition.operator == "gte" else lower
            upper = min(upper, bound) if condition.operator == "lte" else upper
        return lower, upper

    def _repeats(self, place: Place) -> bool:
        """Tell whether a row does not go on; how a database sorts texts is not known here."""
        if self._form == "text":
            before = len(self._seen)
            self._seen.add(place)
            return len(self._seen) == before
        last, self._last = self._last, place
        return last is not None and place <= last

    def _place(self, value: object) -> Place:
        if self._form == "integer":
            try:
                return int(str(value)), ""
            except ValueError:
                raise incomplete(self._kind, f"the id {str(value)[:40]} is no number") from None
        return 0, str(value) if self._form == "text" else str(value).lower()

    def _condition(self, condition: Condition) -> Callable[[RawRow], bool]:
        if condition.column != self._kind.id_column:
            return _fitting(self._kind, condition)
        if condition.wanted is not None:
            wanted = {value.lower() for value in condition.wanted}
            return lambda row: str(row[condition.column]).lower() in wanted
        if self._form != "id" or condition.operator not in {"gte", "lte"}:
            return lambda _: True
        bound = self._place(condition.value)
        if condition.operator == "gte":
            return lambda row: self._place(row[condition.column]) >= bound
        return lambda row: self._place(row[condition.column]) <= bound


def incomplete(kind: Kind, why: str) -> IncompleteReadError:
    """Say why a read is not the whole."""
    return IncompleteReadError(
        f"{kind.name}: {why}",
        method="GET",
        path=f"/{kind.name}",
        status=200,
        hint="run it again; nothing is deleted on a read that is not whole, and where it stays so"
        " look at the API address, and at what stands between (a cache, a proxy)",
    )


def _fitting(kind: Kind, condition: Condition) -> Callable[[RawRow], bool]:
    """Judge what a row has in another column than the id, where that is a text.

    Without regard to case: a server may have columns that compare so.
    """
    name, _, inside = condition.column.partition("->>")
    column = kind.columns.get(name)
    if condition.wanted is None or column is None or not (inside or column.type.form in _TEXTS):
        return lambda _: True
    wanted = {value.casefold() for value in condition.wanted}

    def fits(row: RawRow) -> bool:
        value = row.get(name)
        if inside and isinstance(value, dict):
            value = value.get(inside)
        return not isinstance(value, str) or value.casefold() in wanted

    return fits
