"""One fault as a value, read from its SPEC."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ...diagnostics import UsageError
from ..actions import ACTION_PATHS
from ..request import METHODS
from ..schema import load_tables

READS = frozenset({"GET", "HEAD"})
WRITES = frozenset({"PATCH", "DELETE"})


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong, and which requests it befalls. ``text`` is the SPEC."""

    text: str
    latency: float = 0.0
    status: int | None = None
    retry_after: str | None = None
    after_commit: bool = False
    reset_before: bool = False
    reset_after_commit: bool = False
    cut: bool = False
    html: bool = False
    bad_json: bool = False
    drip: float = 0.0
    short_list: int | None = None
    edit: int | None = None
    column: str | None = None
    methods: frozenset[str] = frozenset()
    paths: frozenset[str] = frozenset()
    nth: int | None = None
    first: int | None = None
    every: int | None = None
    rate: float = 1.0
    seed: int = 0

    @classmethod
    def parse(cls, text: str) -> "Fault":
        """Read a SPEC; raise UsageError."""
        given: dict[str, object] = {}
        for word in text.split(","):
            name, equals, value = word.strip().partition("=")
            read = _WORDS.get(name)
            found = read(value) if read and (equals or name in _ALONE) else None
            if found is None:
                raise UsageError(f"{word!r} in {text!r} is no fault", hint=_hint(name))
            given[_FIELDS.get(name, name.replace("-", "_"))] = found
        if not given.keys() & _EFFECTS:
            raise UsageError(f"{text!r} does not say what goes wrong", hint=_hint(""))
        return cls(text, **given)  # type: ignore[arg-type]  # each word's type is its field's

    def befalls(self, method: str, path: str) -> bool:
        """Tell whether a request is one of those that are counted."""
        methods = self.methods
        if not methods and self.short_list is not None:
            methods = READS
        elif not methods and self.edit is not None:
            methods = READS | WRITES
        return (not methods or method in methods) and (not self.paths or path in self.paths)

    def is_due(self, number: int) -> bool:
        """Tell whether the request with this number, counted from 1, is meant."""
        return (
            self.nth in (None, number)
            and (self.first is None or number <= self.first)
            and (self.every is None or number % self.every == 0)
        )


Reader = Callable[[str], object | None]


def _flag(text: str) -> bool | None:
    return None if text else True


def _seconds(text: str) -> float | None:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(ms|s)", text)
    return float(found[1]) / (1000 if found[2] == "ms" else 1) if found else None


def _positive(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[1-9]\d{0,8}", text) else None


def _rows(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\d{1,8}", text) else (None if text else -1)


def _edited(text: str) -> int | None:
    return _positive(text) if text else 1


def _status(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[45]\d\d", text) else None


def _number(text: str) -> str | None:
    return text if re.fullmatch(r"\d{1,8}", text) else None


def _rate(text: str) -> float | None:
    return float(text) if re.fullmatch(r"0?\.\d+|[01](?:\.0+)?", text) else None


def _whole(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\d{1,8}", text) else None


# A name that there is not would never strike, and whoever wrote it would think that all is well.


def _methods(text: str) -> frozenset[str] | None:
    found = frozenset(text.upper().split("|"))
    return found if found <= METHODS else None


def _paths(text: str) -> frozenset[str] | None:
    found = frozenset(one.strip("/") for one in text.split("|"))
    return found if text and found <= load_tables().keys() | ACTION_PATHS | {""} else None


def _column(text: str) -> str | None:
    return text if any(text in table.columns for table in load_tables().values()) else None


_WORDS: Mapping[str, Reader] = {
    "latency": _seconds,
    "status": _status,
    "retry-after": _number,
    "after-commit": _flag,
    "reset-before": _flag,
    "reset-after-commit": _flag,
    "cut": _flag,
    "html": _flag,
    "bad-json": _flag,
    "drip": _seconds,
    "short-list": _rows,
    "edit": _edited,
    "column": _column,
    "method": _methods,
    "path": _paths,
    "nth": _positive,
    "first": _positive,
    "every": _positive,
    "rate": _rate,
    "seed": _whole,
}
_FIELDS = {"method": "methods", "path": "paths"}
_ALONE = frozenset(
    {"after-commit", "reset-before", "reset-after-commit", "cut", "html", "bad-json"}
    | {"short-list", "edit"}
)
_EFFECTS = frozenset(
    {"latency", "status", "reset_before", "reset_after_commit", "cut", "html", "bad_json"}
    | {"drip", "short_list", "edit"}
)


def _hint(name: str) -> str:
    if name in {"method", "path", "column"}:
        return f"there is no such {name}: see `reconciler explain`"
    if name in _WORDS:
        return f"`{name}` is known, but not with this value: see `sandbox --help`"
    return f"the words are {', '.join(_WORDS)}"
