"""The list of what a run has ready in a folder: what comes, what goes, what changes together.

It may come from anybody, with a clone. So nothing of it is used before it was checked.
"""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePath

import orjson

from ..configuration.load.files import UNFINISHED, UNFINISHED_LIST, UNFINISHED_PART
from ..diagnostics import UsageError
from ..editor.begin import SCHEMA
from ..files import leads_outside, read_file, write_file

FILES = "files"
_NEVER = frozenset({".git", ".reconciler"})
"""Folders that no file is put into or taken from: git's own, and that of journals.

The one file beside the journals that an export makes is the editor's schema.
"""
_MOST = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Listed:
    """The files that are ready, and those to take away, with a digest of what each was before.

    ``leader`` is the place that decides where several folders change together; it knows the other
    ``parts``.
    """

    files: Mapping[str, str | None] = field(default_factory=dict)
    gone: Mapping[str, str | None] = field(default_factory=dict)
    parts: tuple[str, ...] = ()
    leader: str | None = None


def write_list(aside: Path, listed: Listed) -> None:
    """Say that all is there: from now on it is finished, not taken back."""
    name = UNFINISHED_LIST if listed.leader is None else UNFINISHED_PART
    write_file(aside / name, orjson.dumps(asdict(listed)))


def read_list(aside: Path) -> Listed:
    """Read what is ready in a folder; raises UsageError where that is not what a run wrote."""
    try:
        said = orjson.loads(read_file(list_file(aside), _MOST))
        listed = Listed(
            dict(said["files"]), dict(said["gone"]), tuple(said["parts"]), said.get("leader")
        )
        if not _may_be(aside, listed):
            raise not_ours(aside)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise not_ours(aside) from error
    return listed


def list_file(aside: Path) -> Path:
    """Give the list of a folder that changes alone or leads; else that of a part."""
    whole = aside / UNFINISHED_LIST
    return whole if whole.exists() else aside / UNFINISHED_PART


def not_ours(aside: Path) -> UsageError:
    """Give the error about what no run has left so."""
    message = f"{aside} is not as a run that was stopped leaves it; nothing of it was done"
    return UsageError(message, hint="take it away; if git has it, it should not")


def digest(path: Path) -> str | None:
    """Say what a file holds; None where there is none."""
    if not path.exists():
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync(path: Path) -> None:
    """Wait until a file, or what a folder holds, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _may_be(aside: Path, listed: Listed) -> bool:
    """Tell whether a run could have written a list; raises OSError, ValueError or TypeError."""
    if leads_outside(aside / FILES, aside) or leads_outside(aside, aside.parent):
        return False
    places = [*listed.parts, *([listed.leader] if listed.leader is not None else [])]
    if not all(Path(place).name.startswith(UNFINISHED) for place in places):
        return False
    before = (*listed.files.values(), *listed.gone.values())
    names = (*listed.files, *listed.gone)
    digests = all(was is None or isinstance(was, str) for was in before)
    return digests and all(_is_inside(aside, name) for name in names)


def _is_inside(aside: Path, name: str) -> bool:
    """Tell whether a name may be that of a file in the folder."""
    path = PurePath(name)
    inside = path.parts and not path.is_absolute() and ".." not in path.parts and "\0" not in name
    kept = not _NEVER.isdisjoint(part.casefold() for part in path.parts)
    if not inside or (kept and name != SCHEMA):
        return False
    return not any(leads_outside(at / path.parent, at) for at in (aside / FILES, aside.parent))
