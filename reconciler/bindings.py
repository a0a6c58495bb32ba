"""The bindings file: which live row an address means, where the id cannot be computed.

``bindings/<organization_id>.yaml`` in the folder of the configuration, kept in git. Under
``stored`` it also says which columns the server stores in a form of its own.
"""

import errno
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from operator import itemgetter
from pathlib import Path
from sys import intern
from typing import Literal, TypeVar

from .configuration.load.nodes import Entry, MappingNode, Node, Scalar
from .configuration.load.parse import parse
from .diagnostics import ConfigurationError, Position, Problem, UsageError
from .files import check_replaceable, leads_outside, read_file, replacing
from .values.address import KEY_PATTERN, LINK_SEPARATOR, UUID_PATTERN, Address
from .values.stored import WORDS, Form, Forms

Origin = Literal["owned", "adopted"]

_K = TypeVar("_K")
_V = TypeVar("_V")
_STORED = "stored"
_COLUMN = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\Z")
_HEADER = "# Which live row each address means. Written by reconciler; keep it in git.\n"
_ID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_PART = rf"(?:[a-z0-9](?:[a-z0-9_]|-(?!-))*|{_ID})"
_LINE = re.compile(
    rf"^([a-z][a-z0-9_]*)\.({_PART}(?:--{_PART})*): \{{id: ({_ID}), origin: (owned|adopted)\}}$",
    re.MULTILINE,
)
MAX_FILE = 256 * 1024 * 1024
_RESTORE = "restore the file from git; it is written by apply, import and export"
_OUTSIDE = "a link on its way leads out of the folder"


@dataclass(frozen=True, slots=True)
class Binding:
    """One entry: the id of the row, and whether this stack owns it."""

    id: str
    origin: Origin


@dataclass(slots=True)
class Bindings:
    """The bindings of one run, written whenever an entry has changed.

    What another run wrote into the same file meanwhile stays.
    """

    path: Path
    entries: dict[Address, Binding]
    stored: dict[str, Form] = field(default_factory=dict)
    _written: dict[Address, Binding] = field(init=False)
    _known: dict[str, Form] = field(init=False)
    _seen: tuple[int, ...] = field(init=False, default=())
    _indexed: dict[tuple[str, str], set[Address]] | None = field(
        init=False, default=None, compare=False, repr=False
    )

    def __post_init__(self) -> None:
        """Begin with what the file holds."""
        self._written, self._known = dict(self.entries), dict(self.stored)

    @classmethod
    def read(cls, path: Path) -> "Bindings":
        """Read the file; raises as :func:`read_bindings` does."""
        return cls(path, *_read(path))

    @classmethod
    def of(cls, text: str, path: Path) -> "Bindings":
        """Read a text that is not, or not yet, in the file; raises ConfigurationError."""
        return cls(path, *_read_text(text, path))

    def learn(self, column: str, form: Form) -> None:
        """Remember in which form the server stores a column, such as ``contacts.email``."""
        self.stored[column] = form

    def unlearn(self, column: str) -> None:
        """Forget that a column is stored in a form of its own."""
        self.stored.pop(column, None)

    def bind(self, address: Address, row_id: str, origin: Origin) -> None:
        """Bind an address; another address of the same row is forgotten."""
        same = self._of_row.setdefault((address.kind, row_id), set())
        for other in same - {address}:
            if other in self.entries and self.entries[other].id == row_id:
                del self.entries[other]
        self._of_row[address.kind, row_id] = {address}
        self.entries[address] = Binding(row_id, origin)

    def forget(self, address: Address, row_id: str) -> None:
        """Forget an address whose row is gone; where it means another row by now, it stays."""
        if address in self.entries and self.entries[address].id == row_id:
            del self.entries[address]

    def names(self, kind: str, row_id: str) -> bool:
        """Tell whether an address is bound to a row."""
        return any(address in self.entries for address in self._of_row.get((kind, row_id), ()))

    def save(self) -> None:
        """Write the file if an entry has changed; raises OSError, UsageError."""
        if self.entries == self._written and self.stored == self._known:
            return
        if self._seen != _look(self.path):
            entries, stored = _read(self.path)
            self.entries = _merged(entries, self._written, self.entries)
            self.stored = _merged(stored, self._known, self.stored)
            self._indexed = None
        write_bindings(self.path, self.entries, self.stored)
        self._written, self._known = dict(self.entries), dict(self.stored)
        self._seen = _look(self.path)

    @property
    def _of_row(self) -> dict[tuple[str, str], set[Address]]:
        """The addresses of each row; a plan asks for none, and there may be as many as rows."""
        if self._indexed is None:
            self._indexed = {}
            for address, binding in self.entries.items():
                self._indexed.setdefault((address.kind, binding.id), set()).add(address)
        return self._indexed


