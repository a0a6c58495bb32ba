"""What the values of options must be, besides what click knows."""

import math
import os
from pathlib import Path
from typing import Any

import click


class PathType(click.Path):
    """A path, and never an empty one: a variable that is not set would mean the working folder."""

    def __init__(self, *, exists: bool = False, file_okay: bool = True, dir_okay: bool = True):
        super().__init__(exists, file_okay, dir_okay, path_type=Path)

    def convert(
        self,
        value: str | os.PathLike[str],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Any:
        """Refuse an empty path; else do what click does."""
        if not os.fspath(value):
            self.fail("the path is empty; write . for the working folder.", param, ctx)
        return super().convert(value, param, ctx)


class Seconds(click.ParamType[float]):
    """A number of seconds within bounds; ``nan`` compares with nothing, and is none."""

    name = "seconds"

    def __init__(self, least: float, most: float) -> None:
        self._least = least
        self._most = most

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Read the number."""
        try:
            seconds = float(str(value))
        except ValueError:
            seconds = math.nan
        if not self._least <= seconds <= self._most:
            bounds = f"from {self._least:g} to {self._most:g}"
            self.fail(f"{value!r} is no number of seconds {bounds}.", param, ctx)
        return seconds
