"""Take a row over from another folder: what changes there, and what the row was made as."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from ..bindings import bindings_path, bindings_text, read_bindings, read_stored
from ..catalogue import Kind
from ..client.protocols import Reader
from ..configuration.read import Desired
from ..diagnostics import UsageError
from ..ids import Former, Owner, Release, Transfers
from ..live.organization import organization_of
from ..remembered import remembered_in
from ..staging import Changes
from ..sync.adopt import Adopted, adopt
from ..transfers import Changing, texts_of
from ..values.address import Address
from .leaving import Leaving
from .problem import refused
from .proof import Became, prove
from .workspace import Workspace


async def take_row(
    client: Reader,
    kinds: Mapping[str, Kind],
    desired: Desired,
    address: Address,
    row_id: str,
    there: Workspace | None = None,
) -> Adopted:
    """Let an address have a live row: a new one, one that was let go, or one of ``there``.

    ``there`` is the folder of another stack. Writes the files of both, all or none; raises
    UsageError, and ConfigurationError with what cannot leave the other folder.
    """
    loaded, configuration = desired.loaded, desired.configuration
    organization = await organization_of(client, kinds, configuration)
    remembered = remembered_in(loaded.folder, organization, configuration.stack)
    taking = Taking(loaded.folder, remembered.owner)
    taking.come_back(address, row_id.lower())
    if there is not None:
        taking.take(there, address, row_id.lower())
    return await adopt(
        client, kinds, replace(remembered, owner=taking.owner), loaded, configuration, address,
        row_id, besides=taking.finished(),
    )  # fmt: skip


class Taking:
    """What is written beside the YAML of the folder that takes a row over.

    ``owner`` is whose the rows are from then on; ``changes`` what else is written, by folder.
    """

    def __init__(self, folder: Path, owner: Owner) -> None:
        self.folder, self.organization = folder, owner.organization
        self.before = owner.transfers
        self.transfers = Changing(owner.stack, self.before)
        self.changes: dict[Path, Changes] = {}

    @property
    def owner(self) -> Owner:
        """Whose the rows are once it is done."""
        return Owner(self.organization, self.transfers.stack, self.transfers.now)

    def come_back(self, address: Address, row_id: str) -> None:
        """Let a row that the folder itself let go have an address again."""
        former = _let_go(self.before, self.organization, row_id)
        if former is not None and self.before.released[former].to is None:
            self.transfers.receive(address, former)

    def take(self, there: Workspace, address: Address, row_id: str) -> None:
        """Take a row out of another folder; raises UsageError, and ConfigurationError."""
        old = _address_of(there, self.organization, row_id)
        former = _let_go(there.transfers.now, self.organization, row_id)
        if old is None and former is None:
            raise UsageError(
                f"no block of {there.folder} means the row {row_id}",
                hint="name the folder of the stack that has it",
            )
        if old is not None:
            _take_out(there, old)
            former = there.transfers.give_away(old, self.transfers.stack)
            self._hand_bindings(there, old, address)
        elif former is not None:
            way = there.transfers.released[former]
            there.transfers.released[former] = Release(way.last, self.transfers.stack)
        if former is not None:
            self.transfers.receive(address, former)
        self.changes |= there.changes()

    def finished(self) -> Mapping[Path, Changes]:
        """Give all that is written besides."""
        own = self.changes.setdefault(self.folder, Changes())
        now = texts_of(self.transfers.now)
        for name, text in texts_of(self.before).items():
            if now[name] != text:
                own.put(self.folder / name, now[name])
        return self.changes

    def _hand_bindings(self, there: Workspace, old: Address, address: Address) -> None:
        """Hand the entries of all organizations over; this one's is written with the block."""
        own = self.changes.setdefault(self.folder, Changes())
        for organization, entries in there.bindings.items():
            bound = entries.pop(old, None)
            if bound is not None and organization != self.organization.lower():
                path = bindings_path(self.folder, organization)
                known = {**read_bindings(path), address: bound}
                own.put(path, bindings_text(known, read_stored(path)))


def _let_go(transfers: Transfers, organization: str, row_id: str) -> Former | None:
    return next(
        (
            former
            for former in transfers.released
            if Owner(organization, former.stack).id_of(former.address) == row_id
        ),
        None,
    )


def _address_of(there: Workspace, organization: str, row_id: str) -> Address | None:
    """Find the block that means a row, by its binding or by its computed id."""
    owner = Owner(organization, there.configuration.stack, there.transfers.now)
    bound = there.bindings.get(organization.lower(), {})
    for address in there.configuration.resources:
        known = bound[address].id if address in bound else owner.id_of(address)
        if known == row_id:
            return address
    return None


def _take_out(there: Workspace, old: Address) -> None:
    leaving = Leaving(there, {old: None})
    if problems := list(leaving.wrong()):
        raise refused(problems)
    leaving.edit({})
    if not leaving.problems:
        leaving.cut()
    if leaving.problems:
        raise refused(leaving.problems)
    _, after = there.again()
    nothing = replace(there.configuration, resources={})
    became = Became({}, leaving.stayed, {})
    problems = list(prove((there.configuration, nothing), (after, nothing), became, there.kinds))
    problems = [problem for problem in problems if problem.address != str(old)]
    if problems:
        raise refused(problems)
    changed = {a: b for a, b in leaving.stayed.items() if a != b}
    there.rename_bound(changed)
    there.transfers.rename(changed)
