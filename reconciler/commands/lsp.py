"""``reconciler lsp``: the language server, for editors."""

import os
from pathlib import Path

import click

from ..client.connection import Connection
from ..client.defaults import DEFAULT_URL, url_of
from ..client.keyfile import read_key
from ..diagnostics import UsageError
from ..diagnostics.installing import how_to_install
from ..render.out import tell
from .types import PathType

LOOPBACK = "127.0.0.1"


@click.command("lsp")
@click.option(
    "--tcp",
    type=click.IntRange(1, 65535),
    metavar="PORT",
    help="Listen on this port of this machine, for one editor, instead of stdin and stdout.",
)
@click.option(
    "--live",
    is_flag=True,
    help="Also look at the live organization: read only, after each save. Give it by hand or in"
    " your own settings; a folder cannot.",
)
@click.option(
    "--api-url",
    metavar="URL",
    help=f"With --live: where the API is; else BOOKINGMOOD_API_URL, else {DEFAULT_URL}.",
)
@click.option(
    "--api-key-file",
    type=PathType(),
    help="With --live: read the API key from this file instead of BOOKINGMOOD_API_KEY.",
)
@click.option(
    "--show-personal-data", is_flag=True, help="With --live: show personal values of live rows."
)
@click.option("--stdio", is_flag=True, hidden=True, help="What it does anyway; editors say it.")
def command(
    tcp: int | None,
    live: bool,
    api_url: str | None,
    api_key_file: Path | None,
    show_personal_data: bool,
    stdio: bool,
) -> int:
    """Tell an editor what is wrong while it is typed: the language server.

    Editors start it; it talks the Language Server Protocol on stdin and stdout. It reads the
    folders that are open in the editor. Without --live it needs no API key and no network.

    \b
    Examples:
      reconciler lsp
      reconciler lsp --tcp 7007
      reconciler lsp --live --api-key-file ~/.config/read-only.key
    """
    _check_library()
    from ..language_server.live import LiveOptions
    from ..language_server.running import run  # the library takes a while to load

    options = None
    if live:
        url = url_of(api_url, os.environ)
        key = read_key(api_key_file, os.environ, tell)
        Connection.checked(url, key)
        options = LiveOptions(url, key, show_personal_data)
    return run(LOOPBACK, tcp, options)


def _check_library() -> None:
    """Raise UsageError where the library is not there."""
    from importlib.util import find_spec

    if find_spec("pygls") is None or find_spec("lsprotocol") is None:
        raise UsageError("what talks to editors is not installed", hint=how_to_install("lsp"))