def _merged(theirs: dict[_K, _V], before: dict[_K, _V], ours: dict[_K, _V]) -> dict[_K, _V]:
    """Lay what we changed over what another run wrote meanwhile."""
    changed = dict(ours.items() - before.items())
    return dict(theirs.items() - (before.items() - ours.items())) | changed


def bindings_path(folder: Path, organization: str) -> Path:
    """Say where the bindings of an organization are kept."""
    return folder / "bindings" / f"{organization.lower()}.yaml"


def read_bindings(path: Path) -> dict[Address, Binding]:
    """Read the bindings; a file that is not there is empty.

    Raises ConfigurationError with every entry that is not ``kind.key: {id, origin}``, and
    UsageError where the file cannot be read.
    """
    return _read(path)[0]


def read_stored(path: Path) -> Forms:
    """Read in which forms the server stores columns; raises as :func:`read_bindings` does."""
    return _read(path)[1]


def bindings_in(text: str, path: Path) -> dict[Address, Binding]:
    """Read the bindings in a text; raises ConfigurationError."""
    return _read_text(text, path)[0]


def _read(path: Path) -> tuple[dict[Address, Binding], dict[str, Form]]:
    return _read_text(text_of(path), path)


def _read_text(text: str, path: Path) -> tuple[dict[Address, Binding], dict[str, Form]]:
    bindings = _as_written(text)
    if bindings is not None:
        return bindings, {}
    parsed = parse(text, str(path))
    if parsed.problems:
        raise ConfigurationError(tuple(map(with_cure, parsed.problems)))
    return _parse(parsed.root) if parsed.root else ({}, {})


def _as_written(text: str) -> dict[Address, Binding] | None:
    """Read bindings just as they are written here; None where anything else is in the text.

    There may be as many as rows, and YAML takes its time.
    """
    if not text.startswith(_HEADER):
        return None
    found = (match.groups() for match in _LINE.finditer(text, len(_HEADER)))
    bindings = {
        Address(intern(kind), key): Binding(row_id, "owned" if origin == "owned" else "adopted")
        for kind, key, row_id, origin in found
    }
    whole = text.endswith("\n") and len(bindings) == text.count("\n", len(_HEADER))
    return bindings if whole else None


def write_bindings(
    path: Path, bindings: Mapping[Address, Binding], stored: Forms | None = None
) -> None:
    """Write the bindings so that readers see the old file or the new one, never half.

    Without ``stored`` the file keeps what it says of forms.
    """
    _write_lines(path, _lines(bindings), stored)


def write_many_bindings(
    path: Path, kinds: Mapping[str, Mapping[str, str]], origin: Callable[[str, str], Origin]
) -> None:
    """Write bindings like :func:`write_bindings`: by kind the id of each key.

    ``origin`` tells it of a kind and an id.
    """
    lines = (
        _line(f"{kind}.{key}", row_id, origin(kind, row_id))
        for kind, ids in sorted(kinds.items())
        for key, row_id in sorted(ids.items())
    )
    _write_lines(path, lines, None)


def bindings_text(bindings: Mapping[Address, Binding], stored: Forms) -> str:
    """Give what the file of bindings holds, sorted."""
    return _HEADER + _forms_text(stored) + "".join(_lines(bindings))


def _write_lines(path: Path, lines: Iterable[str], stored: Forms | None) -> None:
    make_folder(path)
    forms = read_stored(path) if stored is None else stored
    with replacing(path) as file:
        file.write(f"{_HEADER}{_forms_text(forms)}".encode())
        file.writelines(line.encode() for line in lines)


def _lines(bindings: Mapping[Address, Binding]) -> Iterator[str]:
    for address, binding in sorted(bindings.items(), key=itemgetter(0)):
        yield _line(str(address), binding.id, binding.origin)


def _line(address: str, row_id: str, origin: Origin) -> str:
    return f"{address}: {{id: {row_id}, origin: {origin}}}\n"


