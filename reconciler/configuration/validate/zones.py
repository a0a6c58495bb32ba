"""Names of time zones: taken in any case, and written, as PostgreSQL does."""

from collections.abc import Callable, Mapping
from functools import cache

from ...values.codes import A_ZONE
from ...values.column import Column
from ...values.core import Plain
from ...values.unreadable import UnreadableError
from .suggest import Suggester


def read_zone(text: str) -> str:
    """Find a zone by its name; returns it as the time zone database spells it."""
    known = zones()
    found = known.get(text.lower())
    if found is None:
        near = Suggester().nearest(text.title(), known.values())
        hint = f"did you mean {near}?" if near else "`timedatectl list-timezones` lists them"
        raise UnreadableError(A_ZONE, hint=hint)
    return found


def reader_of(column: Column) -> Callable[[str], Plain]:
    """Give what reads the texts of a column, or of its items."""
    return read_zone if column.zone else column.type.read


@cache
def zones() -> Mapping[str, str]:
    """Give the names of all zones, by the same in small letters."""
    from importlib.resources import files  # few configurations name a zone

    names = (files("tzdata") / "zones").read_text(encoding="utf-8").split()
    return {name.lower(): name for name in names if name != "Factory"}
