"""The YAML of the people in the stories of the engine: blocks and links that go with them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import orjson
import yaml

from reconciler.values.column import JSON

Row = dict[str, JSON]
LINKS = {
    "contact_bookings": (("contact_id", "contacts"), ("booking_id", "bookings")),
    "product_services": (("product_id", "products"), ("service_id", "services")),
    "coupon_products": (("coupon_id", "coupons"), ("product_id", "products")),
}
"""Kinds whose key is a pair, with the column and the kind of either side."""
NAMES = ("email", "code", "label", "name", "reference")


def row_of(kind: str, name: str, word: str) -> Row:
    """Write the values of a row that people would call ``name``."""
    text: Row = {"default": name}
    money: Row = {"currency": "EUR", "display_currency": "EUR", "silent": True}
    rows: Mapping[str, Row] = {
        "contacts": {"email": f"{name}@example.test", "first_name": word},
        "coupons": {"code": name.upper(), "description": word},
        "services": {"type": "checkbox", "label": text, "description": {"default": word}},
        "taxes": {"label": text, "percentage": len(word)},
        "products": {
            "name": text, "rent_period": "daily", "timezone": "UTC", "cooldown_time": len(word),
        },
        "bookings": {"reference": name, "exchange_rate": len(word), **money},
    }  # fmt: skip
    return rows[kind]


@dataclass(slots=True)
class Written:
    """All blocks, kept in one file; a link is only written while both of its rows have blocks."""

    folder: Path
    rows: dict[str, dict[str, Row]] = field(default_factory=dict)
    links: dict[str, list[Row]] = field(default_factory=dict)

    def put(self, kind: str, key: str, name: str, word: str) -> None:
        """Write a block, or other values into it: a row that has a name keeps it."""
        old = self.rows.setdefault(kind, {}).get(key, {})
        kept = {name: old[name] for name in NAMES if name in old}
        self.rows[kind][key] = {**old, **row_of(kind, name, word), **kept}

    def remove(self, kind: str, key: str) -> None:
        """Take a block out, and the links that need it."""
        self.rows.get(kind, {}).pop(key, None)
        self._drop_links()

    def rename(self, kind: str, old: str, new: str) -> bool:
        """Give a block another key, also where links name it; false where there is none."""
        if old not in self.rows.get(kind, {}):
            return False
        self.rows[kind][new] = self.rows[kind].pop(old)
        for name, ends in LINKS.items():
            for column, there in ends:
                for link in self.links.get(name, []) if there == kind else []:
                    if link[column] == old:
                        link[column] = new
        return True

    def link(self, kind: str, first: str, second: str) -> None:
        """Link two rows by their keys, if both have blocks, and are not linked yet."""
        link: Row = {
            column: key for (column, _), key in zip(LINKS[kind], (first, second), strict=True)
        }
        if self._whole(kind, link) and link not in self._pairs(kind):
            self.links.setdefault(kind, []).append(link)

    def unlink(self, kind: str) -> None:
        """Take the first link out."""
        del self.links.get(kind, [])[:1]

    def swap(self, kind: str, column: str, first: str, second: str) -> None:
        """Let two blocks change a value."""
        rows = self.rows.get(kind, {})
        if first in rows and second in rows:
            one, two = rows[first], rows[second]
            one[column], two[column] = two[column], one[column]

    def count(self) -> Mapping[str, int]:
        """Count the blocks and links of each kind."""
        return {kind: len(rows) for kind, rows in (self.rows | self.links).items()}

    def text(self) -> str:
        """Write all of it, in one line for each kind."""
        kinds = {**self.rows, **self.links}
        return "".join(f"{kind}: {orjson.dumps(of).decode()}\n" for kind, of in kinds.items() if of)

    def read_back(self) -> None:
        """Read what a command has written, and leave no file but the first one."""
        self.rows, self.links = {}, {}
        for path in sorted(self.folder.glob("*.yaml")):
            text = path.read_text(encoding="utf-8")
            for kind, of in (yaml.load(text, yaml.CSafeLoader) or {}).items():
                if isinstance(of, list):
                    self.links.setdefault(kind, []).extend(cast("list[Row]", of))
                elif kind != "reconciler":
                    self.rows.setdefault(kind, {}).update(cast("dict[str, Row]", of))
            if path.name != "bookingmood.yaml":
                path.unlink()

    def _pairs(self, kind: str) -> list[Row]:
        columns = [column for column, _ in LINKS[kind]]
        return [{c: link[c] for c in columns} for link in self.links.get(kind, [])]

    def _whole(self, kind: str, link: Row) -> bool:
        return all(link[column] in self.rows.get(there, {}) for column, there in LINKS[kind])

    def _drop_links(self) -> None:
        for kind, links in self.links.items():
            if kind in LINKS:
                self.links[kind] = [link for link in links if self._whole(kind, link)]


def kinds_of(rows: Iterator[str]) -> Iterator[str]:
    """Name the kinds of rows such as ``contacts[id]``."""
    return (row.partition("[")[0] for row in rows)
