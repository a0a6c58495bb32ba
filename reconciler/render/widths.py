"""How many columns of a terminal a text takes; nearly all texts are ASCII, and quickly measured."""

from rich.cells import cell_len, set_cell_size


def width_of(text: str) -> int:
    """Measure a text in which everything is visible."""
    return len(text) if text.isascii() else cell_len(text)


def in_width(text: str, width: int) -> str:
    """Fill a text up with spaces, or cut it."""
    return text.ljust(width)[:width] if text.isascii() else set_cell_size(text, width)
