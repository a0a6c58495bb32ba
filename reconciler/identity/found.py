"""What matching found, as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from ..bindings import Origin
from ..configuration.resource import Lookup
from ..diagnostics import Problem
from ..live.rows import Question
from ..values.address import Address
from ..values.sent import Row

How = Literal["binding", "id", "renamed_from", "natural key"]


class Found(NamedTuple):
    """The live row of a resource, and how it was recognised.

    ``row`` is None where the kind cannot be read (the binding says that it exists). ``bind`` is
    what the bindings file must say from now on, None where it need not change. ``renamed`` tells
    that the row was known before, by another address.
    """

    id: str
    row: Row | None
    how: How
    bind: Origin | None = None
    renamed: bool = False


@dataclass(frozen=True, slots=True)
class Orphan:
    """An owned live row that no resource means any more; ``received``: another stack made it."""

    kind: str
    id: str
    address: Address | None
    received: bool = False


@dataclass(frozen=True, slots=True)
class Identities:
    """The answer for a whole configuration.

    ``ids`` holds the id every resource has or will have; None where the server will choose it.
    While ``questions`` is not empty the rest is not final. ``gone`` are the addresses whose
    binding names a row that is no more.
    """

    found: Mapping[Address, Found]
    ids: Mapping[Address, str | None]
    lookups: Mapping[Lookup, str]
    orphans: tuple[Orphan, ...]
    gone: frozenset[Address]
    questions: frozenset[Question]
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]
