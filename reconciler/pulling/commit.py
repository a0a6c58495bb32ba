"""The commit that was applied to an organization, in the repository that the folder is in."""

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from ..bindings import bindings_path
from ..configuration.load.files import MAX_TOTAL, NO_CONFIGURATION, YAML_SUFFIXES
from ..diagnostics import UsageError
from ..git import Git
from ..values.address import UUID_PATTERN

TAG = "applied"
"""What the tag is called; ``applied/<organization id>`` where there may be several."""

_TAGS = "refs/tags/"
_MOST_SECONDS = 60.0
_SHORT = 10


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit: its ``name`` is how people call it, ``git`` works in the top of the repository."""

    name: str
    id: str
    tree: str
    git: Git

    def __str__(self) -> str:
        return f"{self.name} ({self.id[:_SHORT]})"

    def layer(self, path: Path) -> dict[Path, bytes]:
        """Read the YAML of a folder or of an overlay, by the paths that it would have now."""
        here = self._within(path)
        if here is None:
            return {}
        with _asking(self.git.folder):
            found = self.git.files(self.tree, lambda file: _counts(file, here), str(here))
        return {path / file.relative_to(here): data for file, data in found.items()}

    def files(self, paths: Sequence[Path]) -> Mapping[Path, bytes]:
        """Read single files; those that the commit does not hold are left out."""
        places = {path: here for path in paths if (here := self._within(path)) is not None}
        contents: dict[Path, bytes] = {}
        with _asking(self.git.folder):
            for path, here in places.items():
                found = self.git.files(self.tree, here.__eq__, str(here))
                contents.update((path, data) for data in found.values())
        return contents

    def tracked(self, paths: Sequence[Path]) -> frozenset[Path]:
        """Tell which files git knows now, among those at or below paths."""
        places = {path: here for path in paths if (here := self._within(path)) is not None}
        tracked: set[Path] = set()
        with _asking(self.git.folder):
            for path, here in places.items():
                names = self.git.say("ls-files", "-z", "--", str(here)).split("\0")
                files = [PurePosixPath(name) for name in names if name]
                tracked |= {path / file.relative_to(here) for file in files}
        return frozenset(tracked)

    def _within(self, path: Path) -> PurePosixPath | None:
        """Name a path from the top of the repository; None where it is not in it."""
        real, top = Path(os.path.realpath(path)), Path(os.path.realpath(self.git.folder))
        return PurePosixPath(real.relative_to(top)) if real.is_relative_to(top) else None


def find_commit(folder: Path, organization: str, named: str | None) -> Commit | None:
    """Find what was applied: ``named`` by people, or by the tag that CI moves.

    None outside of a repository. Raises UsageError where there is one, and it does not say.
    """
    if not _is_in_repository(folder):
        if named is None:
            return None
        message = f"{folder} is in no git repository, so there is no {named}"
        raise UsageError(message, hint="without --base, files and live are compared alone")
    git = _git(folder)
    wanted = list(_tags(folder, organization)) if named is None else [named]
    with _asking(folder):
        for revision in wanted:
            commit, tree = git.commit(revision), git.tree(revision)
            if commit and tree:
                return Commit(revision.removeprefix(_TAGS), commit, tree, git)
        raise _nothing(git, organization, named)


def _git(folder: Path) -> Git:
    git = Git.at(folder, seconds=_MOST_SECONDS, most=MAX_TOTAL)
    if git is None:
        message = f"{folder} is in a git repository, and there is no git to ask what was applied"
        raise UsageError(message, hint="install git")
    with _asking(folder):
        top = git.say("rev-parse", "--show-toplevel").removesuffix("\n")
    if not top:
        message = f"git does not read the repository of {folder}"
        raise UsageError(message, hint=f"see what it says: git -C {folder} status")
    return replace(git, folder=Path(top))


def _tags(folder: Path, organization: str) -> Iterator[str]:
    yield f"{_TAGS}{TAG}/{organization.lower()}"
    if _is_only(folder, organization):
        yield f"{_TAGS}{TAG}"


def _is_only(folder: Path, organization: str) -> bool:
    """Tell whether the bindings name this organization, and no other one."""
    own = bindings_path(folder, organization)
    return [path for path in own.parent.glob("*.yaml") if UUID_PATTERN.match(path.stem)] == [own]


def _nothing(git: Git, organization: str, named: str | None) -> UsageError:
    if named is not None:
        return UsageError(
            f"there is no commit {named or 'without a name'}",
            hint="check it: git rev-parse says more",
        )
    tag = f"{TAG}/{organization.lower()}"
    hint = "bring it: git fetch --tags; or name the commit that was applied: --base REF"
    if git.tree(f"{_TAGS}{TAG}"):
        hint = (
            f"the tag {TAG} counts only where bindings/ names this organization alone;"
            f" git tag -d {TAG}, then git fetch --tags; or name the commit: --base REF"
        )
    return UsageError(f"there is no tag {tag}, so nobody knows what was applied", hint=hint)


def _is_in_repository(folder: Path) -> bool:
    real = Path(os.path.realpath(folder))
    return any(os.path.lexists(one / ".git") for one in (real, *real.parents))


def _counts(file: PurePosixPath, here: PurePosixPath) -> bool:
    """Tell whether a file is part of the configuration at a path."""
    parts = file.relative_to(here).parts
    hidden = any(part.startswith(".") for part in parts)
    beside = len(parts) > 1 and parts[0] in NO_CONFIGURATION
    return file.suffix.lower() in YAML_SUFFIXES and not hidden and not beside


@contextmanager
def _asking(folder: Path) -> Iterator[None]:
    try:
        yield
    except subprocess.TimeoutExpired as error:
        message = f"git did not answer within {_MOST_SECONDS:g} s in {folder}"
        raise UsageError(message, hint="try it again") from error
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise UsageError(f"what was applied cannot be read from git: {error}") from error
