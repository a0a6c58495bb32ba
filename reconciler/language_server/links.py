"""Where the documentation of a code is: on the page of all codes that comes with the program."""

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent
_PAGES = (_PACKAGE / "docs" / "errors.md", _PACKAGE.parent / "docs" / "errors.md")


def docs_link(code: str) -> str | None:
    """Give the place of a code on the page; None where the page is not there."""
    page = _page()
    return f"{page}#{code}" if page else None


@cache
def _page() -> str | None:
    return next((page.as_uri() for page in _PAGES if page.is_file()), None)
