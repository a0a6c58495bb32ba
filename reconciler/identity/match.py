"""Match resources to live rows.

First what needs no thought, for all resources: bindings and computed ids. They claim their rows,
so that a natural key can only match a row that nobody has. Then natural keys, referenced
resources first, since a key may hold the id of another resource.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..bindings import Binding, Origin
from ..catalogue import Kind, is_deleted
from ..catalogue.natural import Alike
from ..configuration.resource import Configuration, Resource
from ..diagnostics import Problem
from ..ids import Owner, Release, is_computed
from ..live.rows import Live, Question
from ..values.address import Address
from .found import Found, How, Identities, Orphan
from .keys import Asked, KeyFinder, WantedKey
from .letting_go import departed, known_as_released, moved_away, tell_released
from .natural import (
    UNMATCHED,
    Unmatched,
    Waiting,
    as_written,
    gets_another_key,
    index_of,
)
from .odd import left_alone, looked_up_and_odd, meant_and_odd
from .one_id import made_twice, rows_left_out
from .problems import (
    ambiguous,
    both_exist,
    lookup_of_own,
    maybe_renamed,
    of_another_stack,
    row_gone,
    two_claims,
    unused_binding,
)


def identify(
    configuration: Configuration,
    kinds: Mapping[str, Kind],
    owner: Owner,
    bindings: Mapping[Address, Binding],
    live: Live,
    asked: Asked | None = None,
) -> Identities:
    """Match every resource to at most one live row; see the module for the order.

    ``asked`` holds from one round of questions to the next what does not change.
    """
    matcher = _Matcher(configuration, kinds, owner, bindings, live, asked or Asked())
    matcher.match_known_ids()
    matcher.finder.search_all()  # resources that people would call the same
    finder = matcher.finder
    orphans, orphan_notes = matcher.orphans()
    matcher.check_lookups(orphans)
    matcher.check_odd_rows()
    matcher.problems += made_twice(configuration, kinds, owner, bindings, live, matcher.found)
    finder.let_go()
    return Identities(
        found=matcher.found,
        ids=matcher.ids(),
        lookups=finder.lookups,
        orphans=orphans,
        gone=frozenset(matcher.gone),
        questions=frozenset(finder.questions),
        problems=tuple(dict.fromkeys((*matcher.problems, *finder.problems))),
        notes=(*matcher.notes, *orphan_notes),
    )


@dataclass(slots=True)
class _Matcher:
    configuration: Configuration
    kinds: Mapping[str, Kind]
    owner: Owner
    bindings: Mapping[Address, Binding]
    live: Live
    asked: Asked
    found: dict[Address, Found] = field(default_factory=dict)
    claims: dict[str, dict[str, Address]] = field(default_factory=dict)
    computed: dict[Address, str] = field(default_factory=dict)
    gone: set[Address] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    indexes: dict[str, Alike[str]] = field(default_factory=dict)
    taken: dict[str, Alike[str]] = field(default_factory=dict)
    by_row: dict[tuple[str, str], list[Binding]] | None = None
    finder: KeyFinder = field(init=False)
    departed: Mapping[Address, Release] = field(init=False)
    left_out: Mapping[tuple[str, str], Resource] = field(init=False)

    def __post_init__(self) -> None:
        self.departed = departed(self.owner)
        self.left_out = rows_left_out(self.configuration, self.owner, self.bindings, self.live)
        self.finder = KeyFinder(
            self.configuration, self.kinds, self.live, self._natural, self.asked
        )

    # -- bindings and computed ids ------------------------------------------------------------

    def match_known_ids(self) -> None:
        """Claim the rows whose ids are known before anything is asked: first the bound ones."""
        resources = self.configuration.resources.values()
        free = [one for one in resources if not (self.bindings and self._match_binding(one))]
        for resource in free:
            self._match_computed_id(resource)

    def _match_binding(self, resource: Resource) -> bool:
        binding = self.bindings.get(resource.address)
        if binding is None:
            return False
        if self._exists(self.kinds[resource.address.kind], binding.id):
            self._claim(resource, binding.id, "binding", None)
            return True
        self.gone.add(resource.address)
        self.notes.append(row_gone(resource, binding))
        return False

    def _match_computed_id(self, resource: Resource) -> None:
        own = self.owner.id_of(resource.address)
        rows = self.live.of_kind(resource.address.kind)
        went = self._departure(resource)
        if went is not None:
            self.problems.append(moved_away(resource, went, own))
            self.finder.known[resource.address] = UNMATCHED
            return
        if resource.renamed_from is None:
            if own in rows:
                self._claim(resource, own, "id", None)
            else:
                self.computed[resource.address] = own
            return
        old, origin = self._old_row(resource)
        if old in rows and own in rows:
            self.problems.append(both_exist(resource, old, own))
        elif old in rows:
            self._claim(resource, old, "renamed_from", origin, renamed=True)
        elif own in rows:
            self._claim(resource, own, "id", None)

    def _departure(self, resource: Resource) -> Release | None:
        """Tell where the row of a resource went, by its address or by the one that it had."""
        if not self.departed:
            return None
        old = Address(resource.address.kind, resource.renamed_from or "")
        before = None if old in self.bindings else self.departed.get(old)
        return self.departed.get(resource.address, before)

    def _own_id(self, address: Address) -> str:
        """Compute the id of our own for an address, once."""
        own = self.computed.get(address)
        if own is None:
            own = self.computed[address] = self.owner.id_of(address)
        return own

    def _exists(self, kind: Kind, row_id: str) -> bool:
        if not kind.can_list:
            return True
        row = self.live.of_kind(kind.name).get(row_id)
        # one of ours that is marked as deleted is brought back; one that the server numbers is gone
        return row is not None and not (kind.server_chooses_id and is_deleted(kind, row))

    def _old_row(self, resource: Resource) -> tuple[str, Origin]:
        if resource.renamed_from is None:
            return "", "owned"
        old = Address(resource.address.kind, resource.renamed_from)
        binding = self.bindings.get(old)
        return (binding.id, binding.origin) if binding else (self.owner.id_of(old), "owned")

    def _claim(
        self,
        resource: Resource,
        row_id: str,
        how: How,
        bind: Origin | None,
        *,
        renamed: bool = False,
    ) -> None:
        kind = resource.address.kind
        row = self.live.of_kind(kind).get(row_id)
        if row is not None:  # the text that is there already, instead of one more
            row_id = str(row[self.kinds[kind].id_column])
        claims = self.claims.setdefault(kind, {})
        other = self.left_out.get((kind, row_id))
        if row_id in claims:
            other = self.configuration.resources[claims[row_id]]
        if other is not None:
            received = resource.address in self.owner.transfers.received
            had_before = how == "id" and not received
            self.problems.append(two_claims(resource, other, row_id, had_before=had_before))
            return
        claims[row_id] = resource.address
        self.finder.known[resource.address] = row_id
        self.found[resource.address] = Found(row_id, row, how, bind, renamed)

    # -- natural keys -------------------------------------------------------------------------

    def _natural(
        self, resource: Resource, kind: Kind, wanted: WantedKey, questions: frozenset[Question]
    ) -> str | Waiting | Unmatched | None:
        """Find the row with a natural key and claim it; None where there is none."""
        if not questions <= self.live.asked:
            return Waiting(questions - self.live.asked)
        matches = self._matches(kind, wanted)
        if not matches:
            self._note_taken(kind, resource, wanted)
            return None
        if len(matches) > 1:
            self.problems.append(ambiguous(kind.natural_keys[wanted.number], resource, matches))
            return UNMATCHED
        [row_id] = matches
        if is_computed(row_id) and not self._is_own(row_id):
            self.problems.append(
                of_another_stack(kind.natural_keys[wanted.number], resource, row_id)
            )
            return UNMATCHED
        self._claim_found(kind, resource, row_id)
        return row_id

    def _note_taken(self, kind: Kind, resource: Resource, wanted: WantedKey) -> None:
        """Note a key that a row has until its resource gives it another: maybe that was renamed."""
        claims = self.claims.get(kind.name)
        if not claims:
            return
        rows = self.live.of_kind(kind.name)
        if kind.name not in self.taken:
            ours = {row_id: rows[row_id] for row_id in claims if row_id in rows}
            self.taken[kind.name] = index_of(kind, ours, {})
        for row_id in self.taken[kind.name].find(*wanted):
            owner = self.configuration.resources[claims[row_id]]
            if gets_another_key(kind, kind.natural_keys[wanted.number], owner, rows[row_id]):
                self.notes.append(maybe_renamed(kind, wanted.number, resource, owner, row_id))
                return

    def _claim_found(self, kind: Kind, resource: Resource, row_id: str) -> None:
        """Claim a row found by its natural key; one that was bound before keeps its origin."""
        origins = {binding.origin for binding in self._bound_before(kind.name, row_id)}
        own = self._is_own(row_id)
        bind: Origin = "owned" if own or "owned" in origins else "adopted"
        needless = kind.is_link and not origins  # the pair finds it again
        renamed = own or bool(origins)
        self._claim(resource, row_id, "natural key", None if needless else bind, renamed=renamed)

    def _bound_before(self, kind: str, row_id: str) -> list[Binding]:
        """Give what the bindings hold of a row: an address that has no block any more."""
        if self.by_row is None:
            self.by_row = {}
            for address, binding in self.bindings.items():
                self.by_row.setdefault((address.kind, binding.id), []).append(binding)
        return self.by_row.get((kind, row_id), [])

    def _is_known(self, kind: Kind, row_id: str) -> bool:
        return self._is_own(row_id) or bool(self._bound_before(kind.name, row_id))

    def _is_received(self, row_id: str) -> bool:
        return is_computed(row_id) and not self.owner.in_range(row_id)

    def _is_own(self, row_id: str) -> bool:
        return self.owner.owns(row_id)

    def _matches(self, kind: Kind, wanted: WantedKey) -> list[str]:
        """Give the rows with a key: those known to be ours first, then the same spelling."""
        same = self._index(kind).find(*wanted)
        if not same:
            return []
        same = [row_id for row_id in same if self._is_known(kind, row_id)] or same
        if len(same) < 2:
            return same
        rows, (number, parts, _) = self.live.of_kind(kind.name), wanted
        return [i for i in same if as_written(kind, rows[i], number, parts)] or same

    def _index(self, kind: Kind) -> Alike[str]:
        if kind.name not in self.indexes:
            claimed = {**self.claims.get(kind.name, {}), **self._of_others(kind.name)}
            self.indexes[kind.name] = index_of(kind, self.live.of_kind(kind.name), claimed)
        return self.indexes[kind.name]

    def _of_others(self, kind: str) -> dict[str, Address]:
        """Give the rows of resources that a limited run leaves out: they are not free."""
        others = [address for address in self.configuration.left_out if address.kind == kind]
        computed = {self.owner.id_of(address): address for address in others}
        bound = {self.bindings[a].id: a for a in others if a in self.bindings}
        return computed | bound

    # -- the rest -----------------------------------------------------------------------------

    def ids(self) -> dict[Address, str | None]:
        """Give every resource the id it has or will have."""
        found = self.found
        return {
            address: found[address].id if address in found else self._future_id(address)
            for address in self.configuration.resources
        }

    def _future_id(self, address: Address) -> str | None:
        kind = self.kinds[address.kind]
        if "create" in kind.verbs and not kind.server_chooses_id:
            return self._own_id(address)
        return None

    def orphans(self) -> tuple[tuple[Orphan, ...], list[Problem]]:
        """Find owned rows that nobody means; a limited run has none."""
        if self.configuration.limited is not None:
            return (), []
        resources = self.configuration.resources
        names = self._named_ids()
        unseen: list[Orphan] = []
        notes: list[Problem] = []
        released = known_as_released(self.owner)
        for address, binding in self.bindings.items():
            if address in resources or address in released:
                continue
            kind = self.kinds.get(address.kind)
            owned = kind is not None and binding.origin == "owned"
            if kind and owned and binding.id in self.live.of_kind(kind.name):
                names.setdefault(kind.name, {})[binding.id] = address
            elif kind and owned and not kind.can_list and "delete" in kind.verbs:
                received = self._is_received(binding.id)
                unseen.append(Orphan(kind.name, binding.id, address, received))
            elif not self._claimed(address.kind, binding.id):
                notes.append(unused_binding(address, binding, kind))
        orphans = [
            Orphan(kind, row_id, names.get(kind, {}).get(row_id), self._is_received(row_id))
            for kind, rows in self.live.rows.items()
            if kind not in self.live.odd
            for row_id in rows.keys() - self.claims.get(kind, {}).keys()
            if row_id not in self.owner.released
            and (self._is_own(row_id) or row_id in names.get(kind, {}))
        ]
        notes += tell_released(self.owner, self.bindings, self.live, self.kinds, self.claims)
        return tuple(sorted([*orphans, *unseen], key=lambda o: (o.kind, o.id))), notes

    def _named_ids(self) -> dict[str, dict[str, Address]]:
        """Give received and protected addresses by their ids, to know a row without its block."""
        ids: dict[str, dict[str, Address]] = {}
        for address in self.owner.transfers.received:
            ids.setdefault(address.kind, {})[self.owner.id_of(address)] = address
        for text in self.configuration.protect:
            kind, dot, key = text.partition(".")
            if dot:
                address = Address(kind, key)
                ids.setdefault(kind, {})[self.owner.id_of(address)] = address
        return ids

    def _claimed(self, kind: str, row_id: str) -> bool:
        return row_id in self.claims.get(kind, {})

    def check_odd_rows(self) -> None:
        """Refuse what may mean a row that is not as it should be; the other ones are named."""
        if not self.live.odd:
            return
        ids = self.ids()
        for address, resource in self.configuration.resources.items():
            if address not in self.found:
                known = (*self._bound_id(address), self._old_row(resource)[0])
                own = self._own_id(address)
                self.problems += meant_and_odd(resource, self.kinds, self.live, ids, (*known, own))
        for lookup, user in self.finder.users.items():
            self.problems += looked_up_and_odd(user, lookup, self.kinds, self.live)
        self.notes += left_alone(self.live.odd, self.kinds)

    def _bound_id(self, address: Address) -> tuple[str, ...]:
        return (self.bindings[address].id,) if address in self.bindings else ()

    def check_lookups(self, orphans: tuple[Orphan, ...]) -> None:
        """Refuse a lookup that finds a row which this very plan is about."""
        delete_candidates = {(orphan.kind, orphan.id) for orphan in orphans}
        for lookup, row_id in self.finder.lookups.items():
            owner = self.claims.get(lookup.kind, {}).get(row_id)
            if owner or (lookup.kind, row_id) in delete_candidates:
                self.problems.append(lookup_of_own(self.finder.users[lookup], lookup, owner))
