"""What the rest asks of a server of rows: to read them, and to write them.

:class:`~reconciler.client.client.ApiReader` and ``ApiClient`` do it over HTTP. Whatever else has
these methods can stand in their place. All of them raise ApiError and what comes from it.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Protocol

from ..catalogue import Kind
from ..values.column import JSON
from ..values.sent import Row
from .cells import RawRow
from .described import DescribedKind
from .filters import Condition, Locks
from .forms import OddRow
from .listening import RequestListener

PAGE = 1000
"""Rows that come with one request."""


class Reader(Protocol):
    """Reads the rows of one organization; there is no way to write with it."""

    @property
    def parallelism(self) -> int:
        """How many requests may be under way at once."""

    @property
    def listener(self) -> RequestListener:
        """Who hears of the work."""

    async def read(
        self,
        kind: Kind,
        columns: Sequence[str],
        conditions: Sequence[Condition],
        odd: list[OddRow] | None = None,
    ) -> list[Row]:
        """Read every row that fits all conditions, in the order of the ids.

        ``columns`` of ``("*",)`` reads all. Raises IncompleteReadError where a row may be missing.
        Rows that lack a column, or hold a value of another type, go into ``odd``; without it they
        raise OddRowError.
        """

    def pages(
        self,
        kind: Kind,
        columns: Sequence[str],
        conditions: Sequence[Condition],
        odd: list[OddRow] | None = None,
    ) -> AsyncIterator[list[Row]]:
        """Read like :meth:`read`, page by page, so that memory stays bounded."""

    async def peek(self, kind: Kind, columns: Sequence[str] = ()) -> Sequence[RawRow]:
        """Read at most one row, to see whether the key may and the columns are there."""

    async def sample(
        self, kind: Kind, rows: int, columns: Sequence[str] = ("*",)
    ) -> Sequence[RawRow]:
        """Read the first rows of a kind as they come; nobody looks at their form."""

    async def describe(self) -> Mapping[str, DescribedKind] | None:
        """Read what each kind is like from the server's OpenAPI document; None without one."""

    async def count(self, kind: Kind) -> int | None:
        """Ask how many rows there are; None where the server does not say."""


class Writer(Reader, Protocol):
    """Reads and writes the rows of one organization.

    A write that was sent and not answered raises LostAnswerError; any other ApiError says that
    nothing was written.
    """

    def drain(self) -> None:
        """Send no write any more that would have to wait; those on their way are finished."""

    async def create(self, kind: Kind, rows: Sequence[Mapping[str, JSON]]) -> list[Row] | None:
        """Create rows in one transaction; all have the same columns.

        Answers ids, lock columns and what was sent, but secrets, as stored and in the order sent,
        or None where the server did not say.
        """

    async def create_one(self, kind: Kind, row: Mapping[str, JSON]) -> Row | None:
        """Create one row of a kind whose create is an action of its own; answers the whole row."""

    async def update(
        self, kind: Kind, locks: Locks, values: Mapping[str, JSON], columns: Sequence[str] = ()
    ) -> tuple[int | None, list[Row]]:
        """Change the locked rows; answers how many were, or None where the server did not say.

        ``columns`` are what to answer of each row as it is stored (its id among them), if anything.
        """

    async def delete(self, kind: Kind, locks: Locks) -> int | None:
        """Delete the locked rows; answers how many were, or None where the server did not say."""

    async def delete_one(self, kind: Kind, row_id: str) -> None:
        """Delete one row of a kind whose delete is an action that takes only an id."""
