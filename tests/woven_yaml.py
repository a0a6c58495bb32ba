"""Configurations in which values come from everywhere: overlays, variables, templates, anchors."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from reconciler.values.column import JSON

WORDS = ["Oslo", "Rome", "a b", "yes", "12", "it's", "x: y", "# no", "Zoë"]
PLAIN = ["Oslo", "Rome", "a b", "Zoë"]
NUMBERS = [1, 2, 3, 40]

FIXED: dict[str, dict[str, str]] = {
    "contacts": {"email": "{key}@example.com"},
    "services": {"type": "checkbox"},
    "taxes": {},
    "coupons": {"code": "{key}"},
    "attributes": {"type": "single-select"},
    "capacity_groups": {},
    "review_widgets": {"title": "{key}"},
    "seasons": {},
}
"""The kinds, and the columns that stay as they are: they tell one row from another."""
TEXTS = {
    "contacts": ["first_name", "city", "notes"],
    "coupons": ["description"],
}
JSONS = {
    "services": ["label"],
    "taxes": ["label"],
    "attributes": ["name"],
    "capacity_groups": ["name", "description"],
    "seasons": ["name"],
}
INTEGERS = {
    "services": ["order"],
    "taxes": ["percentage"],
    "coupons": ["quota"],
    "attributes": ["order"],
    "capacity_groups": ["order"],
    "review_widgets": ["number_of_items"],
}


@dataclass(slots=True)
class Woven:
    """A configuration: the text of the folder's file, of its overlay, and of its variables.

    ``lines`` are those of each resource by its kind and key, as they are in the folder.
    """

    base: str
    overlay: str
    variables: str
    lines: dict[tuple[str, str], list[str]]


@dataclass(slots=True)
class Weaver:
    """Writes one; ``dice`` decide what stands where."""

    dice: Random
    count: int = 0
    values: dict[str, str] = field(default_factory=dict)
    anchors: dict[str, list[str]] = field(default_factory=dict)
    lines: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def weave(self) -> Woven:
        """Write a configuration."""
        base = [
            "reconciler: {stack: woven-7f3a} # one",
            *self._template(),
            "x-guest: &guest # shared",
            "  notes: Both # of all",
            "  city: Oslo # of all",
        ]
        for kind in FIXED:
            base += [f"{kind}: # {self._next()}", *self._kind(kind)]
        base += self._instances()
        overlay = list(self._overlay())
        variables = [f"{name}={value} # {self._next()}" for name, value in self.values.items()]
        return Woven(_text(base), _text(overlay), _text(variables), self.lines)

    def _template(self) -> Iterator[str]:
        yield "templates: # made"
        yield "  pair:"
        yield "    parameters: {word: {type: string}, number: {type: integer, default: 3}}"
        yield "    contacts:"
        yield "      ${key}: # made"
        yield '        {email: "${key}@example.com", first_name: "${word}", city: Oslo}'
        yield "    coupons:"
        yield "      ${key}:"
        yield '        code: "${key}" # made'
        yield '        description: "about ${word}" # made'
        yield '        quota: "${number}" # made'
        yield "defaults: {contacts: {province: Here}}"

    def _kind(self, kind: str) -> Iterator[str]:
        for number in range(self.dice.randint(1, 2)):
            key = f"k{number}"
            merges = kind == "contacts" and self.dice.random() < 0.5
            lines = list(self._resource(kind, key, merges=merges))
            self.lines[kind, key] = lines
            yield from lines

    def _resource(self, kind: str, key: str, *, merges: bool) -> Iterator[str]:
        yield f"  {key}: # {self._next()}"
        if merges:
            yield "    <<: *guest"
        for name, text in FIXED[kind].items():
            yield f"    {name}: {text.format(key=key)} # {self._next()}"
        for name in TEXTS.get(kind, []):
            if not (merges and name in ("notes", "city")):
                yield f"    {name}: {self._text_value()} # {self._next()}"
        for name in JSONS.get(kind, []):
            yield f"    {name}: # {self._next()}"
            yield f"      default: {key} # {self._next()}"
            yield f"      nl-NL: {self._text_value()} # {self._next()}"
        for name in INTEGERS.get(kind, []):
            yield f"    {name}: {self._number()} # {self._next()}"

    def _text_value(self) -> str:
        pick = self.dice.choice
        form = pick(["plain", "quoted", "double", "variable", "around", "alias", "anchor"])
        known = self.anchors.setdefault("text", [])
        if form == "alias" and known:
            return f"*{pick(known)}"
        if form == "variable":
            return f'"${{{self._variable("T", pick(PLAIN))}}}"'
        if form == "around":
            return f"'<${{{self._variable('T', pick(PLAIN))}}}> '"
        if form == "anchor":
            known.append(f"t{self._next()}")
            return f"&{known[-1]} {pick(PLAIN)}"
        return {"quoted": f"'{pick(PLAIN)}'", "double": f'"{pick(PLAIN)}"'}.get(form, pick(PLAIN))

    def _number(self) -> str:
        form = self.dice.choice(["plain", "variable", "alias", "anchor"])
        known = self.anchors.setdefault("number", [])
        value = str(self.dice.choice(NUMBERS))
        if form == "alias" and known:
            return f"*{self.dice.choice(known)}"
        if form == "variable":
            return f'"${{{self._variable("N", value)}}}"'
        if form == "anchor":
            known.append(f"n{self._next()}")
            return f"&{known[-1]} {value}"
        return value

    def _variable(self, sort: str, value: str) -> str:
        """Name a new variable, or one that is used already."""
        known = [name for name in self.values if name.startswith(sort)]
        if known and self.dice.random() < 0.2:
            return self.dice.choice(known)
        name = f"{sort}{self._next()}"
        self.values[name] = value if value.isalnum() and self.dice.random() < 0.5 else f'"{value}"'
        return name

    def _instances(self) -> Iterator[str]:
        yield f"pair: # {self._next()}"
        for number in range(2):
            key = f"p{number}"
            word = f'"${{{self._variable("T", "Rome")}}}"' if self.dice.random() < 0.5 else "Rome"
            more = self.dice.choice(
                ["", ", number: 7", f", $with: {{coupons: {{{key}: {{quota: 5}}}}}}"]
            )
            line = f"  {key}: {{word: {word}{more}}} # {self._next()}"
            for kind in ("contacts", "coupons"):
                self.lines[kind, key] = [line]
            yield line

    def _overlay(self) -> Iterator[str]:
        yield "# the overlay"
        for kind in FIXED:
            keys = [key for name, key in self.lines if name == kind and self.dice.random() < 0.4]
            if keys:
                yield f"{kind}: # {self._next()}"
            for key in keys:
                yield f"  {key}: # {self._next()}"
                for name in TEXTS.get(kind, [])[:1]:
                    self.anchors.clear()
                    yield f"    {name}: {self._text_value()} # {self._next()}"
                for name in INTEGERS.get(kind, []):
                    self.anchors.clear()
                    yield f"    {name}: {self._number()} # {self._next()}"
                yield "    $ignore: []"

    def _next(self) -> int:
        self.count += 1
        return self.count


def changes(kind: str, row: dict[str, JSON], dice: Random) -> dict[str, JSON]:
    """Choose other values for some columns of a row."""
    changed: dict[str, JSON] = {}
    for name in TEXTS.get(kind, []):
        if dice.random() < 0.25:
            changed[name] = dice.choice(WORDS)
    for name in JSONS.get(kind, []):
        label = row[name]
        if isinstance(label, dict) and dice.random() < 0.25:
            changed[name] = {**label, "nl-NL": dice.choice(WORDS)}
            if dice.random() < 0.2:
                changed[name] = {**label, "de-DE": "Neu"}
    for name in INTEGERS.get(kind, []):
        if dice.random() < 0.25:
            changed[name] = dice.choice(NUMBERS)
    return changed


def _text(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"
