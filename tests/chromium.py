"""A real Chromium, driven over a pipe in the DevTools protocol; nothing else is needed for it."""

import base64
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import orjson
import pytest

from reconciler.values.column import JSON

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser")
OPTIONS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--remote-debugging-pipe",
)  # fmt: skip
needs_chromium = pytest.mark.skipif(
    PROGRAM is None, reason="no Chromium here: apt-get install chromium"
)
PATIENCE = 30.0
Answer = dict[str, JSON]
_SAYING = {"Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded"}
_CODES = {
    "Enter": 13,
    "Escape": 27,
    "ArrowUp": 38,
    "ArrowDown": 40,
    "Tab": 9,
    "ArrowLeft": 37,
    "ArrowRight": 39,
    "F1": 112,
}


class Browser:
    """One page of a running Chromium."""

    def __init__(self, to: int, back: int) -> None:
        self._to, self._back = to, back
        self._number = 0
        self._rest = b""
        self._session: str | None = None
        self.requests: list[str] = []
        self.said: list[str] = []
        """What stands in the console: words of scripts, refusals, errors."""
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        attached = self.ask("Target.attachToTarget", targetId=target, flatten=True)
        self._session = cast("str", attached["sessionId"])
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.ask(f"{domain}.enable")

    def ask(self, method: str, **parameters: JSON) -> Answer:
        """Send a command and wait for its answer."""
        self._number += 1
        message: Answer = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._to, orjson.dumps(message) + b"\0")
        while True:
            answer = self._read()
            if answer.get("method") == "Network.requestWillBeSent":
                request = cast("dict[str, dict[str, str]]", answer["params"])["request"]
                self.requests.append(request["url"])
            if answer.get("method") in _SAYING:
                self.said.append(orjson.dumps(answer["params"]).decode())
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return cast("Answer", answer["result"])

    def open(
        self,
        page: Path | str,
        *,
        width: int = 1280,
        height: int = 800,
        scale: float = 1,
        after: str = "",
    ) -> None:
        """Open a file or an address in a window of this size; ``after`` comes at its end."""
        self.ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=scale,
            mobile=False,
        )
        address = page if isinstance(page, str) else page.as_uri()
        self.ask("Page.navigate", url=address + after)
        self.wait("document.readyState === 'complete'")

    def run(self, script: str) -> JSON:
        """Evaluate JavaScript and give its value."""
        result = self.ask(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in result, result
        return cast("dict[str, JSON]", result["result"]).get("value")

    def wait(self, script: str, patience: float = PATIENCE) -> None:
        """Wait until a script is true, for so many seconds."""
        end = time.monotonic() + patience
        while not self.run(script):
            assert time.monotonic() < end, f"never true: {script}"
            time.sleep(0.02)

    def press(self, *keys: str) -> None:
        """Press keys one after the other, by their names or as letters."""
        for key in keys:
            text = (
                {} if len(key) > 1 and key != "Enter" else {"text": "\r" if key == "Enter" else key}
            )
            about: Answer = {"key": key, "windowsVirtualKeyCode": _CODES.get(key, 0), **text}
            if len(key) > 1:
                about["code"] = key  # some pages ask where a key lies, not what it is called
            self.ask("Input.dispatchKeyEvent", type="keyDown", **about)
            self.ask("Input.dispatchKeyEvent", type="keyUp", **about)

    def write(self, text: str) -> None:
        """Write a text where the focus is."""
        self.ask("Input.insertText", text=text)

    def click(self, selector: str) -> None:
        """Click in the middle of an element."""
        place = cast(
            "list[float]",
            self.run(
                f"(() => {{ const r = document.querySelector({orjson.dumps(selector).decode()})"
                ".getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2] })()"
            ),
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.ask(
                "Input.dispatchMouseEvent",
                type=kind, x=place[0], y=place[1], button="left", clickCount=1,
            )  # fmt: skip

    def colours(self, scheme: str) -> None:
        """Prefer ``light`` or ``dark``."""
        features: list[JSON] = [{"name": "prefers-color-scheme", "value": scheme}]
        self.ask("Emulation.setEmulatedMedia", features=features)

    def screenshot(self, path: Path) -> None:
        """Save what is in sight as PNG."""
        found = self.ask("Page.captureScreenshot", format="png")
        path.write_bytes(base64.b64decode(cast("str", found["data"])))

    def pdf(self) -> bytes:
        """Print the page."""
        return base64.b64decode(cast("str", self.ask("Page.printToPDF")["data"]))

    def _read(self) -> Answer:
        while b"\0" not in self._rest:
            self._rest += os.read(self._back, 1 << 20)
        message, _, self._rest = self._rest.partition(b"\0")
        return cast("Answer", orjson.loads(message))


@contextmanager
def chromium(*options: str) -> Iterator[Browser]:
    """Start Chromium with an empty profile; it ends with the block."""
    assert PROGRAM
    read_end, to = os.pipe()
    back, write_end = os.pipe()
    # Chromium reads commands from descriptor 3 and answers on 4.
    script = f'exec "$0" "$@" 3<&{read_end} 4>&{write_end}'
    with TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            ["/bin/bash", "-c", script, PROGRAM, *OPTIONS, *options, f"--user-data-dir={profile}"],
            pass_fds=(read_end, write_end),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(read_end)
        os.close(write_end)
        try:
            yield Browser(to, back)
        finally:
            process.terminate()
            process.wait(PATIENCE)
            os.close(to)
            os.close(back)
