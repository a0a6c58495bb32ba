"""Take the pictures of the pages anew: ``python -m tests.screenshots`` (needs Chromium).

Everything in them is real: the example is applied to a sandbox, edited, and planned again; what
the commands then write is put before a browser.
"""

import fcntl
import io
import os
import pty
import re
import shutil
import struct
import subprocess
import sys
import termios
import zlib
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import httpx
from markdown_it import MarkdownIt
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from reconciler.render.fleet.page import fleet_html
from tests.chromium import Browser, chromium
from tests.fleet_cases import DIGEST, fleet
from tests.sandbox_server import ROOT, running_sandbox

HERE = ROOT / "docs" / "screenshots"
ORGANIZATION = "0f9ad0c6-6e37-4bb5-93f1-0a2c8f1de001"
LINES = 52
EDITS = {
    "products.yaml": [
        ("house for eight, a hundred", "house for nine, a hundred"),
        ("cooldown_time: 1 ", "cooldown_time: 2 "),
        ("latest_arrival_time: 21:00\n", "latest_arrival_time: null\n"),
    ],
    "services.yaml": [("value: 95,", "value: 110,")],
    "channels.yaml": [
        ("ready from three in the afternoon.", "ready from four in the afternoon."),
        ("of your arrival.\n", "of your arrival.\n        Please close the gate.\n"),
    ],
    "contacts.yaml": [
        ("send the invoice to her.", "invoices go to the office."),
        ("contacts:\n", "contacts:\n  ola-nordmann:\n    first_name: Ola\n"
         "    last_name: Nordmann\n    email: ola@example.org\n    language: en-US\n"),
    ],
    "bookings.yaml": [
        ("contact_bookings:\n", "  nordmann-may:\n    reference: BM-2026-0003\n"
         "    currency: EUR\n    display_currency: NOK\n    exchange_rate: 11.75\n"
         "    method: book\n\ncontact_bookings:\n"
         "  - {contact_id: ola-nordmann, booking_id: nordmann-may}\n"),
    ],
}  # fmt: skip
THEME = TerminalTheme(
    (13, 17, 23),
    (230, 237, 243),
    [(72, 79, 88), (255, 123, 114), (63, 185, 80), (210, 153, 34), (88, 166, 255), (188, 140, 255),
     (57, 197, 207), (230, 237, 243)],
)  # fmt: skip
PAGE = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; padding: 18px 22px; {style} }} {css}</style>{body}"""
TERMINAL = "background: #0d1117; color: #e6edf3; width: max-content;"
GITHUB = """font: 14px/1.5 "Liberation Sans", sans-serif; color: #1f2328; width: 800px;"""
GITHUB_CSS = """
h3 { font-size: 20px; margin: 0 0 12px; } h4 { margin: 18px 0 8px; font-size: 15px; }
p { margin: 0 0 12px; } ul { margin: 0; padding-left: 22px; }
code, pre { font-family: "DejaVu Sans Mono", monospace; font-size: 11.5px; }
:not(pre) > code { background: #818b981f; border-radius: 6px; padding: 2px 5px; }
table { border-collapse: collapse; margin-bottom: 14px; }
th, td { border: 1px solid #d1d9e0; padding: 4px 13px; } tr:nth-child(even) { background: #f6f8fa; }
pre code { background: none; padding: 0; } details { margin: 6px 0; } summary { cursor: pointer; }
pre { background: #f6f8fa; border-radius: 6px; padding: 12px 0; margin: 8px 0; line-height: 1.45; }
pre div { padding: 0 14px; } .in { background: #dafbe1; color: #116329; }
.out { background: #ffebe9; color: #82071e; } .mark { color: #953800; }
blockquote { border-left: 4px solid #9a6700; margin: 0 0 14px; padding: 2px 14px; }
blockquote.NOTE { border-color: #0969da; } blockquote.CAUTION { border-color: #cf222e; }
blockquote b { color: #9a6700; } blockquote.NOTE b { color: #0969da; }
"""


