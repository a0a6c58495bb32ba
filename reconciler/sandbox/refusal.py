"""A request that is refused: status, PostgREST's error body, and headers, as one error value."""

from collections.abc import Mapping

import orjson

Detail = str | list[dict[str, str]] | None


class Refusal(Exception):  # noqa: N818 - it is an answer, not a fault of the program
    """What is answered instead of rows. ``code`` is a SQLSTATE, PGRSTnnn or empty."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        details: Detail = None,
        hint: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.details = details
        self.hint = hint
        self.headers = headers or {}

    @property
    def body(self) -> bytes:
        """The error as JSON; the keys stand in alphabetical order."""
        if not self.code:
            return b"{}"
        return orjson.dumps(
            {
                "code": self.code,
                "details": self.details,
                "hint": self.hint,
                "message": self.message,
            }
        )


def database_status(code: str, *, known: bool, message: str = "") -> int:
    """Map a SQLSTATE to a status; ``known`` tells whether the request had a valid key."""
    if code == "42883" and message.startswith("function xmlagg("):
        return 406
    if code in _BY_CODE:
        return _BY_CODE[code]
    if code == "42501":
        return 403 if known else 401
    return _BY_CLASS.get(code[:2], 400)


_BY_CODE = {
    "23503": 409,
    "23505": 409,
    "25006": 405,
    "42883": 404,
    "42P01": 404,
    "57P01": 503,
    "P0001": 400,
}
_BY_CLASS = {
    "54": 413,
    **dict.fromkeys(("08", "53"), 503),
    **dict.fromkeys(("0L", "0P", "28"), 403),
    **dict.fromkeys(("09", "25", "2D", "38", "39", "3B", "40", "55", "57", "58"), 500),
    **dict.fromkeys(("F0", "HV", "P0", "XX"), 500),
}


def not_found() -> Refusal:
    """Refuse a path; PostgREST has no words for it."""
    return Refusal(404, "", "")


def too_deep() -> Refusal:
    """Refuse what is nested deeper than can be followed, in the words of PostgreSQL's own limit."""
    hint = (
        'Increase the configuration parameter "max_stack_depth" (currently 2048kB),'
        " after ensuring the platform's stack depth limit is adequate."
    )
    message = "stack depth limit exceeded"
    return Refusal(database_status("54001", known=True), "54001", message, hint=hint)


def too_many_changed(rows: int, limit: int) -> Refusal:
    """Refuse a limited update or delete that would have touched more rows than its limit."""
    message = "The maximum number of rows allowed to change was surpassed"
    details = f"Results contain {rows} rows changed but the maximum number allowed is {limit}"
    return Refusal(400, "PGRST110", message, details=details)


def missing_column(table: str, column: str, hint: str | None) -> Refusal:
    """Refuse a column that a table does not have."""
    return Refusal(400, "42703", f"column {table}.{column} does not exist", hint=hint)


def missing_table(name: str) -> Refusal:
    """Refuse a kind that there is not."""
    return Refusal(404, "42P01", f'relation "public.{name}" does not exist')


def no_permission(name: str, *, known: bool = True) -> Refusal:
    """Refuse a verb that a kind or a key lacks, as PostgreSQL does without a grant."""
    return Refusal(
        database_status("42501", known=known), "42501", f"permission denied for table {name}"
    )
