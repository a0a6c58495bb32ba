"""What people decide about differences, and what follows: which values and blocks are taken in."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from ..catalogue.names import listed
from ..configuration.resource import Configuration, KeyReference, references
from ..diagnostics import UsageError
from ..values.address import Address
from .comparing import Divergence
from .sides import Verdict


@dataclass(frozen=True, slots=True)
class Choices:
    """Names, each an address or ``address.column``, where the files stay and where live is taken.

    What names a column goes before what names its resource.
    """

    keep: frozenset[str] = frozenset()
    take: frozenset[str] = frozenset()

    @classmethod
    def given(cls, keep_files: Iterable[str], take_live: Iterable[str]) -> Self:
        """Read ``ADDRESS,…`` given once or repeatedly."""
        return cls(frozenset(listed(keep_files)), frozenset(listed(take_live)))

    def plus(self, name: str, verdict: Verdict) -> "Choices":
        """Decide about one more name; what is left in conflict is not decided."""
        if verdict is Verdict.LIVE:
            return replace(self, take=self.take | {name})
        return replace(self, keep=self.keep | {name}) if verdict is Verdict.FILES else self

    def check(self, configuration: Configuration) -> None:
        """Refuse what is in no file, and what is chosen both ways; raises UsageError."""
        both = sorted(self.keep & self.take)
        if both:
            message = f"{both[0]} is given to --keep-files and to --take-live"
            raise UsageError(message, hint="give it to one of them")
        for name in sorted(self.keep | self.take):
            if not _is_known(name, configuration):
                raise UsageError(
                    f"{name} is no resource of the files, and no column that they give",
                    hint="write KIND.KEY or KIND.KEY.COLUMN, as the conflict says it",
                )

    def decided(self, divergence: Divergence) -> Divergence:
        """Put in what was decided."""
        for name in (divergence.name, str(divergence.address)):
            if name in self.keep:
                return replace(divergence, verdict=Verdict.FILES)
            if name in self.take:
                return replace(divergence, verdict=Verdict.LIVE)
        return divergence


def asked_about(
    divergences: Iterable[Divergence],
    choices: Choices,
    ask: Callable[[Divergence], Verdict | None],
) -> Choices:
    """Ask about each difference that is in conflict, until ``ask`` gives None.

    Whoever stops has decided what was asked so far.
    """
    for one in divergences:
        if choices.decided(one).verdict is not Verdict.CONFLICT:
            continue
        verdict = ask(one)
        if verdict is None:
            break
        choices = choices.plus(one.name, verdict)
    return choices


@dataclass(frozen=True, slots=True)
class Decision:
    """The columns to take in, the blocks that go, and what nobody has decided.

    ``kept`` counts what stays as the files say.
    """

    taken: Mapping[Address, frozenset[str]] = field(default_factory=dict)
    removed: frozenset[Address] = frozenset()
    conflicts: tuple[Divergence, ...] = ()
    kept: int = 0

    @property
    def changes(self) -> bool:
        """Tell whether anything comes into the files."""
        return bool(self.taken or self.removed)


def decide(
    divergences: Iterable[Divergence], choices: Choices, configuration: Configuration
) -> Decision:
    """Settle every difference; a block that something else still needs is in conflict."""
    decided = [choices.decided(one) for one in divergences]
    taken: dict[Address, frozenset[str]] = {}
    gone: dict[Address, Divergence] = {}
    for one in decided:
        if one.verdict is Verdict.LIVE and one.column:
            taken[one.address] = taken.get(one.address, frozenset()) | {one.column.name}
        elif one.verdict is Verdict.LIVE:
            gone[one.address] = one
    needed = _needed(configuration, gone, taken) if gone else frozenset[Address]()
    conflicts = [one for one in decided if one.verdict is Verdict.CONFLICT]
    conflicts += [replace(gone[a], verdict=Verdict.CONFLICT) for a in sorted(needed)]
    return Decision(
        taken,
        frozenset(gone) - needed,
        tuple(conflicts),
        sum(one.verdict is Verdict.FILES for one in decided),
    )


def _needed(
    configuration: Configuration,
    gone: Collection[Address],
    taken: Mapping[Address, frozenset[str]],
) -> frozenset[Address]:
    """Find the blocks that others, which stay, still refer to."""
    needed: set[Address] = set()
    waiting = [address for address in configuration.resources if address not in gone]
    while waiting:
        address = waiting.pop()
        for target in _referenced(configuration, address, taken.get(address, ())):
            if target in gone and target not in needed:
                needed.add(target)
                waiting.append(target)
    return frozenset(needed)


def _referenced(
    configuration: Configuration, address: Address, changed: Collection[str]
) -> Iterator[Address]:
    for name, value in configuration.resources[address].values.items():
        if name not in changed:
            for reference in references(value):
                if isinstance(reference, KeyReference):
                    yield reference.address


def _is_known(name: str, configuration: Configuration) -> bool:
    kind, _, rest = name.partition(".")
    key, _, column = rest.partition(".")
    resource = configuration.resources.get(Address(kind, key))
    return resource is not None and (not column or column in resource.values)
