"""The pages of docs/ that are generated; ``make docs`` writes them, a test compares them."""

from collections.abc import Callable, Mapping

from .errors import errors_page

PAGES: Mapping[str, Callable[[], str]] = {"errors.md": errors_page}
