"""What workers of several machines share: a token that proves it, leases, and bindings on the way.

It lies beside the journals, in a folder of its own. Bindings of a worker that died are taken up by
the next one that has the organization's lease; the coordinator brings them into the repository.
"""

import hashlib
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ..bindings import Bindings, bindings_path, laid_over
from ..diagnostics import UsageError
from ..files import read_file, write_file

SHARED = "shared"
"""The name of the folder beside the journals of the organizations."""
_TOKEN = "token"  # noqa: S105 (it opens nothing: it shows which folder this is)
_LARGEST = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Storage:
    """The folder that all share."""

    folder: Path

    @classmethod
    def beside(cls, journals: Path) -> "Storage":
        """Give the one that belongs to a folder of journals."""
        return cls(journals / SHARED)

    def prepare(self) -> str:
        """Make the folder and its token; answers what shows it to others. Raises UsageError."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with suppress(FileExistsError):
                text = secrets.token_hex(32).encode()
                write_file(self.folder / _TOKEN, text, mode=0o600, new=True)
            with suppress(FileExistsError):  # what is bound on the way is nobody's to commit
                write_file(self.folder / ".gitignore", b"*\n", new=True)
            return self._digest()
        except OSError as error:
            raise UsageError(
                f"the shared storage {self.folder} cannot be used: {error.strerror}",
                hint="make it writable, or name another with --journal; nothing was changed",
            ) from error

    def check(self, digest: str) -> None:
        """See that this is the folder of the coordinator; raises UsageError."""
        try:
            same = secrets.compare_digest(self._digest(), digest)
        except OSError:
            same = False
        if not same:
            raise UsageError(
                f"{self.folder} is not the same here as for whoever gave out the work",
                hint="name storage with --journal that all workers share, at one path",
            )

    def _digest(self) -> str:
        return hashlib.sha256(read_file(self.folder / _TOKEN, 4096)).hexdigest()

    def of(self, organization: str) -> Path:
        """The folder of one organization: its leases, its bindings."""
        return self.folder / organization

    def begin(self, organization: str, number: int, known: str) -> Bindings:
        """Give the bindings that the holder of a lease works with, in a file of its own.

        ``known`` are those of the coordinator. What an earlier holder bound, and nobody brought
        home, is laid over them. Raises UsageError, ConfigurationError, OSError.
        """
        text = self.text(organization, number - 1, known)
        path = self._path(organization, number)
        path.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
        write_file(self._known(path), known.encode(), mode=0o600)
        write_file(path, text.encode(), mode=0o600)
        return Bindings.read(path)

    def text(self, organization: str, number: int, known: str) -> str:
        """Lay over known bindings what holders up to a number bound; raises as :meth:`begin`.

        The last of them began with what those before it had left.
        """
        numbers = sorted(one for one in self._left(organization) if one <= number)
        paths = [self._path(organization, one) for one in reversed(numbers)]
        path = next((one for one in paths if one.exists()), None)
        if path is None:
            return known
        before, ours = _text(self._known(path)), _text(path)
        if before == ours:
            return known
        return laid_over(known, before, ours, bindings_path(Path(), organization))

    def brought_home(self, organization: str, number: int) -> None:
        """Remove the bindings of holders up to a number: they are in the repository; OSError."""
        for one in self._left(organization):
            if one <= number:
                own = self._path(organization, one).parent
                for file in own.iterdir():  # whoever was killed left one that is not whole, too
                    file.unlink(missing_ok=True)
                own.rmdir()

    def _left(self, organization: str) -> list[int]:
        folder = self.of(organization) / "bindings"
        return [int(one.name) for one in folder.glob("*") if one.name.isdecimal()]

    def _path(self, organization: str, number: int) -> Path:
        return self.of(organization) / "bindings" / f"{number:08}" / f"{organization}.yaml"

    @staticmethod
    def _known(path: Path) -> Path:
        return path.with_name("known.yaml")


def _text(path: Path) -> str:
    return read_file(path, _LARGEST).decode()
