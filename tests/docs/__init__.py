"""The pages of docs/ that are generated; ``make docs`` writes them, a test compares them."""

from collections.abc import Callable, Mapping

from .commands import commands_page
from .errors import errors_page

PAGES: Mapping[str, Callable[[], str]] = {
    "commands.md": commands_page,
    "errors.md": errors_page,
}
