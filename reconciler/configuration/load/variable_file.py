"""Values by hand: ``--var``, and the files of ``--var-file``, a YAML mapping or like ``.env``."""

import io
import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ...diagnostics import UsageError
from .files import MAX_FILE, YAML_SUFFIXES
from .nodes import Scalar
from .parse import parse
from .variables import NAME, is_key, is_text


@dataclass(frozen=True, slots=True)
class Sources:
    """Where values by hand come from: ``given`` one by one, else the last of the ``files``.

    ``update`` is the one of the files in which values may be changed.
    """

    given: Mapping[str, str] = field(default_factory=dict)
    files: tuple[Path, ...] = ()
    update: Path | None = None

    def __post_init__(self) -> None:
        """Check that the file to update is one that is read; raises UsageError."""
        if self.update and self.update not in self.files:
            named = ", ".join(map(str, self.files)) or "give it as one, too"
            message = f"{self.update} is to be updated, and is none of the files of variables"
            raise UsageError(message, hint=f"the files given with --var-file: {named}")

    @property
    def folders(self) -> tuple[Path, ...]:
        """Say where files may be changed."""
        return (self.update.parent,) if self.update else ()

    def values(self, instead: Mapping[Path, bytes] | None = None) -> dict[str, str]:
        """Read them; ``instead`` gives what files would hold. Raises UsageError."""
        values: dict[str, str] = {}
        for file in self.files:
            data = instead.get(file) if instead else None
            values.update(read_variable_file(file) if data is None else _values(data, file))
        return {**values, **self.given}

    def places(self) -> dict[str, Path]:
        """Name the file of each variable whose value counts."""
        places = {name: file for file in self.files for name in read_variable_file(file)}
        return {name: file for name, file in places.items() if name not in self.given}


def read_variables(texts: tuple[str, ...], files: tuple[Path, ...]) -> dict[str, str]:
    """Read the values that are given by hand; raises UsageError."""
    return Sources(read_given(texts), files).values()


def read_given(texts: tuple[str, ...]) -> dict[str, str]:
    """Read ``NAME=VALUE``, given one by one; raises UsageError."""
    variables: dict[str, str] = {}
    for number, text in enumerate(texts, 1):
        name, equals, value = text.partition("=")
        if not equals or not NAME.match(name):
            hint = "write --var NAME=VALUE; a name has letters, digits and _, no digit first"
            # without a name before it, it may well be a secret value
            raise UsageError(f"--var number {number} is not NAME=VALUE", hint=hint)
        if is_key(name):
            hint = f"set {name} in the environment, or give --api-key-file FILE"
            raise UsageError(f"--var {name}: an API key is no variable", hint=hint)
        if not is_text(value):
            raise UsageError(f"--var {name}: the value is not UTF-8 text", hint="give it as UTF-8")
        variables[name] = value
    return variables


def read_variable_file(path: Path) -> dict[str, str]:
    """Read the variables of a file.

    A ``*.yaml`` or ``*.yml`` file is one mapping of names to plain values. Any other file is read
    as a ``.env`` file, but nothing is put into its values from elsewhere. Raises UsageError, which
    names places but never shows a value.
    """
    return _values(_data(path), path)


def changed_variables(path: Path, values: Mapping[str, str]) -> bytes | None:
    """Give a file with other values, each on its own place; None where that fails.

    Comments, quotes, order and line ends stay. Of a name that is given twice, the last counts.
    """
    from .variable_edit import edited_lines, edited_yaml  # few runs change any

    data = _data(path)
    text = (edited_yaml if _is_yaml(path) else edited_lines)(_text(data, path), values)
    if text is None:
        return None
    edited = data[: len(BOM_UTF8)] if data.startswith(BOM_UTF8) else b""
    edited += text.encode()
    try:
        return edited if _values(edited, path) == {**_values(data, path), **values} else None
    except UsageError:
        return None


def _data(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_FILE + 1)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None


def _is_yaml(path: Path) -> bool:
    return path.suffix.lower() in YAML_SUFFIXES


def _values(data: bytes, path: Path) -> dict[str, str]:
    text = _text(data, path)
    return dict(_from_yaml(text, path) if _is_yaml(path) else _from_lines(text, path))


def _text(data: bytes, path: Path) -> str:
    if len(data) > MAX_FILE:
        raise UsageError(f"{path} is larger than {MAX_FILE >> 20} MiB")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line, column = before.count(b"\n") + 1, len(before) - before.rfind(b"\n")
        byte = data[error.start]
        raise UsageError(
            f"{path}:{line}:{column}: not UTF-8 text: byte {error.start} is 0x{byte:02X}",
            hint="save the file as UTF-8",
        ) from None


def _from_lines(text: str, path: Path) -> Iterator[tuple[str, str]]:
    from dotenv.parser import parse_stream  # it is slow to import, and few runs need it

    for binding in parse_stream(io.StringIO(text, newline="")):
        written = binding.original.string
        if binding.key is None and not binding.error:
            continue  # a comment, or an empty line
        blank = written[: len(written) - len(written.lstrip())]
        line = binding.original.line + len(re.findall("\r\n?|\n", blank))
        if binding.error:
            hint = "write NAME=value; close each quote, and write nothing but a comment after it"
            raise UsageError(f"{path}:{line}: not a line of a .env file", hint=hint)
        if binding.value is None or not NAME.match(binding.key or ""):
            hint = "write NAME=value; a name has letters, digits and _, no digit first"
            raise UsageError(f"{path}:{line}: not a variable", hint=hint)
        yield str(binding.key), binding.value


def _from_yaml(text: str, path: Path) -> Iterator[tuple[str, str]]:
    parsed = parse(text, str(path))
    if parsed.problems:
        problem = parsed.problems[0]
        raise UsageError(f"{problem.position}: {problem.message}", hint=problem.hint)
    for name, entry in parsed.root.entries.items() if parsed.root else ():
        if not NAME.match(name) or not isinstance(entry.value, Scalar):
            raise UsageError(f"{entry.position}: not a variable", hint="write NAME: value")
        yield name, entry.value.text
