"""One thing that is wrong, and where."""

from dataclasses import dataclass, field

from .codes import Code


@dataclass(frozen=True, slots=True)
class MadeBy:
    """The template that made something, and the place in it.

    ``argument`` is whether what stands there was given to it.
    """

    template: str
    file: str
    line: int
    column: int
    argument: bool = False

    def __str__(self) -> str:
        return f"template {self.template}, {self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a file; line and column count from 1.

    Its end is the place behind its last character, where that is known; it says nothing about
    which of two places is meant.
    """

    file: str
    line: int
    column: int
    end_line: int | None = field(default=None, compare=False, repr=False)
    end_column: int | None = field(default=None, compare=False, repr=False)
    made_by: MadeBy | None = field(default=None, compare=False, repr=False)
    """What made what stands here, where it is not written out: for people."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in the configuration, where, and what to do about it.

    ``code`` is stable, and explained in the catalogue of codes; ``severity`` is ``error`` or
    ``warning``; ``rows`` are the ids of the live rows that one must be chosen from;
    ``stands_for`` how many problems it stands for, where those were only counted; ``others`` the
    places that it is about, too, such as the first of two.
    """

    code: Code
    message: str
    position: Position | None = None
    address: str | None = None
    hint: str | None = None
    severity: str = "error"
    rows: tuple[str, ...] = ()
    stands_for: int = 1
    others: tuple[Position, ...] = field(default=(), compare=False, repr=False)

    def __post_init__(self) -> None:
        """Name the template, where one made what the problem is about."""
        made_by = self.position.made_by if self.position else None
        if made_by and f"({made_by})" not in self.message:
            object.__setattr__(self, "message", f"{self.message} ({made_by})")

    @property
    def is_error(self) -> bool:
        """Tell whether the problem stops the run."""
        return self.severity == "error"
