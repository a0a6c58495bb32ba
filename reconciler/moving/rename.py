"""Give resources other keys, wherever they are named; the rows keep their ids.

edit every mention → read the files again → they must say the same but for the addresses

What is a mention is found by the schemas. That nothing else was changed, and nothing forgotten,
is proved by reading again.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from typing import cast

from ..catalogue import Kind
from ..configuration.expand.marks import put_in
from ..configuration.resource import (
    Configuration,
    KeyReference,
    Lookup,
    Reference,
    Resource,
    Value,
    are_plain,
    map_references,
)
from ..configuration.validate.suggest import Suggester
from ..diagnostics import Problem, UsageError
from ..values.address import KEY_PATTERN, LINK_SEPARATOR, UUID_PATTERN, Address
from ..yamltext.tree import entries, name_of
from .mentions import Mention, Mentions
from .problem import cannot_move, refused
from .workspace import Workspace

Renames = Mapping[Address, Address]


def parse_pairs(pairs: Sequence[tuple[str, str]]) -> dict[Address, Address]:
    """Read ``kind.key`` twice for each; raises UsageError where one is none, or comes twice."""
    renames: dict[Address, Address] = {}
    for old, new in pairs:
        before, after = _address(old), _address(new)
        if before.kind != after.kind:
            message = f"{old} cannot become {new}: a resource keeps its kind"
            raise UsageError(message, hint=f"write {before.kind}.NEW")
        if before in renames or after in renames.values():
            twice = old if before in renames else new
            raise UsageError(f"{twice} is named twice", hint="each old and new name once")
        renames[before] = after
    return renames


def rename(space: Workspace, renames: Renames) -> Renames:
    """Edit the files in memory; answers every address that changes, those that follow included.

    Raises ConfigurationError with every problem; then nothing of it may be written.
    """
    mentions = Mentions.of(space.kinds, [text.tree for _, text in space.texts()])
    problems = list(_wrong(space, mentions, renames))
    if problems:
        raise refused(problems)
    everywhere = with_made(mentions, renames)
    for path, text in space.texts():
        for mention in mentions.find(text.tree):
            new = new_text(mention, everywhere, space.kinds)
            if new is not None:
                space.put(path, mention.node, new)
    _, after = space.again()
    changed = compared(space.configuration, after)
    space.rename_bound(changed)
    space.transfers.rename(changed)
    return changed


def _address(text: str) -> Address:
    kind, dot, key = text.partition(".")
    if not dot or not KEY_PATTERN.match(key) or UUID_PATTERN.match(key):
        if LINK_SEPARATOR in key:
            hint = "the key of a link is its pair: rename what it links"
            raise UsageError(f"{text} cannot be renamed", hint=hint)
        raise UsageError(f"{text} is not KIND.KEY", hint="such as contacts.jane-doe")
    return Address(kind, key)


def _wrong(space: Workspace, mentions: Mentions, renames: Renames) -> Iterator[Problem]:
    suggest = Suggester()
    own = {
        Address(mention.name, mention.node.text)
        for _, text in space.texts()
        for mention in mentions.find(text.tree)
        if mention.own
    }
    known = own | space.configuration.resources.keys()
    for old, new in renames.items():
        if old not in own:
            yield not_written(space.configuration, old, own, suggest)
        if new in known and new not in renames:
            hint = "take another name, or rename that one, too"
            yield cannot_move(f"{old} cannot become {new}, which is there already", hint, old)


def not_written(
    configuration: Configuration, old: Address, own: Set[Address], suggest: Suggester
) -> Problem:
    """Say why an address cannot be renamed that has no block of its own."""
    resource = configuration.resources.get(old)
    made = resource.position.made_by if resource else None
    if resource and made:
        hint = f"rename the instance of {made.template}, or write it out with `reconciler expand`"
        return cannot_move(f"{old} is made by a template", hint, old, resource.position)
    if resource:
        hint = "write it as a block of its own, or rename it by hand"
        return cannot_move(f"{old} has its block from an anchor", hint, old, resource.position)
    names = [str(address) for address in own if address.kind == old.kind]
    otherwise = suggest.slip_hint(str(old), names, f"the paths given hold no such {old.kind}")
    return cannot_move(f"{old} is not in the configuration", otherwise, old)


def with_made(mentions: Mentions, renames: Renames) -> Renames:
    """Add what the instances of templates make: their keys hold the key of the instance."""
    everywhere: dict[Address, Address] = {}
    waiting = list(renames.items())
    while waiting:
        old, new = waiting.pop()
        everywhere[old] = new
        if old.kind in mentions.templates:
            file, template = mentions.templates[old.kind]
            for name, section in file.entries(template):
                for key, _ in entries(section):
                    made = [_filled(name_of(key), one.key) for one in (old, new)]
                    if made[0] != made[1]:
                        before, after = (Address(name_of(name), text) for text in made)
                        waiting.append((before, after))
    return everywhere


def _filled(text: str, key: str) -> str:
    return put_in(text, lambda _: key)


def new_text(mention: Mention, renames: Renames, kinds: Mapping[str, Kind]) -> str | None:
    """Give what a mention shall say; None where it stays as it is."""
    text = mention.node.text
    if mention.whole:
        kind, _, key = text.partition(".")
        if kind in kinds and kinds[kind].is_link:
            return _whole(kind, _pair(key, kinds[kind], renames))
        new = renames.get(Address(kind, key))
        return str(new) if new else None
    if mention.pair:
        return _pair(text, kinds[mention.name], renames)
    new = renames.get(Address(mention.name, text))
    return new.key if new else None


def _whole(kind: str, key: str | None) -> str | None:
    return key and f"{kind}.{key}"


def _pair(key: str, kind: Kind, renames: Renames) -> str | None:
    """Give the key of a link whose parts are renamed; None where none is."""
    parts = key.split(LINK_SEPARATOR)
    targets = [kind.columns[part.column].reference for part in kind.natural_key]
    if len(parts) != len(targets):
        return None
    new = [
        renames.get(Address(target.kind, part), Address("", part)).key if target else part
        for part, target in zip(parts, targets, strict=True)
    ]
    return LINK_SEPARATOR.join(new) if new != parts else None


def compared(before: Configuration, after: Configuration) -> Renames:
    """Find what every address became; raises ConfigurationError where anything else changed.

    Edits change no order, so the n-th resource is the n-th resource.
    """
    old, new = list(before.resources.values()), list(after.resources.values())
    changed = {
        one.address: other.address
        for one, other in zip(old, new, strict=False)
        if one.address != other.address
    }
    problems = [
        cannot_move(
            f"{other.address} would not say the same as {one.address} did before",
            "give it what it has from elsewhere in its own block, then run it again",
            one.address,
            one.position,
        )
        for one, other in zip(old, new, strict=False)
        if renamed(one, changed) != other
    ]
    if len(old) != len(new) or problems:
        raise refused(
            problems or [cannot_move("the files would say more or less than before", None)]
        )
    return changed


def renamed(resource: Resource, changed: Renames) -> Resource:
    """Give a resource as it is when addresses are others."""
    names_none = are_plain(resource.values) and are_plain(resource.inputs)
    if names_none and resource.address not in changed:
        return resource

    def rename_in(values: Mapping[str, Value]) -> dict[str, Value]:
        return {name: cast("Value", map_references(v, called)) for name, v in values.items()}

    def called(reference: Reference) -> Reference:
        match reference:
            case KeyReference(address):
                return KeyReference(changed.get(address, address))
            case Lookup(kind, criteria):
                return Lookup(kind, tuple(rename_in(dict(criteria)).items()))
            case _:
                return reference

    return replace(
        resource,
        address=changed.get(resource.address, resource.address),
        values=rename_in(resource.values),
        inputs=rename_in(resource.inputs),
    )
