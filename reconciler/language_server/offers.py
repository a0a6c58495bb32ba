"""What completion offers at a place of a text."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, product
from typing import NamedTuple

from lsprotocol.types import CompletionItemKind as Icon

from ..catalogue import Kind
from ..configuration.load import SETTINGS
from ..values.address import LINK_SEPARATOR, Address
from . import snippets
from .analysis import Analysis
from .context import Context
from .flow import ITEM
from .keys import known_keys, variables
from .schema import Place, Schema

MOST_KEYS = 200
"""How many keys of a kind are offered at once; editors ask again when more is typed."""
MOST_PAIRS = 2_000
"""How many pairs are looked at for a new link."""
_VARIABLE = re.compile(r"\$\{([A-Za-z0-9_]*)\Z")


class Offer(NamedTuple):
    """Something to write: ``shown`` in the list, ``written`` where it is not the same.

    ``before`` are the characters before the cursor that it takes the place of, and ``after``
    those behind; None: the word as it stands. ``sort`` puts what is likely first.
    """

    shown: str
    icon: Icon
    sort: int = 5
    written: str | None = None
    detail: str = ""
    about: str = ""
    snippet: bool = False
    before: int | None = None
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Offering:
    """Finds what may stand at a place."""

    analysis: Analysis
    context: Context

    @property
    def typed(self) -> str:
        """What is typed of the word, without a quote."""
        return self.context.word.strip("\"'").rpartition("${")[2].lower()

    def all(self) -> Iterator[Offer]:
        """Iterate over all offers, in no order."""
        open_variable = _VARIABLE.search(self.context.word)
        if open_variable:
            yield from self._variables(len(open_variable[1]))
            return
        place = self.analysis.walker.at(self.context.path)
        if not self.context.value:
            yield from self._names(place)
        if self.context.value or self.context.path[-1:] == (ITEM,) or self._is_below_a_column:
            yield from self._values(place)

    @property
    def _is_below_a_column(self) -> bool:
        return len(self.context.path) > 2

    def _variables(self, typed: int) -> Iterator[Offer]:
        for name in variables(self.analysis, self.context.path):
            after = self.context.stop - self.context.start - len(self.context.word)
            yield Offer(name, Icon.Variable, 1, f"{name}}}", before=typed, after=after + 1)

    def _names(self, place: Place) -> Iterator[Offer]:
        path, given = self.context.path, self.context.given
        for name, schema in place.properties.items():
            if name not in given:
                yield self._name(name, schema, place)
        for kind in place.names:
            yield from self._keys(kind, tail=": ")
        if path and place.takes_own_names:
            yield from self._new(path[-1])
        if path[-1:] == (ITEM,) and not given:
            yield from self._links(path[-2])

    def _name(self, name: str, schema: Schema, place: Place) -> Offer:
        walker, path = self.analysis.walker, (*self.context.path, name)
        needed = any(name in _list(one.get("required")) for one in place.schemas)
        kind = walker.kinds.get(path[-3]) if len(path) > 2 else None
        needed = needed or bool(kind and name in kind.required)
        top = len(path) == 1
        icon = Icon.Class if top else Icon.Keyword if name.startswith("$") else Icon.Property
        return Offer(
            name,
            icon,
            2 if needed else 6 if name.startswith("$") else 4,
            f"{name}:\n  " if top and name != SETTINGS else f"{name}: ",
            "needed" if needed else "",
            str(schema.get("description", "")) or walker.at(path).description,
        )

    def _new(self, name: str) -> Iterator[Offer]:
        """Offer a whole resource, or an instance of a template."""
        walker, flow = self.analysis.walker, self.context.flow
        kind, template = walker.kinds.get(name), walker.templates.get(name)
        if kind:
            text = snippets.resource(kind, self._known, flow=flow)
            yield Offer(f"new {name}", Icon.Snippet, 1, text, about=kind.description, snippet=True)
        elif template:
            needed = [p.name for p in template.parameters.values() if p.default is None]
            cells = ", ".join(f"{one}: ${number}" for number, one in enumerate(needed, 2))
            text = f"${{1:key}}: {{{cells or '$0'}}}"
            yield Offer(f"new {name}", Icon.Snippet, 1, text, snippet=True)

    def _links(self, name: str) -> Iterator[Offer]:
        """Offer a new link, and pairs of keys that are there and not linked yet."""
        kind = self.analysis.walker.kinds.get(name)
        if kind is None or not kind.is_link:
            return
        text = snippets.link(kind, self._known)
        yield Offer(f"new {name}", Icon.Snippet, 1, text, about=kind.description, snippet=True)
        for pair in self._pairs(kind):
            cells = zip((part.column for part in kind.natural_key), pair, strict=True)
            written = ", ".join(f"{column}: {key}" for column, key in cells)
            yield Offer(LINK_SEPARATOR.join(pair), Icon.Reference, 3, f"{{{written}}}")

    def _pairs(self, kind: Kind) -> Iterator[tuple[str, ...]]:
        targets = [kind.columns[part.column].reference for part in kind.natural_key]
        keys = [[k.key for k in known_keys(self.analysis, t.kind)] for t in targets if t]
        if len(keys) != len(targets):
            return
        for number, pair in enumerate(product(*keys)):
            if number >= MOST_PAIRS:
                return
            if Address(kind.name, LINK_SEPARATOR.join(pair)) not in self.analysis.declared:
                yield pair

    def _values(self, place: Place) -> Iterator[Offer]:
        for kind in place.references:
            yield from self._keys(kind)
            yield from self._lookup(kind)
        for choice in place.choices:
            written = snippets.written(choice)
            shown = choice if isinstance(choice, str) else written
            yield Offer(shown, Icon.EnumMember, 7 if choice is None else 3, written)
        if self.context.path[:2] == (SETTINGS, "protect"):
            kind, dot, _ = self.context.word.partition(".")
            yield from self._keys(kind, head=f"{kind}.") if dot else ()

    def _keys(self, kind: str, head: str = "", tail: str = "") -> Iterator[Offer]:
        typed = self.typed.removeprefix(head)
        for known in islice(known_keys(self.analysis, kind, typed), MOST_KEYS):
            yield Offer(
                head + known.key, Icon.Reference, 2, head + known.key + tail, known.label or kind
            )

    def _lookup(self, name: str) -> Iterator[Offer]:
        kind = self.analysis.walker.kinds.get(name)
        if kind and kind.natural_key and not self.context.flow:
            parts = [part for part in kind.natural_key if not part.through]
            cells = ", ".join(f"{part}: ${number}" for number, part in enumerate(parts, 1))
            if cells:
                text = f"{{lookup: {{{cells}}}}}"
                about = f"The one row of {name} that has these values."
                yield Offer("lookup", Icon.Snippet, 8, text, about=about, snippet=True)

    def _known(self, kind: str) -> Iterable[str]:
        return (known.key for known in known_keys(self.analysis, kind))


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
