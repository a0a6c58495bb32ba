"""Pictures of pages as small PNG files: at most 256 colours, and none of PNG's filters.

Pages have few colours, so nothing is seen of it; a file takes a third of what the browser gives.
"""

import base64
import struct
import zlib
from pathlib import Path
from typing import NamedTuple, cast

import orjson

from tests.chromium import Browser
from tests.sandbox_server import ROOT

FOLDER = ROOT / "docs" / "screenshots"
COLOURS = 256
A4 = (794, 1123)
# Colours that nobody tells apart are one; those that are there most are kept.
FEW_COLOURS = """async (png, most) => {
  const bytes = Uint8Array.from(atob(png), (one) => one.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
  canvas.drawImage(image, 0, 0);
  const pixels = new Uint32Array(canvas.getImageData(0, 0, image.width, image.height).data.buffer);
  const rough = (p) => (p & 255) >> 3 | ((p >> 8 & 255) >> 3) << 5 | ((p >> 16 & 255) >> 3) << 10;
  const exact = new Map(), sizes = new Map(), looks = new Map();
  for (const pixel of pixels) exact.set(pixel, (exact.get(pixel) ?? 0) + 1);
  for (const [pixel, number] of [...exact].sort((one, other) => other[1] - one[1])) {
    const name = rough(pixel);
    sizes.set(name, (sizes.get(name) ?? 0) + number);
    if (!looks.has(name)) looks.set(name, pixel);
  }
  const kept = [...sizes].sort((one, other) => other[1] - one[1]).slice(0, most)
    .map(([name]) => looks.get(name));
  const parts = (p) => [p & 255, p >> 8 & 255, p >> 16 & 255];
  const far = (one, other) =>
    parts(one).reduce((sum, a, at) => sum + (a - parts(other)[at]) ** 2, 0);
  const nearest = new Map([...looks].map(([name, pixel]) => {
    const all = kept.map((one) => far(one, pixel));
    return [name, all.indexOf(Math.min(...all))];
  }));
  const text = [];
  for (let at = 0; at < pixels.length; at += 8192) {
    const some = pixels.subarray(at, at + 8192).map((pixel) => nearest.get(rough(pixel)));
    text.push(String.fromCharCode(...some));
  }
  return [image.width, image.height, kept.flatMap(parts), btoa(text.join(""))];
}"""


class Look(NamedTuple):
    """How a page is looked at; ``scheme`` is light or dark, ``media`` screen or print."""

    name: str
    width: int
    height: int
    scheme: str = "light"
    media: str = "screen"


LOOKS = (
    Look("light", 1200, 760),
    Look("dark", 1200, 760, "dark"),
    Look("narrow", 375, 760),
    Look("print", *A4, media="print"),
)


def look_at(browser: Browser, page: str, look: Look, folder: Path, *, after: str = "") -> None:
    """Open a page as it is looked at; ``after`` is the end of its address."""
    file = folder / "page.html"
    file.write_text(page, encoding="utf-8")
    browser.ask("Page.navigate", url="about:blank")  # an address alone would load nothing anew
    browser.ask(
        "Emulation.setEmulatedMedia",
        media=look.media,
        features=[{"name": "prefers-color-scheme", "value": look.scheme}],
    )
    browser.open(file, width=look.width, height=look.height, after=after)
    if look.media == "print":
        browser.run("dispatchEvent(new Event('beforeprint'))")
    browser.run("document.fonts.ready.then(() => new Promise((done) => setTimeout(done, 200)))")


def save(browser: Browser, name: str) -> None:
    """Save what is in sight; the page is gone afterwards."""
    shot = browser.ask("Page.captureScreenshot", format="png")["data"]
    browser.ask("Page.navigate", url="about:blank")
    browser.wait("document.readyState === 'complete' && location.href === 'about:blank'")
    width, height, palette, pixels = cast(
        "tuple[int, int, list[int], str]",
        browser.run(f"({FEW_COLOURS})({orjson.dumps(shot).decode()}, {COLOURS})"),
    )
    file = FOLDER / f"{name}.png"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(_png(width, height, bytes(palette), base64.b64decode(pixels)))


def _png(width: int, height: int, palette: bytes, pixels: bytes) -> bytes:
    rows = (pixels[at : at + width] for at in range(0, len(pixels), width))
    body = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"PLTE", palette), (b"IDAT", body), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
