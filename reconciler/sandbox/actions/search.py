"""``POST /search``: which units are free for an interval, a number of guests and wishes."""

# ruff: noqa: S608 - names come from the schemas, values go as parameters

from typing import cast

from ...values.column import JSON
from ..database import Connection
from ..exchange import Answer
from .calendar import Interval, Showing, Status, busy_spans, events_of, worst
from .call import Call, Row, answer, identity, optional, read_object, refuse, select


async def search(connection: Connection, call: Call) -> Answer:
    """Say of every product whether it fits, and why not."""
    given = read_object(call)
    showing = Showing.of(given)
    sql = f"select * from {call.name('products')} where deleted_at is null order by id"
    products = await select(connection, sql)
    events = await events_of(connection, call, [str(row["id"]) for row in products])
    capacities = await select(connection, f"select * from {call.name('capacities')}")
    options = await select(connection, f"select * from {call.name('product_attribute_options')}")
    wished = optional(given, "option_ids", list, "a list")
    wishes = {identity(one, "option_ids") for one in wished or ()}
    occupancy = optional(given, "occupancy", dict, "an object")
    interval = None if given.get("interval") is None else Interval.of(given["interval"])
    found: list[JSON] = []
    for product in products:
        status = _status(product, events, showing, interval)
        fits = occupancy is None or fits_in(product, capacities, occupancy)
        has = {one["option_id"] for one in options if one["product_id"] == product["id"]}
        free = status in {"available", "tentative"}
        found.append(
            {
                "productId": product["id"],
                "match": free and fits and wishes <= has,
                "occupancyMatches": fits,
                "optionsMatch": wishes <= has,
                "availability": status,
                "price": None,
            }
        )
    return answer(200, found)


def fits_in(product: Row, capacities: list[Row], occupancy: dict[str, JSON]) -> bool:
    """Tell whether the guests fit in: as many of each group as the product takes."""
    known = {str(c["capacity_group_id"]): c for c in capacities if c["product_id"] == product["id"]}
    for group, number in occupancy.items():
        if type(number) is not int or number < 0:
            raise refuse("The occupancy has to be whole numbers")
        if number and identity(group, "occupancy") not in known:
            return False
    return all(
        cast("int", one["min"]) <= cast("int", occupancy.get(group, 0)) <= cast("int", one["max"])
        for group, one in known.items()
    )


def _status(product: Row, events: list[Row], showing: Showing, interval: Interval | None) -> Status:
    if interval is None:
        return "available"
    return worst(interval.days(product), busy_spans(product, events, showing))
