"""``reconciler lsp``: the language server, for editors."""

import click

from ..diagnostics import UsageError
from ..diagnostics.installing import how_to_install

LOOPBACK = "127.0.0.1"


@click.command("lsp")
@click.option(
    "--tcp",
    type=click.IntRange(1, 65535),
    metavar="PORT",
    help="Listen on this port of this machine, for one editor, instead of stdin and stdout.",
)
@click.option("--stdio", is_flag=True, hidden=True, help="What it does anyway; editors say it.")
def command(tcp: int | None, stdio: bool) -> int:
    """Tell an editor what is wrong while it is typed: the language server.

    Editors start it; it talks the Language Server Protocol on stdin and stdout. It reads the
    folders that are open in the editor, and needs no API key and no network.

    \b
    Examples:
      reconciler lsp
      reconciler lsp --tcp 7007
    """
    _check_library()
    from ..language_server.running import run  # the library takes a while to load

    return run(LOOPBACK, tcp)


def _check_library() -> None:
    """Raise UsageError where the library is not there."""
    from importlib.util import find_spec

    if find_spec("pygls") is None or find_spec("lsprotocol") is None:
        raise UsageError("what talks to editors is not installed", hint=how_to_install("lsp"))
