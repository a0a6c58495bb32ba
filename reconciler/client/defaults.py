"""What a connection is where nobody says otherwise; help tells it without loading a connection."""

DEFAULT_URL = "https://api.bookingmood.com/v1"
RETRY_FOR = 60.0
"""Seconds for all tries of one request after its first."""
MAX_WAIT = 300.0
"""Seconds to wait at most where the server asks to wait."""
