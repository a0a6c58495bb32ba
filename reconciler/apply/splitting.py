"""Whether a refused request with many rows is worth sending again, less at a time."""

from ..errors import ApiError

MOST_SPLITS = 100
"""Extra requests that the bad rows of one batch may cost before the rest is left."""

TOO_LARGE = frozenset({413, 414, 431})


class Budget:
    """The extra requests that one batch may still cost."""

    def __init__(self) -> None:
        self._left = MOST_SPLITS

    def spend(self) -> bool:
        """Take one split from the budget; false where it is used up."""
        self._left -= 1
        return self._left >= 0


def is_about_rows(error: ApiError) -> bool:
    """Tell whether the server refused what a row says, rather than the whole request."""
    code = error.code or ""
    return code.startswith(("22", "23")) or code == "P0001"


def is_about_size(error: ApiError) -> bool:
    """Tell whether the request was too large: by its status, or a 400 that is no API's answer."""
    return error.status in TOO_LARGE or (error.status == 400 and error.code is None)


def words(error: ApiError) -> str:
    """Put the server's words into one line: code, message, details."""
    code = f" [{error.code}]" if error.code else ""
    details = f" ({error.details})" if error.details else ""
    return f"{error.message}{code}{details}"
