"""A kind, or one column of it, explained to people: what it is, what it takes, an example."""

import json
from collections.abc import Iterable, Iterator
from textwrap import fill, indent

import orjson

from ..catalogue.facts import ColumnFacts, ConsentFacts, KindFacts, OneColumn, RuleFacts
from ..catalogue.kind import UNCONFIRMED, Kind
from ..plan.consents import MEANINGS
from ..values.column import JSON
from .codes import WIDTH


def kinds_text(kinds: Iterable[Kind]) -> str:
    """List all kinds by area, each with what it is."""
    areas: dict[str, list[Kind]] = {}
    for kind in kinds:
        areas.setdefault(kind.area, []).append(kind)
    return "\n".join(_area(name, found) for name, found in areas.items())


def _area(name: str, kinds: list[Kind]) -> str:
    lines = (_fill(f"{kind.name}: {kind.description}", 2) for kind in kinds)
    return "\n".join([f"Kinds of the area {name}", *lines]) + "\n"


def kind_text(kind: KindFacts) -> str:
    """Write all about a kind."""
    written = [c for c in kind["columns"] if c["given_by"] == "yaml" and kind["in_yaml"]]
    others = [c for c in kind["columns"] if c not in written]
    parts = [*_head(kind), *_consents(kind, kind["consents"])]
    parts += _columns("Columns that you may give:", written)
    parts += _columns("Columns that others write:", others)
    parts += _rules(kind["rules"])
    return _joined([*parts, *_example(kind["example"])])


def create_text(kind: KindFacts) -> str:
    """Write what a create of a kind needs, takes and does."""
    given = [c for c in kind["columns"] if c["given_by"] == "yaml"]
    others = [c for c in kind["columns"] if c["given_by"] != "yaml"]
    needed = [column for column in given if column["needed_to_create"]]
    parts = [_title(kind, "to create"), _fill(_id(kind))]
    parts += _consents(kind, ["create"])
    parts += _columns("Needed:", needed) or ["Needed: nothing."]
    parts += _columns("Not needed:", [column for column in given if column not in needed])
    parts += _columns("Filled in:", others)
    parts += _rules(kind["rules"])
    return _joined([*parts, *_example(kind["example"])])


def column_text(one: OneColumn) -> str:
    """Write all about a column."""
    column = one["column"]
    title = f"{one['kind']}.{column['name']}"
    head = [f"{title}  ({column['type']})", *_about(column)]
    return _joined([*head, *_rules(one["rules"]), *_example(one["example"])])


def _head(kind: KindFacts) -> Iterator[str]:
    yield _title(kind, kind["area"])
    yield _fill(kind["description"])
    verbs = ", ".join(
        f"{verb} (unconfirmed)" if known in UNCONFIRMED else verb
        for verb, known in kind["verbs"].items()
    )
    lines = [f"The API can: {verbs}."]
    if not kind["in_yaml"]:
        lines.append("It cannot be in the YAML: its rows can only be read.")
        yield "\n".join(map(_fill, lines))
        return
    keys = "; else by ".join(" and ".join(key) for key in kind["known_by"])
    lines.append(f"A row that exists is known by {keys}." if keys else "Only ids know its rows.")
    if kind["link"]:
        lines.append("In the YAML it is a list, and the pair is the key.")
    if "create" in kind["verbs"]:
        lines.append(_id(kind))
    yield "\n".join(map(_fill, lines))


def _title(kind: KindFacts, aside: str) -> str:
    return f"{kind['kind']}  ({aside})"


def _id(kind: KindFacts) -> str:
    chooser = "chosen by the server" if kind["id"] == "server" else "computed by the tool"
    return f"The id of a new row is {chooser}."


def _consents(kind: KindFacts, verbs: Iterable[str]) -> list[str]:
    lines = [
        _fill(f"{verb}{_when(rule)}: {rule['name']}. {MEANINGS[rule['name']].capitalize()}.", 2)
        for verb, rules in kind["consents"].items()
        if verb in verbs
        for rule in rules
    ]
    return ["\n".join(["Consents:", *lines])] if lines else []


def _when(rule: ConsentFacts) -> str:
    columns = f" of {', '.join(rule['columns'])}" if rule["columns"] else ""
    values = " and ".join(f"{name} is {_json(value)}" for name, value in rule["unless"].items())
    return columns + (f", unless {values}" if values else "")


def _rules(rules: Iterable[RuleFacts]) -> list[str]:
    lines = [
        _fill(f"{rule['severity']}: {rule['says']}{_schema(rule)}", 2)
        for rule in sorted(rules, key=lambda rule: rule["severity"])
    ]
    return ["\n".join(["Rules:", *lines])] if lines else []


def _schema(rule: RuleFacts) -> str:
    return f": {json.dumps(rule['schema'], ensure_ascii=False)}" if rule["schema"] else "."


def _columns(title: str, columns: Iterable[ColumnFacts]) -> list[str]:
    found = ["\n".join(_column(column)) for column in columns]
    return ["\n".join([title, *found])] if found else []


def _column(column: ColumnFacts) -> Iterator[str]:
    code = f" ({column['code']})" if column["code"] else ""
    notes = ", ".join([column["type"] + code, *_notes(column)])
    yield _fill(f"{column['name']}: {notes}", 2)
    yield _fill(column["description"], 6)
    if column["choices"]:
        yield _fill(_said("One of", column["choices"]), 6)


def _about(column: ColumnFacts) -> Iterator[str]:
    yield _fill(column["description"])
    lines = [f"It takes {column['takes']}{', or null' if column['nullable'] else ''}."]
    if column["given_by"] != "yaml":
        lines = [f"It is written by the {column['given_by']}: YAML may not give it."]
    if column["choices"]:
        lines.append(_said("One of", column["choices"]))
    lines += [f"{note[:1].upper()}{note[1:]}." for note in _notes(column) if note != "or null"]
    yield "\n".join(map(_fill, lines))


def _notes(column: ColumnFacts) -> Iterator[str]:
    if column["nullable"]:
        yield "or null"
    if column["needed_to_create"]:
        yield "needed to create"
    if column["only_to_create"]:
        yield "only to create"
    if column["has_default"]:
        default = column["default"]
        yield "default from the server" if default is None else f"default {_json(default)}"
    if column["references"]:
        yield f"references {', '.join(column['references'])}"
    if column["given_by"] != "yaml":
        yield f"by the {column['given_by']}"
    if column["personal"]:
        yield "personal: kept out of plans and messages"
    if column["secret"]:
        yield "secret: write ${NAME}"
    if column["unconfirmed"]:
        yield "not in the API's documents of today"


def _said(before: str, values: Iterable[JSON]) -> str:
    return f"{before}: {', '.join(v if isinstance(v, str) else _json(v) for v in values)}."


def _json(value: JSON) -> str:
    return orjson.dumps(value).decode()


def _example(text: str) -> list[str]:
    return [f"Example:\n\n{indent(text.rstrip(), '    ')}"] if text else []


def _fill(text: str, margin: int = 0) -> str:
    first, more = " " * margin, " " * (margin if margin != 2 else 6)
    return fill(
        text, WIDTH, initial_indent=first, subsequent_indent=more,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def _joined(parts: Iterable[str]) -> str:
    return "\n\n".join(parts) + "\n"
