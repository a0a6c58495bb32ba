"""The state of an organization in a form that two runs can be compared by.

Without the columns that the server writes, and with names where it chose the ids.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import cast

import orjson

from reconciler.catalogue import load_kinds, schema_folder
from reconciler.values.column import JSON
from tests.organization import Organization

Row = Mapping[str, JSON]
State = dict[tuple[str, str], list[str]]
"""Rows as text by kind and name; more than one row of a name is a double."""


def rows_of(organization: Organization) -> dict[str, list[Row]]:
    """Give all rows as they are, by kind."""
    return {kind: orjson.loads(text or "[]") for kind, text in organization.state().items()}


def state_of(organization: Organization, folder: Path | None = None) -> State:
    """Give all rows, and the bindings in a folder."""
    rows = rows_of(organization)
    names = _names_of_chosen_ids(rows)
    state: State = {}
    for kind, found in rows.items():
        for row in found:
            name, text = _named(kind, row, names)
            state.setdefault((kind, name), []).append(text)
    for path in sorted((folder / "bindings").glob("*.yaml")) if folder else ():
        for line in path.read_text().splitlines():
            state[("bindings", line.partition(":")[0])] = [_replaced(line, names)]
    return state


def _names_of_chosen_ids(rows: Mapping[str, list[Row]]) -> dict[str, str]:
    """Name the rows whose ids the server chose by what people call them."""
    users = {str(user["user_id"]): f"<user {user['email']}>" for user in rows["user_profiles"]}
    members = {str(m["id"]): f"<member {users[str(m['user_id'])]}>" for m in rows["members"]}
    products = {
        str(product["id"]): f"<product {cast('Row', product['name'])['default']}>"
        for product in rows["products"]
    }
    sites = {str(site["id"]): f"<site {site['subdomain']}>" for site in rows["sites"]}
    return {**users, **members, **products, **sites}


def _named(kind_name: str, row: Row, names: Mapping[str, str]) -> tuple[str, str]:
    kind = load_kinds()[kind_name]
    written = _of_the_server(kind_name)
    kept = {name: value for name, value in sorted(row.items()) if name not in written}
    name = _replaced(str(row[kind.id_column]), names)
    return name, _replaced(orjson.dumps(kept).decode(), names)


@cache
def _of_the_server(kind_name: str) -> frozenset[str]:
    """Name the columns that the server writes, or fills with a time or a random value."""
    kind = load_kinds()[kind_name]
    file = schema_folder() / "kinds" / f"{kind_name}.schema.json"
    specs = orjson.loads(file.read_bytes())["properties"]
    filled = {name for name, spec in specs.items() if "(" in spec.get("x-default-sql", "")}
    written = {column.name for column in kind.columns.values() if column.server_written}
    return frozenset(filled | written) - {kind.id_column}


def _replaced(text: str, names: Mapping[str, str]) -> str:
    for row_id, name in names.items():
        text = text.replace(row_id, name)
    return text
