"""The bindings file: which live row an address means, where the id cannot be computed.

``bindings/<organization_id>.yaml`` in the folder of the configuration, kept in git.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from .change import Origin
from .errors import ConfigurationError, Position, Problem, UsageError
from .resource import KEY_PATTERN, LINK_SEPARATOR, UUID_PATTERN, Address

_HEADER = "# Which live row each address means. Written by reconciler; keep it in git.\n"


@dataclass(frozen=True, slots=True)
class Binding:
    """One entry: the id of the row, and whether this stack owns it."""

    id: str
    origin: Origin


def bindings_path(folder: Path, organization: str) -> Path:
    """Say where the bindings of an organisation are kept."""
    return folder / "bindings" / f"{organization.lower()}.yaml"


def read_bindings(path: Path) -> dict[Address, Binding]:
    """Read the bindings; a file that is not there is empty.

    Raises ConfigurationError with every entry that is not ``kind.key: {id, origin}``, and
    UsageError where the file cannot be read.
    """
    try:
        content = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    except FileNotFoundError:
        return {}
    except (OSError, yaml.YAMLError, UnicodeError) as error:
        raise UsageError(
            f"the bindings file {path} cannot be read: {error}",
            hint="restore it from git; it is written by apply, import and export",
        ) from error
    if not isinstance(content or {}, Mapping):
        raise ConfigurationError((_bad_entry(path, "the file", "a mapping of addresses"),))
    return _parse(path, content or {})


def write_bindings(path: Path, bindings: Mapping[Address, Binding]) -> None:
    """Write the bindings, sorted, so that readers see the old file or the new one, never half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (
        f"{address}: {{id: {binding.id}, origin: {binding.origin}}}\n"
        for address, binding in sorted(bindings.items())
    )
    new = path.with_name(path.name + ".new")
    with new.open("w", encoding="utf-8") as file:
        file.write(_HEADER + "".join(lines))
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def check_writable(path: Path) -> None:
    """Raise UsageError where the bindings could not be written later."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.with_name(path.name + ".new").open("w"):
            pass
        path.with_name(path.name + ".new").unlink()
    except OSError as error:
        raise UsageError(
            f"the bindings file {path} cannot be written: {error.strerror}",
            hint="this plan must remember ids there; nothing was changed",
        ) from error


def _parse(path: Path, content: Mapping[object, object]) -> dict[Address, Binding]:
    bindings: dict[Address, Binding] = {}
    problems: list[Problem] = []
    for name, entry in content.items():
        address, binding = _address(name), _binding(entry)
        if address is None or binding is None:
            problems.append(_bad_entry(path, str(name), "{id: UUID, origin: owned or adopted}"))
        else:
            bindings[address] = binding
    if problems:
        raise ConfigurationError(tuple(problems))
    return bindings


def _address(name: object) -> Address | None:
    kind, dot, key = str(name).partition(".")
    parts = key.split(LINK_SEPARATOR)
    valid = all(KEY_PATTERN.match(part) or UUID_PATTERN.match(part) for part in parts)
    return Address(kind, key) if dot and valid else None


def _binding(entry: object) -> Binding | None:
    if not isinstance(entry, Mapping):
        return None
    row_id, origin = str(entry.get("id")), entry.get("origin")
    if origin not in ("owned", "adopted") or not UUID_PATTERN.match(row_id):
        return None
    return Binding(row_id.lower(), origin)


def _bad_entry(path: Path, name: str, wanted: str) -> Problem:
    return Problem(
        "bad-binding",
        f"{name} is not {wanted}",
        position=Position(str(path), 1, 1),
        hint="restore the file from git; it is written by apply, import and export",
    )
