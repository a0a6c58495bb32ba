"""What a connection is where nobody says otherwise; help tells it without loading a connection."""

from collections.abc import Mapping

DEFAULT_URL = "https://api.bookingmood.com/v1"
RETRY_FOR = 60.0
"""Seconds for all tries of one request after its first."""
MAX_WAIT = 300.0
"""Seconds to wait at most where the server asks to wait."""


def url_of(given: str | None, environment: Mapping[str, str]) -> str:
    """Say where the API is: as it was given, else as the environment says, else the usual one."""
    return given or environment.get("BOOKINGMOOD_API_URL") or DEFAULT_URL
