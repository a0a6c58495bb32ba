"""The codes of every problem that YAML can have, and the report that problems are added to."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Literal, get_args

from ...diagnostics import Position, Problem

Code = Literal[
    "no-such-path", "no-files", "unreadable", "not-yaml", "directory-loop", "link-outside",
    "overlay-inside-folder", "too-large", "not-utf8", "unfinished-export",
    "merge-conflict",
    "yaml-syntax", "tab", "tag", "duplicate-key", "complex-key", "many-documents", "too-deep",
    "alias-expansion", "unknown-alias", "bad-merge", "not-a-mapping",
    "missing-stack", "stack-twice", "stack-in-overlay", "stack-below-folder", "bad-settings",
    "unknown-kind", "read-only-kind", "wrong-shape", "bad-key", "duplicate-address",
    "not-unique", "same-natural-key", "link-without-pair",
    "unknown-column", "server-column", "filled-column", "unknown-dollar-key", "bad-ignore",
    "bad-absent", "bad-was",
    "wrong-type", "null-not-allowed", "invalid-value", "unknown-choice",
    "unset-variable", "bad-variable", "refused-variable", "secret-variable", "variable-in-key",
    "empty-variable", "empty-secret", "leading-zero",
    "unknown-reference", "absent-reference", "bad-lookup", "reference-cycle",
    "missing-column", "more-problems",
]  # fmt: skip

MEANINGS: Mapping[Code, str] = {
    "no-such-path": "a path on the command line does not exist",
    "no-files": "a folder holds no *.yaml or *.yml file",
    "unreadable": "a file or folder cannot be read: permissions, broken link, not a file",
    "not-yaml": "a path on the command line is not part of a configuration",
    "directory-loop": "a link leads back to a folder above it",
    "link-outside": "a link leads out of the folder that it is in",
    "overlay-inside-folder": "an overlay lies inside the folder that it is laid over",
    "too-large": "a file, or all files together, are over the size limit",
    "not-utf8": "a file is not UTF-8 text",
    "unfinished-export": "an export was stopped while it moved its files into the folder",
    "merge-conflict": "marks of an unresolved merge (`<<<<<<<`) are in a file",
    "yaml-syntax": "a file is not YAML",
    "tab": "a tab stands where YAML wants spaces",
    "tag": "a YAML tag such as `!!str` or `!secret`",
    "duplicate-key": "a mapping names the same key twice",
    "complex-key": "a key of a mapping is itself a list or a mapping",
    "many-documents": "a file holds more than one YAML document",
    "too-deep": "values are nested too deeply",
    "alias-expansion": "aliases multiply to too many values, or an alias holds itself",
    "unknown-alias": "an alias (`*name`) has no anchor (`&name`) before it",
    "bad-merge": "`<<` merges something that is not a mapping",
    "not-a-mapping": "the top of a file is not a mapping of kinds",
    "missing-stack": "no file of the folder holds the `reconciler:` block",
    "stack-twice": "more than one file holds a `reconciler:` block",
    "stack-in-overlay": "an overlay holds a `reconciler:` block",
    "stack-below-folder": "the `reconciler:` block is in a folder below the given one",
    "bad-settings": "the `reconciler:` block is not as it should be",
    "unknown-kind": "a top-level key is not a kind",
    "read-only-kind": "a kind that the API neither creates nor updates",
    "wrong-shape": "a list where a mapping belongs, or the other way round",
    "bad-key": "a resource's key is not a valid key",
    "duplicate-address": "the same resource is given twice",
    "not-unique": "two resources have one value that the server keeps unique",
    "same-natural-key": "two resources have one natural key",
    "link-without-pair": "an entry of a link kind lacks one of its two references",
    "unknown-column": "a kind has no such column",
    "server-column": "a column that only the server writes",
    "filled-column": "a column that the tool fills in itself",
    "unknown-dollar-key": "a `$` key that does not exist",
    "bad-ignore": "`$ignore` is not a list of columns, or names one that is also given",
    "bad-absent": "`$absent` is neither true nor false",
    "bad-was": "`$was` is not an old key of this kind",
    "wrong-type": "a value does not fit its column's type",
    "null-not-allowed": "null in a column that cannot be empty",
    "invalid-value": "a value is outside what the column accepts",
    "unknown-choice": "a value is not one of the column's choices",
    "unset-variable": "a `${NAME}` has no value",
    "bad-variable": "a `${` that is not a variable, or a value that is not UTF-8 text",
    "refused-variable": "a `${NAME}` with the name of an API key",
    "secret-variable": "a variable of a secret column is used elsewhere, too",
    "empty-variable": "warning: a variable is set, and empty",
    "empty-secret": "a secret is empty; a warning to `validate`, since forks have no secrets",
    "leading-zero": "warning: a number inside JSON begins with 0, which it loses",
    "variable-in-key": "a `${NAME}` in a key",
    "unknown-reference": "a reference to something that is not in the configuration",
    "absent-reference": "a reference to a resource that is marked `$absent`",
    "bad-lookup": "a lookup that cannot find a row",
    "reference-cycle": "references that go round in a circle",
    "missing-column": "warning: creating the resource would need a column that is not given",
    "more-problems": "there are more problems than anybody reads: the others are counted",
}

assert set(MEANINGS) == set(get_args(Code))


MOST = 10_000
"""How many problems are kept; a file of the largest size can have a million."""


class Report:
    """Problems in the order they are found; from a bound on they are counted, and not kept."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []
        self._more: Counter[str] = Counter()
        self._stops = False

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything found so far; what was only counted is one problem more of its severity."""
        more = (_more(severity, number) for severity, number in sorted(self._more.items()))
        return (*self._problems, *more)

    @property
    def count(self) -> int:
        """How many were found so far."""
        return len(self._problems) + self._more.total()

    @property
    def only_counts(self) -> bool:
        """Tell whether the run is stopped, and what else is found will only be counted."""
        return self._stops and self.count >= MOST

    def extend(self, problems: Iterable[Problem]) -> None:
        """Add problems that were found elsewhere."""
        for problem in problems:
            self._add(problem)

    def error(
        self,
        code: Code,
        message: str,
        position: Position | None = None,
        *,
        address: str | None = None,
        hint: str | None = None,
    ) -> None:
        """Add a problem that stops the run."""
        self._add(Problem(code, message, position, address, hint))

    def warning(
        self, code: Code, message: str, position: Position, *, address: str, hint: str
    ) -> None:
        """Add a problem that does not stop the run."""
        self._add(Problem(code, message, position, address, hint, "warning"))

    def _add(self, problem: Problem) -> None:
        self._stops = self._stops or problem.is_error
        if len(self._problems) < MOST and problem.stands_for == 1:
            self._problems.append(problem)
        else:
            self._more[problem.severity] += problem.stands_for


def _more(severity: str, number: int) -> Problem:
    message = f"{number:,} more {severity}{'s' if number > 1 else ''} are counted, not listed"
    hint = "mend the first of them: many may have one cause"
    code: Code = "more-problems"
    return Problem(code, message, None, None, hint, severity, stands_for=number)