def _forms_text(forms: Forms) -> str:
    lines = [f"  {column}: {form}\n" for column, form in sorted(forms.items())]
    return f"{_STORED}:\n{''.join(lines)}" if lines else ""


def laid_over(theirs: str, before: str, ours: str, path: Path) -> str:
    """Lay what changed between two texts over a third one; raises ConfigurationError."""
    known, past, now = (Bindings.of(text, path) for text in (theirs, before, ours))
    entries = _merged(known.entries, past.entries, now.entries)
    return bindings_text(entries, _merged(known.stored, past.stored, now.stored))


def check_writable(path: Path) -> None:
    """Raise UsageError where the bindings could not be written later."""
    try:
        make_folder(path)
        check_replaceable(path)
    except OSError as error:
        raise UsageError(
            f"the bindings file {path} cannot be written: {error.strerror}",
            hint="this plan must remember ids there; nothing was changed",
        ) from error


def make_folder(path: Path) -> None:
    """Make the folder of a file; raises OSError where a link leads it out of its own."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if leads_outside(path.parent, path.parent.parent):
        raise OSError(errno.ELOOP, _OUTSIDE, str(path.parent))


def _look(path: Path) -> tuple[int, ...]:
    """Give what tells whether somebody wrote the file since."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return ()
    return found.st_ino, found.st_size, found.st_mtime_ns


def text_of(path: Path) -> str:
    """Read a file beside the bindings; one that is not there is empty. Raises UsageError."""
    try:
        if leads_outside(path, path.parent.parent):
            raise OSError(errno.ELOOP, _OUTSIDE)
        return read_file(path, MAX_FILE).decode("utf-8-sig")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        message = f"the bindings file {path} cannot be read: {reason}"
        raise UsageError(message, hint=_RESTORE) from error


def with_cure(problem: Problem) -> Problem:
    """Say what to do about a file that people do not write."""
    return problem if problem.code == "merge-conflict" else replace(problem, hint=_RESTORE)


def _parse(root: MappingNode) -> tuple[dict[Address, Binding], dict[str, Form]]:
    bindings: dict[Address, Binding] = {}
    stored: dict[str, Form] = {}
    problems: list[Problem] = []
    for name, entry in root.entries.items():
        if name == _STORED:
            stored |= _forms(entry, problems)
            continue
        address, binding = address_of(name), _binding(entry.value)
        if address is None or binding is None:
            message = f"{name} is not {{id: UUID, origin: owned or adopted}}"
            place = entry.origin.position(entry.key)
            problems.append(Problem("bad-binding", message, position=place, hint=_RESTORE))
        else:
            bindings[address] = binding
    if problems:
        raise ConfigurationError(tuple(problems))
    return bindings, stored


def _forms(entry: Entry, problems: list[Problem]) -> dict[str, Form]:
    forms: dict[str, Form] = {}
    if not isinstance(entry.value, MappingNode):
        message = f"{_STORED} takes columns, each with {WORDS}"
        problems.append(_bad_form(entry.origin.position(entry.key), message))
        return forms
    for column, word in entry.value.entries.items():
        try:
            if not _COLUMN.match(column):
                raise ValueError(f"{column} is no column, such as contacts.email")
            forms[column] = Form.parse(word.value.text if isinstance(word.value, Scalar) else "")
        except ValueError as error:
            problems.append(_bad_form(word.position, f"{_STORED}: {error}"))
    return forms


def _bad_form(place: Position, message: str) -> Problem:
    return Problem("bad-binding", message, position=place, hint=_RESTORE)


def address_of(name: str) -> Address | None:
    """Read ``kind.key`` of any row, links included; None where it is none."""
    kind, dot, key = name.partition(".")
    parts = key.split(LINK_SEPARATOR)
    valid = all(KEY_PATTERN.match(part) or UUID_PATTERN.match(part) for part in parts)
    return Address(kind, key) if dot and valid else None


def _binding(node: Node) -> Binding | None:
    if not isinstance(node, MappingNode):
        return None
    values = {name: entry.value for name, entry in node.entries.items()}
    row_id, origin = _scalar(values.get("id")), _scalar(values.get("origin"))
    if origin not in ("owned", "adopted") or not UUID_PATTERN.match(row_id):
        return None
    return Binding(row_id.lower(), "owned" if origin == "owned" else "adopted")


def _scalar(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) else ""
