"""What a sandbox is told at its start."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from uuid import UUID

from ..catalogue import Growth
from ..diagnostics import UsageError

Rights = Literal["full", "read"]
Right = Literal["none", "read", "write"]
_HINT = "write KEY=ID:read, KEY=ID:none=KIND,KIND or KEY=ID:Bookings=read,Reviews=none"


@dataclass(frozen=True, slots=True)
class KeySpec:
    """An API key of an organization.

    ``rights`` are ``full`` or ``read`` (every kind, reading only); ``hidden`` are kinds that the
    key may neither read nor write; ``areas`` limit it area by area, one that is not named is free.
    """

    key: str
    organization: str
    rights: Rights = "full"
    hidden: frozenset[str] = frozenset()
    areas: tuple[tuple[str, Right], ...] = ()

    @classmethod
    def parse(cls, text: str) -> "KeySpec":
        """Read ``KEY=ID:read``, ``KEY=ID:none=KIND,KIND`` or ``KEY=ID:AREA=RIGHT,…``."""
        key, _, rest = text.partition("=")
        organization, _, rights = rest.partition(":")
        if not key or not organization or not rights:
            raise UsageError("what --key gives is no key", hint=_HINT)
        owner = organization_id(organization)
        if rights == "read":
            return cls(key, owner, "read")
        if rights.startswith("none="):
            return cls(key, owner, hidden=frozenset(rights.removeprefix("none=").split(",")))
        return cls(key, owner, areas=tuple(_area(word) for word in rights.split(",")))

    def allows(self, kind: str, area: str, *, reads_only: bool) -> bool:
        """Tell whether the key may read, or also write, a kind of an area."""
        right = dict(self.areas).get(area, "write")
        if kind in self.hidden or right == "none":
            return False
        return reads_only or (self.rights == "full" and right == "write")

    @property
    def stored_rights(self) -> str:
        """The rights in the form that ``parse`` reads after the colon; ``full`` is ``full``."""
        if self.areas:
            return ",".join(f"{area}={right}" for area, right in self.areas)
        return f"none={','.join(sorted(self.hidden))}" if self.hidden else self.rights


def _area(word: str) -> tuple[str, Right]:
    area, _, right = word.partition("=")
    rights: dict[str, Right] = {"none": "none", "read": "read", "write": "write"}
    if right not in rights:
        raise UsageError("what --key gives is no key", hint=_HINT)
    return area, rights[right]


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """Everything that a run of the sandbox can be told; the defaults are a throw-away one.

    ``organizations`` are pairs of an id (a UUID) and its first key; none means one with a random
    id and key. ``port`` 0 is any spare port. ``data`` keeps PostgreSQL's files, ``database_url``
    names a PostgreSQL of one's own (14 or later); with neither everything is gone at the end.
    ``unique`` (such as ``coupons.code``) and ``stores`` (``contacts.email=lower``) hold for every
    organization. ``seed`` holds rows that the first organization begins with. ``growth`` are kinds
    of the user's own.
    """

    port: int = 8787
    data: Path | None = None
    database_url: str | None = None
    request_log: Path | None = None
    organizations: tuple[tuple[str, str], ...] = ()
    keys: tuple[KeySpec, ...] = ()
    faults: tuple[str, ...] = ()
    strict_verbs: bool = False
    admin: bool = False
    allow_rollback: bool = False
    unique: tuple[str, ...] = ()
    stores: tuple[str, ...] = ()
    seed: Path | None = None
    growth: Growth | None = None


def growth_of(folder: Path | None, tenant: str | None) -> Growth | None:
    """Read ``--catalogue`` and ``--tenant``, which replaces what is shipped; raise UsageError."""
    if folder is None:
        if tenant is not None:
            raise UsageError("--tenant is about a catalogue", hint="give --catalogue DIR, too")
        return None
    kind = None if tenant == "none" else tenant
    return Growth(folder.absolute(), tenant is not None, kind)


def organization_pair(text: str) -> tuple[str, str]:
    """Read ``ID=KEY``; raise UsageError."""
    organization, _, key = text.partition("=")
    if not key:
        raise UsageError("what --organization gives is no organization", hint="write ID=KEY")
    return organization_id(organization), key


def organizations_in(file: Path) -> tuple[tuple[str, str], ...]:
    """Read a file of ``ID=KEY`` lines; empty ones and those that begin with # are passed over.

    Raises UsageError, which never quotes a line: half of it is a key.
    """
    try:
        lines = [line.strip() for line in file.read_text("utf-8").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the file of organizations {file} cannot be read: {error}") from error
    return tuple(
        _pair_at(file, number, line)
        for number, line in enumerate(lines, 1)
        if line and not line.startswith("#")
    )


def _pair_at(file: Path, number: int, line: str) -> tuple[str, str]:
    try:
        return organization_pair(line)
    except UsageError:
        hint = "write ID=KEY, where ID is a UUID"
        raise UsageError(f"{file}:{number}: this is no organization", hint=hint) from None


def organization_id(text: str) -> str:
    """Check that an organization's id is a UUID, and write it in lower case."""
    try:
        return str(UUID(text))
    except ValueError:
        hint = "an organization's id is a UUID; it stands before a key in --organization, after it"
        raise UsageError("the id of an organization is no UUID", hint=f"{hint} in --key") from None
