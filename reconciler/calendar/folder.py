"""The calendar of a folder: what its YAML says, with nothing to compare it with."""

from collections.abc import Iterator

from ..configuration.resource import Configuration
from ..configuration.validate.suggest import check_addresses
from ..diagnostics import UsageError
from .rows import Entry, cells
from .shape import CalendarDocument
from .work import calendar_of


def folder_calendar(configuration: Configuration) -> CalendarDocument | None:
    """Work out what the YAML says of days; None where it says nothing."""
    return calendar_of(list(_entries(configuration)), compared=False)


def one_calendar(configuration: Configuration, target: str | None = None) -> CalendarDocument:
    """Work out what the YAML says of days, if named only of one resource; raises UsageError."""
    document = folder_calendar(configuration)
    if document is None:
        raise UsageError(
            "the YAML says nothing of any day",
            hint="prices, seasons and events have days: `reconciler explain` lists the kinds",
        )
    if not target:
        return document
    units = {unit["unit"]: unit for unit in document["units"]}
    check_addresses("calendar", [target], units)
    return {**document, "units": [units[target]]}


def row_name(kind: str, row_id: str) -> str:
    """Name a row outside of the configuration."""
    return f"{kind}[{row_id}]"


def _entries(configuration: Configuration) -> Iterator[Entry]:
    for resource in configuration.resources.values():
        kind = configuration.kinds.get(resource.address.kind)
        if kind and kind.calendar and not resource.absent:
            row = cells(kind, resource.values, row_name, configuration.secrets)
            yield Entry(str(resource.address), kind, row, row)
