"""A request and its answer as values, free of any web framework."""

from collections.abc import Mapping
from dataclasses import dataclass, field

JSON_TYPE = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A request. ``path`` begins behind the base path; ``headers`` have lower-case names."""

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """Give a header's first value; empty without one."""
        return next(iter(self.all_headers(name)), "")

    def all_headers(self, name: str) -> tuple[str, ...]:
        """Give all values of a header."""
        return tuple(value for key, value in self.headers if key == name)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer.

    ``rows`` is how many rows it gives or touched; it is for the log only. ``applied`` are the
    preferences that were applied, each of which gets a header of its own.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    rows: int | None = None
    applied: tuple[str, ...] = ()
