"""What is known of a kind, a column or a resource, in Markdown, for a person who points at it."""

from collections.abc import Iterable, Iterator
from typing import Literal, cast

from ..catalogue import Kind
from ..catalogue.facts import ColumnFacts, column_facts
from ..catalogue.kind import UNCONFIRMED
from ..configuration.expand.parameters import PARAMETER_TYPES
from ..configuration.expand.template import Template
from ..configuration.resource import IdMap, IdReference, KeyReference, Lookup, Unknown, Value
from ..plan.consents import MEANINGS
from ..plan.shape import ColumnDocument
from ..values.address import Address
from ..values.column import JSON
from .analysis import Analysis
from .diagnostics import differing_words
from .ids import id_here
from .keys import label
from .live import Seen
from .snippets import written

LONGEST = 120
MOST_COLUMNS = 8
_HIDDEN = "(a secret)"
_GIVERS = {"tool": "Filled in by reconciler.", "server": "Written by the server only."}


def of_kind(kind: Kind) -> str:
    """Tell what a kind is, what its rows are known by, and which consents it needs."""
    keys = "; or by ".join(" and ".join(map(str, key)) for key in kind.natural_keys)
    verbs = ", ".join(
        f"{verb} (unconfirmed)" if known in UNCONFIRMED else verb
        for verb, known in kind.verbs.items()
    )
    consents = {rule.name for rules in kind.consents.values() for rule in rules}
    lines = [
        f"**{kind.name}** · {kind.area}",
        kind.description,
        f"A row is known by {keys}." if keys else "Only ids know its rows.",
        f"The API can: {verbs}.",
        *(f"Needs `{name}`: {MEANINGS[name]}." for name in sorted(consents)),
    ]
    return "\n\n".join(lines)


def of_column(kind: Kind, name: str) -> str | None:
    """Tell what a column holds and takes, its default, and who writes it."""
    column = kind.all_columns.get(name)
    if column is None:
        return None
    facts = column_facts(kind, column)
    rules = [f"{rule['severity']}: {rule['says']}." for rule in facts["rules"]]
    head = f"**{kind.name}.{name}** · {facts['column']['type']}"
    return "\n\n".join([head, *_about(facts["column"]), *rules])


def _about(column: ColumnFacts) -> Iterator[str]:
    yield column["description"]
    if column["given_by"] != "yaml":
        yield _GIVERS[column["given_by"]]
    else:
        yield f"Takes {column['takes']}{', or null' if column['nullable'] else ''}."
    if column["choices"]:
        yield "One of " + ", ".join(f"`{written(one)}`" for one in column["choices"]) + "."
    if column["has_default"]:
        default = column["default"]
        by = "chosen by the server" if default is None else f"`{_short(default)}`"
        yield f"Default: {by}."
    notes = {
        "Needed to create the row.": column["needed_to_create"],
        "Only for the create; never compared afterwards.": column["only_to_create"],
        "Personal: kept out of plans and messages.": column["personal"],
        "A secret: write `${NAME}`.": column["secret"],
        "Not in the API's documents of today.": column["unconfirmed"],
    }
    yield from (text for text, said in notes.items() if said)


def of_resource(analysis: Analysis, address: Address) -> str | None:
    """Tell what a resource is called, what is given of it and by whom, and its id here."""
    kind = (analysis.kinds or {}).get(address.kind)
    declared = analysis.declared.get(address)
    if kind is None or declared is None:
        return None
    called = label(analysis, address)
    lines = [f"**{address}**" + (f" · {_escaped(called)}" if called else "")]
    if declared.absent:
        lines.append("It shall not exist.")
    lines.append(f"At {declared.position}")
    lines.extend(id_here(analysis, address))
    return "\n\n".join([*lines, *_columns(analysis, address)])


def of_live(seen: Seen, address: Address) -> str:
    """Tell how a resource is live: as it is here, or what differs; private values are masked."""
    differing = seen.differing.get(str(address))
    if differing is None:
        return f"Live ({seen.at}): as it is here."
    head = f"Live ({seen.at}): {differing_words(differing)}."
    rows = [
        f"| {name} | {_shown(column, 'before')} | {_shown(column, 'after')} |"
        for name, column in [*differing.columns.items()][:MOST_COLUMNS]
    ]
    more = len(differing.columns) - len(rows)
    rest = f"… and {more} more." if more else "All else that is given here is live as it stands."
    table = ["", "| column | live | here |", "|---|---|---|", *rows] if rows else []
    return "\n".join([head, *table, *(["", rest] if differing.action == "update" else [])])


def _shown(column: ColumnDocument, side: Literal["before", "after"]) -> str:
    if "hidden" in column:
        return f"({column['hidden']})"
    return _escaped(_short(column[side])) if side in column else ""


def from_overlay(analysis: Analysis, address: Address, column: str, file: str) -> str | None:
    """Tell which overlay gives a column, where another file than this one does."""
    declared = analysis.declared.get(address)
    entry = declared.columns.entries.get(column) if declared else None
    if entry is None or entry.origin.name == file:
        return None
    return f"What counts is given at {entry.position}: `{_value(analysis, address, column)}`"


def _columns(analysis: Analysis, address: Address) -> Iterator[str]:
    resource = analysis.resources.get(address)
    kind = (analysis.kinds or {})[address.kind]
    given = [n for n in kind.in_order if resource is not None and n in resource.values]
    rows = [f"| {n} | {_escaped(_value(analysis, address, n))} |" for n in given[:MOST_COLUMNS]]
    if rows:
        more = f"\n\n… and {len(given) - len(rows)} more" if len(given) > len(rows) else ""
        yield "\n".join(["| column | value |", "|---|---|", *rows]) + more


def _value(analysis: Analysis, address: Address, column: str) -> str:
    """Write the value that counts, as YAML; a secret is not shown."""
    kind = (analysis.kinds or {})[address.kind]
    resource, configuration = analysis.resources.get(address), analysis.configuration
    if resource is None or column not in resource.values:
        return ""
    if column in kind.columns and kind.columns[column].sensitive:
        return _HIDDEN
    text = written(_plain(resource.values[column]))
    secrets = configuration.secrets if configuration else ()
    return _HIDDEN if any(secret in text for secret in secrets) else _cut(text)


def _plain(value: Value) -> JSON:
    """Write references as people do."""
    if isinstance(value, KeyReference):
        return value.address.key
    if isinstance(value, IdReference):
        return value.id
    if isinstance(value, Lookup):
        return {"lookup": {name: _plain(inner) for name, inner in value.criteria}}
    if isinstance(value, Unknown):
        return f"${{{value.variable}}}"
    if isinstance(value, IdMap):
        return {str(_plain(name)): _plain(inner) for name, inner in value.items}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    return cast("JSON", value)


def of_parameter(template: Template, name: str) -> str | None:
    """Tell what a parameter of a template takes."""
    parameter = template.parameters.get(name)
    if parameter is None:
        return None
    takes = [f"Takes {PARAMETER_TYPES[parameter.type].expects}."]
    if parameter.choices:
        takes.append(f"One of {', '.join(f'`{one}`' for one in parameter.choices)}.")
    if parameter.default is None:
        takes.append("Needed.")
    return "\n\n".join([f"**{template.name}.{name}** · parameter", *takes])


def _short(value: JSON) -> str:
    return _cut(written(value))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _escaped(text: str) -> str:
    for sign in "\\`*_[]<>|#":
        text = text.replace(sign, f"\\{sign}")
    return text


def joined(parts: Iterable[str | None]) -> str:
    """Put parts one below the other, with a line between them."""
    return "\n\n---\n\n".join(part for part in parts if part)
