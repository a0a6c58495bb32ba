"""What a day costs and who says so, in words."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal, InvalidOperation

from ...calendar.shape import SourceDocument, UnitDocument
from ...diagnostics.words import count

NOTHING = "nothing said"
_LEAST = Decimal(-1)
_DAYS_OF_A_WEEK = 7


def sources_at(unit: UnitDocument, numbers: Iterable[int]) -> list[SourceDocument]:
    """Give the sources of a period; a file may name some that it has not."""
    known = unit["sources"]
    return [known[number] for number in numbers if number < len(known)]


def amount_of(text: str) -> Decimal:
    """Read an amount, to sort by it; what is no number comes first."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return _LEAST
    return amount if amount.is_finite() else _LEAST


def price_text(source: SourceDocument, currency: str) -> str:
    """Write what an entry costs: one amount, or the lowest and the highest."""
    amounts = sorted({rate["amount"] for rate in source["rates"]}, key=amount_of)
    if not amounts:
        return "no rate"
    told = amounts[0] if len(amounts) == 1 else f"{amounts[0]} to {amounts[-1]}"
    return f"{told} {currency}".strip()


def prices(sources: Sequence[SourceDocument], currency: str) -> list[str]:
    """Write the different prices of a day, in the order of the entries."""
    told = (price_text(one, currency) for one in sources if one["state"] == "price")
    return list(dict.fromkeys(told))


def taken(sources: Sequence[SourceDocument]) -> str:
    """Say whether a day is booked, pending or blocked; empty where it is free."""
    states = {one["state"] for one in sources}
    return next(
        (state for state in ("booked", "blocked", "pending", "season") if state in states), ""
    )


def in_short(sources: Sequence[SourceDocument], currency: str) -> str:
    """Say in a few words what a day is."""
    told = " or ".join(prices(sources, currency))
    return ", ".join(filter(None, [told, taken(sources)])) or NOTHING


def deciders(sources: Sequence[SourceDocument]) -> str:
    """Name the resources that say what a day is."""
    return ", ".join(dict.fromkeys(one["address"] for one in sources))


def in_full(sources: Sequence[SourceDocument], currency: str) -> Iterator[str]:
    """Say what a day is, which resources decide it, and why."""
    yield from (f"{one['state']} by {one['address']}" for one in sources if one["state"] != "price")
    entries = [one for one in sources if one["state"] == "price"]
    if not entries and any(one["state"] != "season" for one in sources):
        yield "no entry gives a price"
    for number, one in enumerate(entries, 1):
        place = f"{number}. " if len(entries) > 1 else ""
        title = f" ({one['label']})" if one["label"] else ""
        yield f"{place}{one['address']}{title}"
        yield f"   {'; '.join(_rates(one, currency)) or 'no rate'}"
        if rules := ", ".join(_rule(name, value) for name, value in one["rules"].items()):
            yield f"   {rules}"
    yield from _why(entries)


def _why(entries: Sequence[SourceDocument]) -> Iterator[str]:
    if len(entries) == 1:
        yield "why: it is the only entry of the YAML that holds this day"
    if len(entries) > 1:
        orders = ", ".join(one.get("order", "not given") for one in entries)
        yield (
            f"why: {count(len(entries), 'entry', 'entries')} hold this day (order: {orders});"
            " which one decides is not documented"
        )


def _rates(source: SourceDocument, currency: str) -> Iterator[str]:
    for rate in source["rates"]:
        by = ", ".join(f"{name} {value}" for name, value in rate["by"].items())
        yield f"{rate['amount']} {currency}".strip() + (f" ({by})" if by else "")


def _rule(name: str, value: str) -> str:
    """Write a rule; seven truths about the days of a week are told shorter."""
    days = value.strip("[]").split(", ")
    if len(days) != _DAYS_OF_A_WEEK or set(days) - {"true", "false"}:
        return f"{name} {value}"
    given = [str(number) for number, day in enumerate(days, 1) if day == "true"]
    if len(given) == _DAYS_OF_A_WEEK:
        return f"{name} all"
    return f"{name} {'number ' + ' and '.join(given) if given else 'none'} of the 7"
