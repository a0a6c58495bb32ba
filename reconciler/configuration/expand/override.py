"""``$with``: what one instance says otherwise than its template; whole columns replace."""

from collections.abc import Iterator, Mapping

from ...catalogue import Kind
from ..load.nodes import Entry, MappingNode, Scalar, is_null
from .names import OMIT, WITH
from .part import Part
from .tell import Tell


def laid_over(parts: list[Part], entry: Entry, kinds: Mapping[str, Kind], tell: Tell) -> list[Part]:
    """Lay what ``$with`` says over what was made; what names nothing that was made is reported."""
    by_name: dict[tuple[str, str], list[int]] = {}
    for number, part in enumerate(parts):
        by_name.setdefault((part.kind, part.key), []).append(number)
    made: list[Part | None] = list(parts)
    for kind, item in _said(entry, kinds, tell):
        numbers = by_name.get((kind, item.key.text))
        if numbers is None:
            keys = [key for name, key in by_name if name == kind]
            hint = tell.hint(item.key.text, keys, "write what no template makes outside of $with")
            place = item.origin.position(item.key)
            message = f"$with: no {kind}.{item.key.text} is made here"
            tell.error("bad-override", message, place, hint)
            continue
        for number in numbers:
            made[number] = _changed(parts[number], item, tell)
    return [part for part in made if part is not None]


def _said(entry: Entry, kinds: Mapping[str, Kind], tell: Tell) -> Iterator[tuple[str, Entry]]:
    example = "write $with: {products: {villa-zuid: {timezone: Europe/Paris}}}"
    if is_null(entry.value):
        return
    if not isinstance(entry.value, MappingNode):
        tell.error("bad-override", f"{WITH} takes a mapping of kinds", entry.position, example)
        return
    for kind, section in entry.value.entries.items():
        place = section.origin.position(section.key)
        if kind not in kinds:
            hint = tell.hint(kind, kinds, example)
            tell.error("bad-override", f"{WITH}: there is no kind {kind!r}", place, hint)
        elif not isinstance(section.value, MappingNode):
            pair = " A link's key is its pair: a--b." if kinds[kind].is_link else ""
            message = f"{WITH}: {kind} takes a mapping of keys.{pair}"
            tell.error("bad-override", message, place, example)
        else:
            for item in section.value.entries.values():
                yield kind, item


def _changed(part: Part, item: Entry, tell: Tell) -> Part | None:
    said = dict(item.value.entries) if isinstance(item.value, MappingNode) else {}
    if not isinstance(item.value, MappingNode) and not is_null(item.value):
        message = f"{WITH}: {part.kind}.{part.key} takes a mapping of columns"
        tell.error("bad-override", message, item.position)
    omit = said.pop(OMIT, None)
    if omit is not None:
        word = omit.value.text if isinstance(omit.value, Scalar) else ""
        if word not in ("true", "false"):
            tell.error("bad-override", f"{OMIT} takes true or false", omit.position)
        elif word == "true":
            return None
    node = part.item.value
    if not said or not (isinstance(node, MappingNode) or is_null(node)):
        return part
    columns = dict(node.entries) if isinstance(node, MappingNode) else {}
    return part.with_node(MappingNode({**columns, **said}, node.place))
