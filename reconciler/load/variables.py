"""``${NAME}``: values that come from outside the files."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from ..errors import UsageError
from .files import YAML_SUFFIXES
from .nodes import Scalar
from .parse import parse

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_MARK = re.compile(r"\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)\}|\$\{")


class UnsetError(Exception):
    """A text names a variable that has no value."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class MalformedError(Exception):
    """A ``${`` is not followed by a name and ``}``."""


class Filled(NamedTuple):
    """A text after its variables were put in; ``used`` tells whether it had any."""

    text: str
    used: bool


def fill(text: str, variables: Mapping[str, str]) -> Filled:
    """Put variables into a text; ``$${`` stands for a literal ``${``.

    Raises UnsetError for the first variable without a value, MalformedError for ``${`` alone.
    """
    used = False

    def value(match: re.Match[str]) -> str:
        nonlocal used
        if match[0] == "$${":
            return "${"
        if match[1] is None:
            raise MalformedError
        if match[1] not in variables:
            raise UnsetError(match[1])
        used = True
        return variables[match[1]]

    return Filled(_MARK.sub(value, text), used)


def read_variable_file(path: Path) -> dict[str, str]:
    """Read the variables of ``--var-file``.

    A ``*.yaml`` or ``*.yml`` file is one mapping of names to plain values. Any other file has
    one ``NAME=value`` per line, the value as it stands; empty lines and ``#`` lines are skipped.
    Raises UsageError, which names lines but never shows a value.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not UTF-8 text") from None
    yaml = path.suffix.lower() in YAML_SUFFIXES
    return dict(_from_yaml(text, path) if yaml else _from_lines(text, path))


def _from_lines(text: str, path: Path) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(re.split("\r?\n", text), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if not equals or not NAME.match(name.strip()):
            raise UsageError(f"{path}:{number}: not a variable", hint="write NAME=value")
        yield name.strip(), value


def _from_yaml(text: str, path: Path) -> Iterator[tuple[str, str]]:
    parsed = parse(text, str(path))
    if parsed.problems:
        problem = parsed.problems[0]
        raise UsageError(f"{problem.position}: {problem.message}", hint=problem.hint)
    for name, entry in parsed.root.entries.items() if parsed.root else ():
        if not NAME.match(name) or not isinstance(entry.value, Scalar):
            raise UsageError(f"{entry.position}: not a variable", hint="write NAME: value")
        yield name, entry.value.text
