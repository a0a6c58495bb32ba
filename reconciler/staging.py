"""Replace files of folders together: all of them, or none, or the next run does the rest.

written aside → a list of them, which says that all are there → moved one by one → taken away

What is stopped before the list is there never happened. After that the files lie ready: until the
moving is finished, nobody reads the folder (the loader refuses it), and the next run finishes it
first.

Where several folders change together, each has its files aside and a list of them, which names
the folder that leads. The list of that one comes last, and decides for all. Its files are moved
last, too: so a list that names a leader always finds out there what became of it.
"""

import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePath

import orjson

from .configuration.load.files import UNFINISHED, UNFINISHED_LIST, UNFINISHED_PART
from .diagnostics import UsageError
from .files import leads_outside, write_file

_FILES = "files"
_NEVER = frozenset({".git", ".reconciler"})
"""Folders that no file is put into or taken from: git's own, and that of journals."""


@dataclass(slots=True)
class Stage:
    """Where to write files first; ``gone`` are those of the folder to take away, by name."""

    folder: Path
    gone: list[str] = field(default_factory=list)


@contextmanager
def staged(folder: Path) -> Iterator[Stage]:
    """Give a place to write into; when the block ends well, its files go where they belong."""
    is_new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    finish_stopped(folder)
    aside = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=folder))
    try:
        stage = Stage(aside / _FILES)
        stage.folder.mkdir()
        yield stage
        _list(folder, aside, stage.gone)
        _move(folder, aside)
    finally:
        if not (aside / UNFINISHED_LIST).exists():
            shutil.rmtree(aside, ignore_errors=True)
        if is_new:
            with suppress(OSError):  # it holds something, as it should
                folder.rmdir()


@dataclass(slots=True)
class Changes:
    """What shall change in a folder: new contents by path, and files to take away."""

    files: dict[Path, bytes] = field(default_factory=dict)
    gone: list[Path] = field(default_factory=list)

    def put(self, path: Path, text: str) -> None:
        """Let a file hold a text; one that holds nothing goes, or never comes."""
        if text:
            self.files[path] = text.encode()
        elif path.exists():
            self.gone.append(path)


def replace_files(folder: Path, files: Mapping[Path, bytes]) -> None:
    """Write files of a folder, all or none; links stay links."""
    replace_together({folder: Changes(dict(files))})


def replace_together(folders: Mapping[Path, Changes]) -> None:
    """Change files of several folders, all or none; links stay links. The first folder leads."""
    changed = {folder: one for folder, one in folders.items() if one.files or one.gone}
    if not changed:
        return
    for folder in changed:
        finish_stopped(folder)
    asides: dict[Path, Path] = {}
    try:
        for folder, changes in changed.items():
            asides[folder] = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=folder))
            _put_aside(folder, asides[folder], changes)
        _list_together(asides, changed)
        _move_together(asides)
    except BaseException:
        if not any((aside / UNFINISHED_LIST).exists() for aside in asides.values()):
            for aside in asides.values():
                shutil.rmtree(aside, ignore_errors=True)
        raise


def _put_aside(folder: Path, aside: Path, changes: Changes) -> None:
    real_folder = folder.resolve()
    (aside / _FILES).mkdir()
    for path, data in changes.files.items():
        _check_inside(path, folder)
        real = path.resolve()
        new = aside / _FILES / real.relative_to(real_folder)
        new.parent.mkdir(parents=True, exist_ok=True)
        new.write_bytes(data)
        if real.exists():
            shutil.copymode(real, new)


def _list_together(asides: Mapping[Path, Path], changed: Mapping[Path, Changes]) -> None:
    """Write the list of each folder, and that of the first one last: it decides for all."""
    gone = {
        folder: [str(path.relative_to(folder)) for path in changes.gone]
        for folder, changes in changed.items()
    }
    leader, *others = asides
    for folder in others:
        _list(folder, asides[folder], gone[folder], leader=asides[leader])
    parts = [str(asides[folder].resolve()) for folder in others]
    _list(leader, asides[leader], gone[leader], parts=parts)


def _move_together(asides: Mapping[Path, Path]) -> None:
    leader, *others = asides
    for folder in (*others, leader):
        _move(folder, asides[folder])


def finish_stopped(folder: Path) -> bool:
    """Finish what a run that was stopped has ready, and take away what it has not.

    That is done in all the folders that it changes together. Raises UsageError where somebody has
    changed one of its files since, or where the folder that decides is not there any more.
    """
    finished = False
    for aside in sorted(folder.glob(f"{UNFINISHED}*")):
        try:
            finished |= _settle(aside)
        except OSError as error:
            raise _not_ours(aside) from error
    return finished


def _settle(aside: Path) -> bool:
    """Finish what is ready, and say so; take it away where it is not."""
    if (aside / UNFINISHED_LIST).exists():
        _finish(aside)
        return True
    if (aside / UNFINISHED_PART).exists() and _leader_of(aside).exists():
        _finish(_leader_of(aside).parent)
        return True
    shutil.rmtree(aside, ignore_errors=True)
    return False


@dataclass(frozen=True, slots=True)
class _List:
    """What lies ready in a folder, and what the files were that are replaced or go, by name.

    ``leader`` decides about it, or it decides about its ``parts``.
    """

    files: Mapping[str, str | None]
    gone: Mapping[str, str | None]
    parts: tuple[Path, ...] = ()
    leader: Path | None = None


