"""What the environment says about the way to the API: a proxy, and whose certificates hold."""

import os
import ssl
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

from ..diagnostics import UsageError
from .connection import is_loopback


def proxy_for(url: str) -> str | None:
    """Find the proxy that the environment names; none for this machine, where http is plain.

    As other tools do: ``ALL_PROXY`` where nothing names one for the scheme, and ``HOST:PORT``
    means http. Raises UsageError for what cannot be used; it may hold a password, so it is not
    shown.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if is_loopback(host) or urllib.request.proxy_bypass(host):
        return None
    named = urllib.request.getproxies()
    given = (named.get(parts.scheme) or named.get("all") or "").strip()
    if not given:
        return None
    address = given if "://" in given else f"http://{given}"
    if not _is_proxy(address):
        raise UsageError(
            f"the proxy that the environment names ({parts.scheme.upper()}_PROXY, or ALL_PROXY)"
            " is none that can be used: SOCKS is not spoken",
            hint=f"set it to http://HOST:PORT, or put {host} into NO_PROXY",
        )
    return address


def _is_proxy(address: str) -> bool:
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return bool(host) and parts.scheme in {"http", "https"}


def tls_for(url: str) -> ssl.SSLContext | bool:
    """Give what https needs; reading all authorities takes 20 ms, so plain http does without.

    Raises UsageError where ``SSL_CERT_FILE`` or ``SSL_CERT_DIR`` name what cannot be read.
    """
    if urlsplit(url).scheme != "https":
        return True
    if file := os.environ.get("SSL_CERT_FILE"):
        try:
            return ssl.create_default_context(cafile=file)
        except OSError as error:  # Python's own words name neither the file nor the variable
            raise _no_certificates("SSL_CERT_FILE", file, "a file of them, in PEM") from error
    if folder := os.environ.get("SSL_CERT_DIR"):
        if not any(Path(one).is_dir() for one in folder.split(os.pathsep)):
            raise _no_certificates("SSL_CERT_DIR", folder, "a folder of them")
        return ssl.create_default_context(capath=folder)
    import certifi

    return ssl.create_default_context(cafile=certifi.where())


def _no_certificates(variable: str, place: str, wanted: str) -> UsageError:
    return UsageError(
        f"{variable} names {place!r}, where no certificates can be read",
        hint=f"unset it, or let it name {wanted}",
    )
