"""Find ids in the order in which they depend on each other.

The natural key of a link is a pair of ids, and each of these may itself be found only by a
natural key. So what a key refers to is found before it (validation has refused cycles), and what
cannot be known before the server is asked is collected as questions.
"""

from collections.abc import Callable, Mapping
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
    references_in,
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
_RESULT = (str, *_OPEN)
_REFERENCE = (KeyReference, IdReference, Lookup)

Asked = dict[Address, tuple[WantedKey, frozenset[Question]]]
"""The first key of each resource that asks something by itself: the same in every round."""

Match = Callable[[Resource, WantedKey], str | Waiting | Unmatched | None]
"""Finds the row of a resource; None where no row has the key."""


@dataclass(slots=True)
class KeyFinder:
    """Ids by address, found once each; what is missing is in ``questions``."""

    configuration: Configuration
    kinds: Mapping[str, Kind]
    live: Live
    match: Match
    asked: Asked = field(default_factory=dict)
    known: dict[Address, str | Waiting | Unmatched] = field(default_factory=dict)
    lookups: dict[Lookup, str] = field(default_factory=dict)
    users: dict[Lookup, Resource] = field(default_factory=dict)
    questions: set[Question] = field(default_factory=set)
    joints: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The columns of each kind that stand in its natural keys and refer to others."""
    problems: list[Problem] = field(default_factory=list)

    def id_of(self, address: Address) -> str | Waiting | Unmatched:
        """Find the live id of a resource, those in its natural key first.

        A chain of references may be longer than Python's stack.
        """
        if address in self.known:
            return self.known[address]
        waiting = [address]
        while waiting:
            asked = waiting[-1]
            if asked in self.known:
                waiting.pop()
                continue
            resource = self.configuration.resources[asked]
            missing = [other for other in self._in_key(resource) if other not in self.known]
            if missing:
                waiting += missing
            else:
                self.known[asked] = self._search(resource)
                waiting.pop()
        return self.known[address]

    def _in_key(self, resource: Resource) -> list[Address]:
        kind = self.kinds[resource.address.kind]
        if kind.name not in self.joints:
            parts = {part.column: None for key in kind.natural_keys for part in key}
            self.joints[kind.name] = tuple(n for n in parts if kind.columns[n].reference)
        joints = self.joints[kind.name]
        if not joints:
            return []
        given = (resource.values.get(name) for name in joints)
        return [value.address for value in given if isinstance(value, KeyReference)]

    def to_ask(self, resource: Resource, kind: Kind, wanted: WantedKey) -> frozenset[Question]:
        """Say what to ask about a key; worked out once where it depends on no other row."""
        before = self.asked.get(resource.address)
        if before is not None and wanted.number == 0:
            return before[1]
        key = kind.natural_keys[wanted.number]
        questions = questions_for(kind, key, wanted.parts)
        if wanted.number == 0 and not self.joints.get(kind.name):
            self.asked[resource.address] = wanted, questions
        return questions

    def look_up_all(self, resource: Resource) -> None:
        """Find the rows of every lookup in a resource."""
        for reference in references_in(resource.values):
            if isinstance(reference, Lookup):
                self._look_up(resource, reference)

    def _search(self, resource: Resource) -> str | Waiting | Unmatched:
        kind = self.kinds[resource.address.kind]
        if resource.address in self.configuration.skip_natural_key or not kind.can_list:
            return UNMATCHED  # where nobody can be asked, only a binding knows the row
        better = 0
        for number, key in enumerate(kind.natural_keys):
            if number == 0 and resource.address in self.asked:
                row = self.match(resource, self.asked[resource.address][0])
                result = True if row is None else row
            else:
                result = self._search_by(resource, kind, WantedKey(number, (), better), key)
            if isinstance(result, Waiting):
                self.questions |= result.questions
            if isinstance(result, _RESULT):
                return result
            better |= result << number
        return UNMATCHED

    def _search_by(
        self, resource: Resource, kind: Kind, wanted: WantedKey, key: tuple[KeyPart, ...]
    ) -> str | Waiting | Unmatched | bool:
        """Look for a row by one key; where none has it, say whether the resource has it at all."""
        found = [self._part(kind, part, resource) for part in key]
        parts = tuple("?" if isinstance(text, _OPEN) else text for text in found)
        if not whole(key, parts):
            return False
        if "?" in parts:
            waiting = [text.questions for text in found if isinstance(text, Waiting)]
            if waiting:
                return Waiting(frozenset().union(*waiting))
            if any(isinstance(text, Unmatched) for text in found):
                return True  # it names a row that is not there yet
        row = self.match(resource, WantedKey(wanted.number, parts, wanted.better))
        return True if row is None else row

    def _part(
        self, kind: Kind, part: KeyPart, resource: Resource
    ) -> str | Waiting | Unmatched | None:
        if part.through:
            return through_value(self.kinds, self.live, kind, part, resource)
        value = resource.values.get(part.column)
        if isinstance(value, str):
            return text_of_part(kind, part, value)
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
