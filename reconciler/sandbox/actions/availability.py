"""``GET /availability``: when units are free, over a long time."""

# ruff: noqa: S608 - names come from the schemas, values go as parameters

from datetime import UTC, datetime
from itertools import groupby
from typing import cast
from urllib.parse import parse_qsl

from ...values.column import JSON
from ..database import Connection
from ..exchange import Answer
from .calendar import Showing, busy_spans, by_day, events_of, midnights
from .call import Call, Row, answer, identity, refuse, select

_DAYS = 730


async def availability(connection: Connection, call: Call) -> Answer:
    """List the intervals of each product that is asked for, beginning today."""
    pairs = parse_qsl(call.incoming.query, keep_blank_values=True)
    given = dict(pairs)
    wanted = [
        identity(one, "product_id")
        for key, value in pairs
        if key.removesuffix("[]") in {"product_id", "product_ids"}
        for one in value.split(",")
    ]
    if not wanted:
        raise refuse("At least one product_id has to be given")
    showing = Showing.of(cast("dict[str, JSON]", given))
    sql = f"select * from {call.name('products')} where id = any ($1) and deleted_at is null"
    products = {str(row["id"]): row for row in await select(connection, sql, wanted)}
    events = await events_of(connection, call, wanted)
    found: list[JSON] = [
        {
            "product_id": one,
            "intervals": await _intervals(connection, products[one], events, showing),
        }
        for one in dict.fromkeys(wanted)
        if one in products
    ]
    return answer(200, found)


async def _intervals(
    connection: Connection, product: Row, events: list[Row], showing: Showing
) -> JSON:
    today = datetime.now(UTC).date().toordinal()
    days = range(today, today + _DAYS)
    busy = by_day(days, busy_spans(product, events, showing))
    runs = [
        (status, list(same))
        for status, same in groupby(days, lambda day: busy.get(day, "available"))
    ]
    starts = [run[0] for _, run in runs] + [days[-1] + 1]
    at = await midnights(connection, product, starts)
    return [{"start": at[run[0]], "end": at[run[-1] + 1], "status": status} for status, run in runs]
