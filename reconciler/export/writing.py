"""Write YAML through libyaml's emitter: it knows what must be quoted, and streams.

What another reader of YAML would take for a number, a date or a boolean is quoted as well, though
our own reader goes by the column's type.
"""

import re
from collections.abc import Iterable, Iterator
from typing import TextIO

import yaml

from ..kind import JSON
from .values import Placeholder

_AMBIGUOUS = re.compile(
    r"(?:[-+.]?[\d.].*|\.(?:inf|nan)|~|null|true|false|yes|no|on|off|y|n|=|<<|)\Z", re.IGNORECASE
)
_PLAIN = (True, True)
_QUOTED = (False, True)
_SHORT = 76


def write_kind(stream: TextIO, kind: str, entries: Iterable[tuple[str, dict[str, JSON]]]) -> int:
    """Write one kind as a mapping of keys to columns; answers how many entries there were."""
    return _write(stream, kind, entries, link=False)


def write_links(stream: TextIO, kind: str, entries: Iterable[tuple[str, dict[str, JSON]]]) -> int:
    """Write one link kind as a list."""
    return _write(stream, kind, entries, link=True)


def _write(
    stream: TextIO, kind: str, entries: Iterable[tuple[str, dict[str, JSON]]], *, link: bool
) -> int:
    dumper = yaml.CSafeDumper(stream, allow_unicode=True, width=100)
    count = 0
    for event in _begin(kind, link=link):
        dumper.emit(event)
    for key, columns in entries:
        count += 1
        if not link:
            dumper.emit(_scalar(key))
        for event in _value(columns, flow=link and _is_short(columns)):
            dumper.emit(event)
    for event in _end(link=link):
        dumper.emit(event)
    return count


def _begin(kind: str, *, link: bool) -> Iterator[yaml.Event]:
    yield yaml.StreamStartEvent()
    yield yaml.DocumentStartEvent(explicit=False)
    yield yaml.MappingStartEvent(None, None, implicit=True, flow_style=False)
    yield _scalar(kind)
    if link:
        yield yaml.SequenceStartEvent(None, None, implicit=True, flow_style=False)
    else:
        yield yaml.MappingStartEvent(None, None, implicit=True, flow_style=False)


def _end(*, link: bool) -> Iterator[yaml.Event]:
    yield yaml.SequenceEndEvent() if link else yaml.MappingEndEvent()
    yield yaml.MappingEndEvent()
    yield yaml.DocumentEndEvent(explicit=False)
    yield yaml.StreamEndEvent()


def _value(value: JSON, *, flow: bool) -> Iterator[yaml.Event]:
    if isinstance(value, dict):
        yield yaml.MappingStartEvent(None, None, implicit=True, flow_style=flow or not value)
        for name, item in value.items():
            yield _scalar(name)
            yield from _value(item, flow=flow)
        yield yaml.MappingEndEvent()
    elif isinstance(value, list):
        flow = flow or not any(isinstance(item, list | dict) for item in value)
        yield yaml.SequenceStartEvent(None, None, implicit=True, flow_style=flow)
        for item in value:
            yield from _value(item, flow=flow)
        yield yaml.SequenceEndEvent()
    else:
        yield _leaf(value, flow=flow)


def _leaf(value: JSON, *, flow: bool) -> yaml.ScalarEvent:
    if value is None:
        return yaml.ScalarEvent(None, None, _PLAIN, "null")
    if isinstance(value, bool):
        return yaml.ScalarEvent(None, None, _PLAIN, "true" if value else "false")
    if isinstance(value, int | float):
        return yaml.ScalarEvent(None, None, _PLAIN, repr(value))
    return _scalar(str(value), flow=flow, literal=isinstance(value, Placeholder))


def _scalar(text: str, *, flow: bool = False, literal: bool = False) -> yaml.ScalarEvent:
    if "\n" in text and not flow and "\r" not in text:
        return yaml.ScalarEvent(None, None, _QUOTED, text, style="|")
    if not literal and _AMBIGUOUS.match(text):
        return yaml.ScalarEvent(None, None, _QUOTED, text, style="'" if text.isprintable() else '"')
    return yaml.ScalarEvent(None, None, _PLAIN, text)


def _is_short(columns: dict[str, JSON]) -> bool:
    simple = not any(isinstance(value, list | dict) for value in columns.values())
    return simple and sum(len(n) + len(str(v)) + 4 for n, v in columns.items()) <= _SHORT