def main() -> None:
    """Take all pictures."""
    with (
        TemporaryDirectory() as name,
        running_sandbox("--organization", f"{ORGANIZATION}=k") as api,
    ):
        folder = Path(name, "villa")
        shutil.copytree(ROOT / "examples" / "villa", folder)
        environment = {"BOOKINGMOOD_API_URL": api.url, "BOOKINGMOOD_API_KEY": api.key}
        command = _Command(Path(name), environment)
        command.run("apply", "villa", "--auto-approve", "--allow", "billing-create")
        _edit(folder)
        taxes = {"headers": {"Authorization": f"Bearer {api.key}"}, "json": {"percentage": 6.5}}
        httpx.patch(f"{api.url}/taxes?label->>default=eq.Tourist tax", **taxes).raise_for_status()  # type: ignore[arg-type]
        with chromium() as browser:
            browser.ask("Emulation.setScrollbarsHidden", hidden=True)
            _terminal(
                browser, command.watch("plan", "villa", "--out", "plan.json"), "plan-terminal"
            )
            _terminal(browser, command.watch("plan", "villa", "--compact"), "plan-compact")
            _markdown(browser, command.run("show", "plan.json", "--format", "markdown"))
            _pages(browser, Path(name), command)
            _fleet(browser, Path(name))


def _edit(folder: Path) -> None:
    for file, edits in EDITS.items():
        path = folder / file
        text = path.read_text(encoding="utf-8")
        for old, new in edits:
            assert old in text, old
            text = text.replace(old, new, 1)
        path.write_text(text, encoding="utf-8")
    prices = folder / "prices.yaml"
    text = prices.read_text(encoding="utf-8")
    prices.write_text(text[: text.index("coupons:")], encoding="utf-8")


