"""Texts of lines (``|`` and ``>``): which of their spaces are indentation, which are text."""

from collections.abc import Sequence


def depth(lines: Sequence[str], said: str) -> int:
    """Say how deep the lines of a block stand; its first that is not empty may begin with spaces.

    ``said`` is what the block means. A block of spaces only is as deep as those it does not mean.
    """
    written = next((line for line in lines if line.strip(" \r")), None)
    if written is None:
        longest = max((len(line.rstrip("\r")) for line in lines), default=0)
        return longest - max(map(len, said.split("\n")))
    meant = next((line for line in said.split("\n") if line.strip(" \r")), "")
    return _spaces(written) - _spaces(meant)


def is_blank(line: str, deep: int) -> bool:
    """Tell whether a line of a block is empty: spaces that stand deeper are text."""
    line = line.removesuffix("\r")
    return not line.strip(" ") and len(line) <= deep


def keeps_lines(written: str) -> bool:
    """Tell whether empty lines after a scalar belong to it, as they do with ``|+``."""
    header = written.partition("\n")[0].partition("#")[0]
    return header.startswith(("|", ">")) and "+" in header


def _spaces(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
