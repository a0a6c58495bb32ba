"""Where the API is and which key opens it; the key never appears in a text."""

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from ..catalogue import Catalogue, Kind
from ..diagnostics import UsageError
from .defaults import DEFAULT_URL, MAX_WAIT, RETRY_FOR
from .listening import NOBODY, RequestListener, Several

_KEY = re.compile(r"[!-~]+")


@dataclass(frozen=True, slots=True)
class Connection:
    """A checked API address and key, and how long to wait there; all times are in seconds.

    ``timeout`` is for each answer, ``retry_for`` for all tries of one request after its first,
    ``max_wait`` for what the server asks to wait. ``insists``: what was never reached is tried,
    too. ``tell`` hears of long waits, ``listener`` of every request.
    """

    url: str
    key: str = field(repr=False)
    timeout: float = 30.0
    retry_for: float = RETRY_FOR
    max_wait: float = MAX_WAIT
    insists: bool = False
    tell: Callable[[str], None] = field(default=lambda _: None, repr=False, compare=False)
    listener: RequestListener = field(default=NOBODY, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Check both, however it was made; raises UsageError saying what to set."""
        try:
            parts = urlsplit(self.url)
            host, _ = parts.hostname, parts.port
        except ValueError:
            host = None
        if not host or parts.scheme not in {"http", "https"}:
            raise UsageError(
                "the API address is not an http(s) address", hint="set BOOKINGMOOD_API_URL"
            )
        if parts.username or parts.password or parts.query or parts.fragment:
            raise UsageError(
                "the API address must not hold a user name, a password or a query",
                hint="give the key in BOOKINGMOOD_API_KEY",
            )
        if parts.scheme == "http" and not is_loopback(host):
            raise UsageError(
                f"{self.url} would send the API key unencrypted",
                hint="use https; plain http is for a sandbox on this machine",
            )
        if not _KEY.fullmatch(self.key):
            raise UsageError(
                "the API key is empty or has characters a key cannot have",
                hint="set BOOKINGMOOD_API_KEY, or name a file with --api-key-file",
            )

    @classmethod
    def checked(cls, url: str, key: str) -> "Connection":
        """Take both as people write them; raises UsageError saying what to set."""
        return cls(url.rstrip("/"), key.strip())

    def heard_by(self, listener: RequestListener) -> "Connection":
        """Give the same connection with one more listener."""
        return replace(self, listener=Several(self.listener, listener))


def check_api(kinds: Mapping[str, Kind], url: str) -> None:
    """Raise UsageError where a catalogue of another API is used on the one that we know.

    There its kinds would stand in place of ours, without what keeps rows and people safe.
    """
    host, domain = _host(url), _host(DEFAULT_URL).partition(".")[2]
    if isinstance(kinds, Catalogue) and kinds.replaces and f".{host}".endswith(f".{domain}"):
        raise UsageError(
            f"the catalogue replaces the shipped one, which is the one of {host}",
            hint="set BOOKINGMOOD_API_URL to the other API, or take `replace` out",
        )


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""  # no address: a connection says so


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