class _Command:
    """The command, in a folder, on the sandbox."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._folder = folder
        self._environment = {**os.environ, **environment}
        self._environment.pop("NO_COLOR", None)

    def run(self, *arguments: str) -> str:
        """Run it as a script does."""
        return subprocess.run(
            [sys.executable, "-m", "reconciler", *arguments],
            cwd=self._folder, env=self._environment, check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip

    def watch(self, *arguments: str) -> str:
        """Run it as people do, on a terminal of 80 columns."""
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 80, 0, 0))
        process = subprocess.Popen(
            [sys.executable, "-m", "reconciler", *arguments],
            cwd=self._folder, env=self._environment, stdout=theirs, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(theirs)
        said = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:
                break
            if not part:
                break
            said += part
        process.wait()
        os.close(ours)
        return f"$ reconciler {' '.join(arguments)}\n{said.decode().replace(chr(13), '')}"


def _terminal(browser: Browser, text: str, name: str) -> None:
    lines = text.splitlines()
    if len(lines) > LINES:
        lines[LINES - 3 : -3] = [f"      … {len(lines) - LINES} more lines …"]
    console = Console(record=True, width=84, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi("\n".join(lines)))
    pre = "<pre style=\"font: 14px/1.35 'DejaVu Sans Mono', monospace; margin: 0\">{code}</pre>"
    body = console.export_html(theme=THEME, code_format=pre, inline_styles=True)
    _picture(browser, PAGE.format(style=TERMINAL, css="", body=body), name)


def _markdown(browser: Browser, text: str) -> None:
    body = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    body = re.sub(r"<blockquote>\s*<p>\[!(\w+)\]", r'<blockquote class="\1"><p><b>\1</b><br>', body)
    body = re.sub(r'(?s)<pre><code class="language-diff">(.*?)</code></pre>', _coloured, body)
    opened = iter(["<details open>"] * 2)
    body = re.sub("<details>(?=<summary><code>~)", lambda found: next(opened, found[0]), body)
    _picture(browser, PAGE.format(style=GITHUB, css=GITHUB_CSS, body=body), "plan-markdown", 1150)


def _coloured(block: re.Match[str]) -> str:
    sorts = {"+": "in", "-": "out", "!": "mark"}
    lines = block[1].rstrip("\n").split("\n")
    return "<pre>{}</pre>".format(
        "".join(
            f'<div class="{sorts.get(line[:1], "")}"><code>{line}</code></div>' for line in lines
        )
    )


def _pages(browser: Browser, folder: Path, command: _Command) -> None:
    page = folder / "plan.html"
    page.write_text(command.run("show", "plan.json", "--format", "html"), encoding="utf-8")
    browser.open(page, width=1200, height=820)
    browser.colours("light")
    browser.run("location.hash = '#message_templates.three-days-before'")
    browser.wait("!!document.querySelector('#detail h2')")
    browser.run("document.querySelector('#list').focus({preventScroll: true}); scrollTo(0, 0)")
    _save(browser, "plan-html-light")
    browser.colours("dark")
    browser.run("location.hash = '#products.villa-marina'")
    browser.wait("document.querySelector('#detail h2').textContent.includes('villa-marina')")
    browser.run("document.querySelector('#list').focus({preventScroll: true}); scrollTo(0, 0)")
    _save(browser, "plan-html-dark")
    browser.press("g")
    _save(browser, "plan-html-graph")
    page.write_text(
        command.run("graph", "villa", "--by", "kind", "--format", "html"), encoding="utf-8"
    )
    browser.colours("light")
    browser.open(page, width=1200, height=680)
    _save(browser, "graph-html")


def _fleet(browser: Browser, folder: Path) -> None:
    found = fleet(note="this key may read only")
    page = folder / "fleet.html"
    page.write_text(fleet_html(found, found.plan_of, digest=DIGEST), encoding="utf-8")
    browser.colours("light")
    browser.open(page, width=1200, height=820)
    _save(browser, "fleet-html")


def _picture(browser: Browser, page: str, name: str, height: int | None = None) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder, "page.html")
        file.write_text(page, encoding="utf-8")
        browser.open(file, width=900, height=height or 600)
        browser.run("document.fonts.ready.then(() => 1)")
        width, tall = cast(
            "list[int]",
            browser.run(
                "(() => { const r = document.body.getBoundingClientRect();"
                " return [Math.ceil(r.width), Math.ceil(r.height)] })()"
            ),
        )
        browser.open(file, width=width, height=min(tall, height or tall))
        _save(browser, name)


def _save(browser: Browser, name: str) -> None:
    """Save a picture; without the filters of PNG, flat colours take a quarter less."""
    file = HERE / f"{name}.png"
    browser.screenshot(file)
    parts = list(_parts(file.read_bytes()))
    width, _, _, colour = struct.unpack(">IIBB", parts[0][1][:10])
    step = {2: 3, 6: 4}[colour]
    pixels = zlib.decompress(b"".join(body for kind, body in parts if kind == b"IDAT"))
    rows = _unfiltered(pixels, width * step, step)
    body = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    chunks = (parts[0], (b"IDAT", body), (b"IEND", b""))
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks))


def _parts(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at < len(png):
        size = int.from_bytes(png[at : at + 4], "big")
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + size]
        at += 12 + size


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _unfiltered(pixels: bytes, stride: int, step: int) -> Iterator[bytes]:
    above = bytearray(stride)
    for start in range(0, len(pixels), stride + 1):
        row = bytearray(pixels[start + 1 : start + 1 + stride])
        for i in range(stride):
            left, corner = (row[i - step], above[i - step]) if i >= step else (0, 0)
            row[i] = (row[i] + _predicted(pixels[start], left, above[i], corner)) & 255
        yield bytes(row)
        above = row


def _predicted(sort: int, left: int, above: int, corner: int) -> int:
    if sort == 4:
        guess = left + above - corner
        return min((left, above, corner), key=lambda value: abs(guess - value))
    return (0, left, above, (left + above) // 2)[sort]


if __name__ == "__main__":
    main()
