"""The time zones of the package ``tzdata``: what the system has may be years old."""

from importlib.resources import files
from zoneinfo import ZoneInfo


def zone_of(name: str) -> ZoneInfo:
    """Give a zone by its name, spelled as in the database."""
    place = files("tzdata").joinpath("zoneinfo", *name.split("/"))
    with place.open("rb") as file:
        return ZoneInfo.from_file(file, key=name)
