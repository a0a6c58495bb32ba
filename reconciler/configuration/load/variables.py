"""``${NAME}`` and ``${NAME:-fallback}``: values that come from outside the files."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple, Self

from ...diagnostics import Code

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
PREFIX = "RECONCILER_VAR_"
"""What a variable of the environment begins with: nothing else of it can get into a row."""

ORGANIZATION = "BOOKINGMOOD_ORGANIZATION_ID"
API_KEYS = frozenset({"BOOKINGMOOD_API_KEY", "BOOKINGMOOD_READ_KEY", "BOOKINGMOOD_WRITE_KEY"})
"""The names under which keys are kept, here and in the CI templates."""
KEY_PREFIX = "BM_KEY_"
"""What the names begin with under which the keys of many organizations are kept."""
SHORTEST_SECRET = 4
"""Shorter values stand in any sentence, and tell nothing: nobody could hide them."""

_MARK = re.compile(r"\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-((?:(?!\$\{)[^}\r\n])*))?\}|\$\{")
"""An escape, a name that may have a fallback, or what is none of these."""


class VariableError(Exception):
    """A text's variables cannot be put in: code, message and hint as of a problem."""

    def __init__(self, code: Code, message: str, hint: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


class UnsetError(VariableError):
    """A text names a variable that has no value."""

    def __init__(self, name: str, hint: str, *, what: str = "has no value") -> None:
        super().__init__("unset-variable", f"the variable {name} {what}", hint)
        self.name = name


class Filled(NamedTuple):
    """A text after its variables were put in: the names of all, and of the ``empty`` ones.

    One in whose place its fallback stands is not empty: what that says is meant.
    """

    text: str
    used: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Variables:
    """Values by name: ``given`` by hand, else of the environment under ``RECONCILER_VAR_<NAME>``.

    ``secret`` are the names that sensitive columns use, each with such a column's address.
    """

    given: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    secret: Mapping[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str | None:
        """Find the value of a variable."""
        return self.given.get(name, self.environment.get(PREFIX + name))

    def with_secrets(self, secret: Mapping[str, str]) -> Self:
        """Add the names that sensitive columns use."""
        return replace(self, secret={**self.secret, **secret})

    def for_organization(self) -> Self:
        """Add the one name that is read as it is, for the one setting that it is for."""
        environment = dict(self.environment)
        if ORGANIZATION in environment:
            environment.setdefault(PREFIX + ORGANIZATION, environment[ORGANIZATION])
        return replace(self, environment=environment)

    def secret_texts(self) -> Iterator[str]:
        """Give the values that no output may show."""
        for name in self.secret:
            value = self.get(name)
            if value and len(value) >= SHORTEST_SECRET:
                yield value

    def value(self, name: str, *, sensitive: bool, fallback: str | None = None) -> str:
        """Give the value of a variable to a column, or the fallback where it is unset or empty.

        Raises VariableError.
        """
        if is_key(name):
            message = f"{name} is the name of an API key, which is never put into YAML"
            hint = "a key opens the whole organization; use a variable of another name"
            raise VariableError("refused-variable", message, hint)
        if name in self.secret and not sensitive:
            message = f"the variable {name} is secret: {self.secret[name]} uses it"
            hint = "secrets stay in their columns; use a variable of its own here"
            raise VariableError("secret-variable", message, hint)
        value = self.get(name) or (self.get(name) if fallback is None else fallback)
        if value is None:
            raise UnsetError(name, self._how_to_set(name))
        if not is_text(value):
            message = f"the value of the variable {name} is not UTF-8 text"
            raise VariableError("bad-variable", message, f"set {PREFIX}{name} anew, as UTF-8")
        return value

    def _how_to_set(self, name: str) -> str:
        bare = name.removeprefix(PREFIX)
        if bare != name and PREFIX + bare in self.environment:
            return f"write ${{{bare}}}: {PREFIX} is not part of the name"
        if name == ORGANIZATION:
            return (
                f"{name} is read in reconciler.organization alone;"
                f" elsewhere set {PREFIX}{name}, or give --var {name}=…"
            )
        if name in self.environment:
            return f"{name} is set, but of the environment only {PREFIX}{name} is read: rename it"
        return f"give --var {name}=…, or set {PREFIX}{name} in the environment"


def is_key(name: str) -> bool:
    """Tell whether an API key is kept under a name: it opens a whole organization."""
    return name in API_KEYS or name.startswith(KEY_PREFIX)


class Around(NamedTuple):
    """The one variable of a text, and what stands before and behind it."""

    name: str
    fallback: str | None
    before: str
    behind: str

    def value_for(self, filled: str) -> str | None:
        """Find the value with which the text would be another one; None where there is none."""
        size = len(filled) - len(self.before) - len(self.behind)
        if size < 0 or not (filled.startswith(self.before) and filled.endswith(self.behind)):
            return None
        value = filled[len(self.before) : len(self.before) + size]
        return value if value or self.fallback is None else None


def around(text: str) -> Around | None:
    """Find the one variable of a text; None where there are more of them."""
    found = [match for match in _MARK.finditer(text) if match[1]]
    if len(found) != 1:
        return None
    before, behind = text[: found[0].start()], text[found[0].end() :]
    return Around(
        found[0][1], found[0][2], before.replace("$${", "${"), behind.replace("$${", "${")
    )


def names_in(text: str) -> Iterator[str]:
    """Name the variables that a text uses."""
    return (match[1] for match in _MARK.finditer(text) if match[1])


def is_text(value: str) -> bool:
    """Tell whether a text from outside is one: bytes that are not UTF-8 are kept as surrogates."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def fill(text: str, variables: Variables, *, sensitive: bool = False) -> Filled:
    """Put variables into a text; ``$${`` stands for a literal ``${``.

    A fallback stands in for a variable that is unset or empty, as in the shell.

    ``sensitive`` is whether it is for a column that may hold secrets. Raises VariableError for
    the first that cannot be put in; UnsetError where it has no value.
    """
    used: dict[str, bool] = {}

    def value(match: re.Match[str]) -> str:
        if match[0] == "$${":
            return "${"
        if match[1] is None:
            message = "'${' is not followed by a name and '}'"
            hint = "write ${NAME} or ${NAME:-fallback}; a plain '${' is $${"
            raise VariableError("bad-variable", message, hint)
        name, fallback = match[1], match[2]
        found = variables.value(name, sensitive=sensitive, fallback=fallback)
        # of a name that is used twice, one place without a fallback is enough to be empty
        used[name] = used.get(name, True) and (bool(found) or fallback is not None)
        return found

    filled = _MARK.sub(value, text)
    return Filled(filled, tuple(used), tuple(name for name, fine in used.items() if not fine))
