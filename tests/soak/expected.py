"""What should be live: names and values of rows, from YAML and from SQL, in one form."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

import orjson

from reconciler.values.column import JSON
from tests.engine_yaml import LINKS, Row, Written
from tests.organization import Organization

COLUMNS: Mapping[str, tuple[str, str]] = {
    "contacts": ("email", "first_name"),
    "coupons": ("code", "description"),
    "services": ("label", "description"),
    "taxes": ("label", "percentage"),
    "products": ("name", "cooldown_time"),
    "bookings": ("reference", "exchange_rate"),
}
"""Of each kind the column that names a row, and one whose value changes."""
Rows = dict[str, list[Row]]
Named = Mapping[tuple[str, str], str]
"""The value of each row, by its kind and its name."""


def live_rows(organization: Organization) -> Rows:
    """Read every row of an organization by SQL."""
    state = organization.state().items()
    return {kind: cast("list[Row]", orjson.loads(text or "[]")) for kind, text in state}


def named(rows: Rows, writer: str) -> Iterator[tuple[tuple[str, str], str]]:
    """Give the rows of one writer; a row that is there twice comes twice."""
    names: dict[JSON, str] = {}
    for kind, (name, value) in COLUMNS.items():
        for row in rows.get(kind, []):
            called = text_of(row[name])
            names[row["id"]] = called
            if called.startswith(writer):
                yield (kind, called), text_of(row[value])
    for kind, ends in LINKS.items():
        for row in rows.get(kind, []):
            one, two = (names.get(row[column], "?") for column, _ in ends)
            if one.startswith(writer):
                yield (kind, f"{one} {two}"), ""


def written(yaml: Written) -> Named:
    """Say what will be live when all of it is applied."""
    found: dict[tuple[str, str], str] = {}
    for kind, rows in yaml.rows.items():
        name, value = COLUMNS[kind]
        found |= {(kind, text_of(row[name])): text_of(row[value]) for row in rows.values()}
    for kind, links in yaml.links.items():
        ends = LINKS[kind]
        for link in links:
            one, two = (
                text_of(yaml.rows[there][str(link[column])][COLUMNS[there][0]])
                for column, there in ends
            )
            found[kind, f"{one} {two}"] = ""
    return found


def text_of(value: JSON) -> str:
    """Give a value in one form: a text for all languages is that of the default one."""
    if isinstance(value, dict):
        return str(value["default"]).lower()
    return f"{value:g}" if isinstance(value, int | float) else str(value).lower()


@dataclass(slots=True)
class Differences:
    """How what is live differs from what should be."""

    doubled: int = 0
    lost: int = 0
    unplanned: int = 0
    words: list[str] = field(default_factory=list)

    def compare(
        self, place: str, expected: Named, found: Iterable[tuple[tuple[str, str], str]]
    ) -> None:
        """Compare the rows of one writer in one organization."""
        pairs = list(found)
        counted, live = Counter(name for name, _ in pairs), dict(pairs)
        for name, many in counted.items():
            if many > 1:
                self.doubled += 1
                self.words.append(f"{place}: {name} is there {many} times")
        for name in expected.keys() - live.keys():
            self.lost += 1
            self.words.append(f"{place}: {name} is gone")
        for name, value in live.items():
            if name not in expected:
                self.unplanned += 1
                self.words.append(f"{place}: {name} is there")
            elif expected[name] != value:
                self.unplanned += 1
                self.words.append(f"{place}: {name} is {value}, not {expected[name]}")
