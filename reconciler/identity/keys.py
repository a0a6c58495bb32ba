"""Find ids in the order in which they depend on each other.

The natural key of a link is a pair of ids, and each of these may itself be found only by a
natural key. So what a key refers to is found before it (validation has refused cycles), and what
cannot be known before the server is asked is collected as questions.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, cast

from ..catalogue import KeyPart, Kind
from ..catalogue.natural import Parts, spellings, text_of_part, whole
from ..configuration.resource import (
    Configuration,
    IdReference,
    KeyReference,
    Lookup,
    Reference,
    Resource,
    Unknown,
    Value,
)
from ..diagnostics import Problem
from ..live.rows import Live, Question
from ..values.address import Address
from ..values.canonical import canonical
from ..values.column import JSON
from .natural import (
    UNMATCHED,
    Unmatched,
    Waiting,
    asked_as,
    questions_for,
    rows_with,
    through_value,
)
from .problems import lookup_failed


class WantedKey(NamedTuple):
    """A natural key of a resource: its place among the kind's, its texts, the better ones it has.

    ``better`` has a bit for each place.
    """

    number: int
    parts: Parts
    better: int


_OPEN = (Waiting, Unmatched)
"""What stands for a text that is not known."""
_REFERENCE = (KeyReference, IdReference, Lookup)


@dataclass(slots=True)
class Asked:
    """What is the same in every round of questions, and found out once.

    ``keys`` are the first key of each resource that asks something by itself, with its questions;
    ``lookups`` the resources that hold a lookup.
    """

    keys: dict[Address, tuple[WantedKey, frozenset[Question]]] = field(default_factory=dict)
    lookups: frozenset[Address] | None = None


Match = Callable[[Resource, Kind, WantedKey, frozenset[Question]], str | Waiting | Unmatched | None]
"""Finds the row of a resource, once the questions are answered; None where no row has the key."""


@dataclass(slots=True)
class KeyFinder:
    """Ids by address, found once each; what is missing is in ``questions``."""

    configuration: Configuration
    kinds: Mapping[str, Kind]
    live: Live
    match: Match
    asked: Asked = field(default_factory=Asked)
    known: dict[Address, str | Waiting | Unmatched] = field(default_factory=dict)
    lookups: dict[Lookup, str] = field(default_factory=dict)
    users: dict[Lookup, Resource] = field(default_factory=dict)
    questions: set[Question] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    joints: Mapping[str, tuple[str, ...]] = field(init=False)
    """The columns of each kind that stand in its natural keys and refer to others."""

    def __post_init__(self) -> None:
        """Look up once which keys refer to others."""
        self.joints = {name: tuple(_joints(kind)) for name, kind in self.kinds.items()}

    def search_all(self) -> None:
        """Find the rows of every lookup, and of every resource that is not known yet."""
        lookups = self._lookups()
        for address, resource in self.configuration.resources.items():
            if lookups and address in lookups:
                self._look_up_all(resource)
            if address in self.known:
                continue
            if self.joints[address.kind]:
                self.id_of(address)
            else:
                self.known[address] = self._search(resource)

    def let_go(self) -> None:
        """Forget who finds rows: each would keep the other, and all rows, for the collector."""
        self.match = _nothing

    def id_of(self, address: Address) -> str | Waiting | Unmatched:
        """Find the live id of a resource, those in its natural key first.

        A chain of references may be longer than Python's stack.
        """
        waiting = [address]
        while waiting:
            asked = waiting[-1]
            if asked in self.known:
                waiting.pop()
                continue
            resource = self.configuration.resources[asked]
            for name in self.joints[asked.kind]:
                value = resource.values.get(name)
                if isinstance(value, KeyReference) and value.address not in self.known:
                    waiting.append(value.address)
            if waiting[-1] is asked:
                self.known[asked] = self._search(resource)
        return self.known[address]

    def _lookups(self) -> frozenset[Address]:
        if self.asked.lookups is None:
            resources = self.configuration.resources.items()
            holding = (address for address, one in resources if _holds_lookup(one))
            self.asked.lookups = frozenset(holding)
        return self.asked.lookups

    def _look_up_all(self, resource: Resource) -> None:
        for reference in resource.references:
            if isinstance(reference, Lookup):
                self._look_up(resource, reference)

    def _search(self, resource: Resource) -> str | Waiting | Unmatched:
        kind, address = self.kinds[resource.address.kind], resource.address
        if not kind.can_list or address in self.configuration.skip_natural_key:
            return UNMATCHED  # where nobody can be asked, only a binding knows the row
        asked, better = self.asked.keys.get(address), 0
        for number, key in enumerate(kind.natural_keys):
            result: str | Waiting | Unmatched | None
            if asked and number == 0:
                result = self.match(resource, kind, *asked)
            else:
                parts, not_known = self._texts(resource, kind, key)
                if not whole(key, parts):
                    continue
                wanted = WantedKey(number, parts, better)
                result = self._search_by(resource, kind, wanted, not_known)
            if result is not None:
                if isinstance(result, Waiting):
                    self.questions |= result.questions
                return result
            better |= 1 << number
        return UNMATCHED

    def _texts(
        self, resource: Resource, kind: Kind, key: tuple[KeyPart, ...]
    ) -> tuple[Parts, list[Waiting | Unmatched]]:
        """Give the texts of a key, a mark for each that is not known, and what stands for these."""
        texts: list[str | None] = []
        not_known: list[Waiting | Unmatched] = []
        for part in key:
            text = self._part(kind, part, resource)
            if isinstance(text, _OPEN):
                not_known.append(text)
                text = "?"
            texts.append(text)
        return tuple(texts), not_known

    def _search_by(
        self,
        resource: Resource,
        kind: Kind,
        wanted: WantedKey,
        not_known: list[Waiting | Unmatched],
    ) -> str | Waiting | Unmatched | None:
        """Look for a row by one key that the resource has whole; None where no row has it."""
        if not_known:
            waiting = [text.questions for text in not_known if isinstance(text, Waiting)]
            # else it names a row that is not there yet
            return Waiting(frozenset().union(*waiting)) if waiting else None
        questions = questions_for(kind, kind.natural_keys[wanted.number], wanted.parts)
        if wanted.number == 0 and not self.joints[kind.name]:
            self.asked.keys[resource.address] = wanted, questions
        return self.match(resource, kind, wanted, questions)

    def _part(
        self, kind: Kind, part: KeyPart, resource: Resource
    ) -> str | Waiting | Unmatched | None:
        if part.through:
            return through_value(self.kinds, self.live, kind, part, resource)
        value = resource.values.get(part.column)
        if isinstance(value, str):
            return text_of_part(kind, part, value)
        if isinstance(value, KeyReference):
            return self.id_of(value.address)
        if isinstance(value, _REFERENCE):
            return self._reference(resource, value)
        if isinstance(value, Unknown):
            return None
        return text_of_part(kind, part, cast("JSON", value))

    def _reference(self, user: Resource, reference: Reference) -> str | Waiting | Unmatched:
        match reference:
            case KeyReference(address):
                return self.id_of(address)
            case IdReference(_, row_id):
                return row_id
            case Lookup():
                return self._look_up(user, reference)

    def _look_up(self, user: Resource, lookup: Lookup) -> str | Waiting | Unmatched:
        if lookup in self.lookups:
            return self.lookups[lookup]
        kind = self.kinds[lookup.kind]
        wanted: list[tuple[str, str]] = []
        for name, value in lookup.criteria:
            text = self._criterion(user, kind, name, value)
            if isinstance(text, Waiting | Unmatched):
                return text
            wanted.append((name, text))
        name, value = wanted[0]
        texts = spellings(kind.columns[KeyPart.parse(name).column], value)
        questions = asked_as(kind, name, texts) - self.live.asked
        if questions:
            self.questions |= questions
            return Waiting(questions)
        return self._settle(user, lookup, kind, wanted)

    def _criterion(
        self, user: Resource, kind: Kind, name: str, value: Value
    ) -> str | Waiting | Unmatched:
        if isinstance(value, _REFERENCE):
            return self._reference(user, value)
        part = KeyPart.parse(name)
        if part.inside:
            return str(value)
        return str(canonical(cast("JSON", value), kind.columns[part.column].type))

    def _settle(
        self, user: Resource, lookup: Lookup, kind: Kind, wanted: list[tuple[str, str]]
    ) -> str | Unmatched:
        criteria = [(KeyPart.parse(name), text) for name, text in wanted]
        ids = rows_with(kind, self.live.of_kind(kind.name), criteria)
        if len(ids) == 1:
            self.lookups[lookup] = ids[0]
            self.users[lookup] = user
            return ids[0]
        self.problems.append(lookup_failed(user, lookup, ids))
        return UNMATCHED


def _joints(kind: Kind) -> Iterator[str]:
    """Name the columns in the natural keys of a kind that refer to others."""
    columns = dict.fromkeys(part.column for key in kind.natural_keys for part in key)
    return (name for name in columns if kind.columns[name].reference)


def _holds_lookup(resource: Resource) -> bool:
    return any(isinstance(one, Lookup) for one in resource.references)


def _nothing(*_: object) -> None:
    """Find no row."""