def _leader_of(aside: Path) -> Path:
    """Give the list that decides about a part; raises UsageError where nobody can tell."""
    leader = _read_list(aside).leader
    if leader is None:
        raise _not_ours(aside)
    if not leader.parent.exists():
        raise UsageError(
            f"{aside.parent} was changed together with {leader.parent}, which is not there",
            hint=f"put that folder back; or take {aside} away to keep what is here",
        )
    return leader / UNFINISHED_LIST


def _finish(leader: Path) -> None:
    """Move what is ready in a folder, and before it what is ready with it elsewhere."""
    waiting = [part for part in _read_list(leader).parts if (part / UNFINISHED_PART).exists()]
    for part in waiting:
        named = _read_list(part).leader
        if named is None or named.resolve() != leader.resolve():
            raise _not_ours(leader)
    asides = [*waiting, leader]
    for aside in asides:
        _check_unchanged(aside.parent, aside)
    for aside in asides:
        _move(aside.parent, aside)


def _read_list(aside: Path) -> _List:
    """Read a list, which may have come with a pull request: it names nothing out of its folder.

    Raises UsageError.
    """
    try:
        listed = orjson.loads(_list_of(aside).read_bytes())
        files, gone = dict(listed["files"]), dict(listed["gone"])
        parts = tuple(Path(part) for part in listed.get("parts", ()))
        leader = Path(listed["leader"]) if "leader" in listed else None
        digests = all(was is None or isinstance(was, str) for was in (files | gone).values())
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise _not_ours(aside) from error
    asides = (aside, *parts, *([leader] if leader else []))
    named = all(one.name.startswith(UNFINISHED) for one in asides)
    outside = leads_outside(aside / _FILES, aside) or leads_outside(aside, aside.parent)
    if not (digests and named and all(_may_be(aside, name) for name in files | gone)) or outside:
        raise _not_ours(aside)
    return _List(files, gone, parts, leader)


def _may_be(aside: Path, name: str) -> bool:
    """Tell whether a name may be that of a file to replace."""
    path = PurePath(name)
    inside = path.parts and not path.is_absolute() and ".." not in path.parts and "\0" not in name
    if not inside or not _NEVER.isdisjoint(part.casefold() for part in path.parts):
        return False
    return not any(leads_outside(at / path.parent, at) for at in (aside / _FILES, aside.parent))


def _not_ours(aside: Path) -> UsageError:
    message = f"{aside} is not as a run that was stopped leaves it; nothing of it was done"
    return UsageError(message, hint="take it away; if git has it, it should not")


def _list(
    folder: Path,
    aside: Path,
    gone: Iterable[str],
    *,
    leader: Path | None = None,
    parts: Iterable[str] = (),
) -> None:
    """Say that all is there, and what the files were that it replaces."""
    files = [path for path in (aside / _FILES).rglob("*") if path.is_file()]
    for path in files:
        _sync(path)
    names = sorted(str(path.relative_to(aside / _FILES)) for path in files)
    going = sorted(gone)
    for name in (*names, *going):
        _check_inside(folder / name, folder)
    were = {name: _digest(folder / name) for name in names}
    last = {name: _digest(folder / name) for name in going}
    listed = {"files": were, "gone": last, "parts": list(parts)}
    if leader is None:
        write_file(aside / UNFINISHED_LIST, orjson.dumps(listed))
    else:
        listed = {**listed, "leader": str(leader.resolve())}
        write_file(aside / UNFINISHED_PART, orjson.dumps(listed))


def _list_of(aside: Path) -> Path:
    whole = aside / UNFINISHED_LIST
    return whole if whole.exists() else aside / UNFINISHED_PART


def _move(folder: Path, aside: Path) -> None:
    list_file, listed = _list_of(aside), _read_list(aside)
    try:
        for name in listed.files:
            new = aside / _FILES / name
            if new.exists():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                new.replace(folder / name)
        for name in listed.gone:
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        message = f"the files of {folder} could not all be put in place: {error.strerror}"
        hint = "fix that, then run it again: the next run puts the rest in place"
        raise UsageError(message, hint=hint) from error
    _sync(folder)
    list_file.unlink()
    shutil.rmtree(aside, ignore_errors=True)


def _check_unchanged(folder: Path, aside: Path) -> None:
    listed = _read_list(aside)
    for name, was in listed.files.items():
        if (aside / _FILES / name).exists() and _digest(folder / name) != was:
            raise UsageError(
                f"{folder / name} was changed since a run was stopped that had a new one ready",
                hint=f"take {aside} away to keep what is there, or {folder / name} to have the new",
            )
    for name, was in listed.gone.items():
        if _digest(folder / name) not in (was, None):
            raise UsageError(
                f"{folder / name} was changed since a run was stopped that was to take it away",
                hint=f"take {aside} away to keep what is there, or {folder / name} to lose it",
            )


def _check_inside(path: Path, folder: Path) -> None:
    if leads_outside(path, folder):
        raise OSError(errno.ELOOP, f"a link leads {path.name} out of the folder", str(path))


def _digest(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else None


def _sync(path: Path) -> None:
    """Wait until a file, or what a folder holds, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
