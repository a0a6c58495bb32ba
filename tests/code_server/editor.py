"""VS Code in a browser, used as people use it: with its palette, its keys, and what it shows."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit

import orjson

from tests.chromium import Browser, chromium
from tests.code_server.running import PATIENCE, CodeServer

ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
"""The browser finds no other host than this machine."""
_PALETTE = "document.activeElement.closest('.quick-input-widget')"


class Editor:
    """A window that shows one folder, or one workspace."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    def wait(self, script: str) -> None:
        """Wait until something is shown."""
        self.browser.wait(f"!!({script})", PATIENCE)

    def text(self, selector: str) -> str:
        """Give what all such elements show."""
        script = f"[...document.querySelectorAll({_quoted(selector)})].map(e => e.innerText)"
        return str(self.browser.run(f"{script}.join('\\n')"))

    def shows(self, selector: str, text: str) -> None:
        """Wait until one of such elements shows a text."""
        found = f"[...document.querySelectorAll({_quoted(selector)})]"
        # An editor writes spaces as those that do not break.
        plain = "e.innerText.replaceAll('\\u00a0', ' ')"
        self.wait(f"{found}.some(e => {plain}.includes({_quoted(text)}))")

    def command(self, name: str) -> None:
        """Choose a command in the palette."""
        self.browser.press("F1")
        self.wait(_PALETTE)
        self.browser.write(name)
        self.wait(
            "document.querySelector('.quick-input-list .monaco-list-row.focused')"
            f"?.innerText.includes({_quoted(name)})"
        )
        self.browser.press("Enter")

    def go_to(self, line: int, column: int) -> None:
        """Put the cursor somewhere."""
        self.command("Go to Line/Column...")
        self.wait(f"{_PALETTE}?.querySelector('input').value === ':'")
        self.browser.write(f"{line}:{column}")
        self.browser.press("Enter")
        self.shows(".statusbar-item", f"Ln {line}, Col")
        self.wait("document.activeElement.closest('.monaco-editor')")

    def elsewhere(self) -> list[str]:
        """Give the hosts that the page asked for, but for this machine."""
        hosts = {urlsplit(one).hostname for one in self.browser.requests}
        return sorted(host for host in hosts if host and host != "127.0.0.1")


@contextmanager
def editor(server: CodeServer, place: Path, file: Path, picture: Path) -> Iterator[Editor]:
    """Open a folder or a ``.code-workspace`` file, and a file in it; a failure leaves a picture."""
    kind = "workspace" if place.is_file() else "folder"
    opened = [["openFile", f"vscode-remote://127.0.0.1:{server.port}{file}"]]
    query = f"{kind}={quote(str(place))}&payload={quote(orjson.dumps(opened).decode())}"
    with chromium(ALONE) as browser:
        browser.ask("Emulation.setFocusEmulationEnabled", enabled=True)
        browser.open(f"http://127.0.0.1:{server.port}/?{query}")
        try:
            yield Editor(browser)
        except AssertionError:
            browser.screenshot(picture)
            raise


def until(true: Callable[[], bool], what: str) -> None:
    """Wait until something is so outside of the browser."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, f"never: {what}"
        time.sleep(0.2)


def _quoted(text: str) -> str:
    return orjson.dumps(text).decode()
