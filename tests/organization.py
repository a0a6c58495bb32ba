"""An organization of the sandbox: changed by other people's hands, and looked at as a whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast
from uuid import UUID, uuid4

import httpx
import psycopg
from psycopg import sql

from reconciler.catalogue import load_kinds
from reconciler.values.column import JSON

Row = dict[str, JSON]


@dataclass(frozen=True, slots=True)
class Organization:
    """One organization: changed over HTTP as by another client, compared and emptied by SQL."""

    id: str
    key: str
    url: str
    http: httpx.Client
    database: psycopg.Connection

    def insert(self, kind: str, **values: JSON) -> Row:
        """Create a row as somebody else would; answers the stored row."""
        return self._one("POST", f"/{kind}", self._filled(kind, values))

    def insert_all(self, kind: str, rows: Sequence[Row]) -> list[Row]:
        """Create several rows in one request."""
        body = [self._filled(kind, row) for row in rows]
        return cast("list[Row]", self._send("POST", f"/{kind}", cast("JSON", body)))

    def product(self, name: str) -> str:
        """Create a product; answers its id."""
        names: JSON = {"default": name}
        row = self.insert("products", name=names, rent_period="daily", timezone="UTC")
        return str(row["id"])

    def booking(self, **values: JSON) -> Row:
        """Create a booking as a guest would; answers the stored row."""
        money: Row = {"currency": "EUR", "display_currency": "EUR", "exchange_rate": 1}
        return self.insert("bookings", **{**money, **values})

    def book_as(self, contact: JSON) -> str:
        """Create a booking of a contact; answers the id of the link."""
        made = self.booking()["id"]
        return str(self.insert("contact_bookings", contact_id=contact, booking_id=made)["id"])

    def book(self, product: JSON) -> str:
        """Create a booking of a product; answers the id of the calendar event."""
        made = self.booking()["id"]
        week: Row = {"type": "booking", "start_date": "2026-07-01", "end_date": "2026-07-08"}
        event = self.insert("calendar_events", product_id=product, booking_id=made, **week)
        return str(event["id"])

    def insert_as_server(self, kind: str, **values: JSON) -> None:
        """Create a row of a kind that only the server writes."""
        with self.database.cursor() as cursor:
            self._fill(cursor, kind, **values)

    def change(self, kind: str, row_id: JSON, **values: JSON) -> Row:
        """Change a row as somebody else would."""
        return self._one("PATCH", f"/{kind}?{load_kinds()[kind].id_column}=eq.{row_id}", values)

    def remove(self, kind: str, row_id: JSON) -> None:
        """Delete a row as somebody else would."""
        self._send("DELETE", f"/{kind}?{load_kinds()[kind].id_column}=eq.{row_id}", None)

    def rows(self, kind: str, query: str = "") -> list[Row]:
        """Read rows, in the order of their ids."""
        order = load_kinds()[kind].id_column
        return cast("list[Row]", self._send("GET", f"/{kind}?{query}&order={order}", None))

    def one(self, kind: str, query: str = "") -> Row:
        """Read the only row."""
        [row] = self.rows(kind, query)
        return row

    def ids(self, kind: str) -> list[str]:
        """Read the ids of all rows."""
        return [str(row[load_kinds()[kind].id_column]) for row in self.rows(kind)]

    def state(self) -> Mapping[str, str]:
        """Give every row of every kind, as text, to be compared with what it was."""
        with self.database.cursor() as cursor:
            cursor.execute(
                sql.SQL(" union all ").join(
                    sql.SQL(
                        "select {name}, jsonb_agg(t order by t::text)::text from {table} t"
                    ).format(name=name, table=self._table(name))
                    for name in load_kinds()
                )
            )
            return dict(cursor.fetchall())

    def empty(self) -> None:
        """Make it a fresh organization again."""
        statements = [
            sql.SQL("set local session_replication_role = replica"),
            *(sql.SQL("delete from {}").format(self._table(kind)) for kind in load_kinds()),
        ]
        user = uuid4()
        with self.database.transaction(), self.database.cursor() as cursor:
            cursor.execute(sql.SQL("; ").join(statements))
            self._fill(cursor, "organizations", id=self.id, name='{"default": "Sandbox"}')
            self._fill(cursor, "user_profiles", user_id=user, email="owner@example.com")
            self._fill(cursor, "members", organization_id=self.id, user_id=user, role="superuser")
            self._fill(cursor, "sites", organization_id=self.id, subdomain=f"sandbox-{self.id[:8]}")

    def _fill(self, cursor: psycopg.Cursor, kind: str, **values: object) -> None:
        cursor.execute(
            sql.SQL("insert into {} ({}) values ({})").format(
                self._table(kind),
                sql.SQL(", ").join(map(sql.Identifier, values)),
                sql.SQL(", ").join([sql.Placeholder()] * len(values)),
            ),
            list(values.values()),
        )

    def _filled(self, kind: str, values: Row) -> Row:
        described = load_kinds()[kind]
        if described.filled is None or described.create_action:
            return values
        return {described.filled: self.id, **values}

    def _table(self, kind: str) -> sql.Identifier:
        return sql.Identifier(f"org_{UUID(self.id).hex}", kind)

    def _one(self, method: str, target: str, body: JSON) -> Row:
        answer = self._send(method, target, body)
        [row] = answer if isinstance(answer, list) else [answer]
        return cast("Row", row)

    def _send(self, method: str, target: str, body: JSON) -> JSON:
        answer = self.http.request(
            method,
            self.url + target,
            headers={
                "Authorization": f"Bearer {self.key}",
                "Prefer": "return=representation",
            },
            json=body,
        )
        assert answer.is_success, answer.text
        return cast("JSON", answer.json())
