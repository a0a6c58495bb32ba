"""Requests that workers tell of on their way to whoever listens at the coordinator."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import cast

from ..client.listening import Exchange
from ..values.column import JSON

Hear = Callable[[str, Exchange], None]
"""Hears of a request of an organization, by its name."""


def nobody_hears(name: str, exchange: Exchange) -> None:
    """Do nothing."""


def as_document(exchange: Exchange) -> dict[str, JSON]:
    """Write a request as JSON; it holds no value."""
    return cast("dict[str, JSON]", asdict(exchange))


def exchange_of(document: JSON) -> Exchange:
    """Read what :func:`as_document` wrote."""
    facts = dict(cast("Mapping[str, JSON]", document))
    names = tuple(cast("list[str]", facts.pop("names")))
    return Exchange(names=names, **facts)  # type: ignore[arg-type]  # as it was written
