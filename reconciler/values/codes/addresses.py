"""Addresses: of pages, and of people."""

import re
from urllib.parse import urlsplit

from .wrong import Wrong

A_URL = "a web address such as https://www.example.com"
_URL_HINT = "begin it with https://"
AN_EMAIL = "an e-mail address such as guest@example.com"
_SCHEMES = frozenset({"http", "https", "webcal"})
_OTHER_SCHEMES = frozenset({"data", "mailto", "tel", "ftp", "sms"})
_HOST = re.compile(r"[^\s/\\@<>\"']+")
_IS_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>.]+\.[^\s@<>]*[^\s@<>.]").fullmatch
_BEGIN = re.compile(r"([a-z][a-z+.]*:)?/*(?=[^\s/])", re.IGNORECASE)
_WITH_DOT = re.compile(r"[\w-]+(\.[\w-]+)+(:\d+)?([/?#]\S*)?")


def check_url(text: str) -> Wrong | None:
    """Want a whole web address; doubt other kinds, and what begins with /."""
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        _ = parts.port  # raises ValueError where it is no number
    except ValueError:
        return Wrong(A_URL, _URL_HINT)
    if re.search(r"\s", text):
        return Wrong(A_URL, "write %20 for a space")
    if parts.scheme in _SCHEMES and _HOST.fullmatch(host):
        return None
    relative = text.startswith("/") and not text.startswith("//")
    doubtful = relative or parts.scheme in _OTHER_SCHEMES
    return Wrong(A_URL, _URL_HINT, None if doubtful else _whole(text), doubtful=doubtful)


def check_email(text: str) -> Wrong | None:
    """Doubt what cannot be delivered to; nobody but a server knows what it takes."""
    return None if _IS_EMAIL(text) else Wrong(AN_EMAIL, _EMAIL_HINT, doubtful=True)


_EMAIL_HINT = "it has one @, and a dot behind it; no name and no < > around"


def _whole(text: str) -> str | None:
    """Give the web address that a text without a right beginning seems to mean."""
    rest = _BEGIN.sub("", text, count=1)
    return f"https://{rest}" if _WITH_DOT.fullmatch(rest) else None
