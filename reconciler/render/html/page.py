"""One self-contained page out of its parts; scripts and styles stand in it, named by their hash.

The policy lets nothing else run and nothing be fetched, whatever a value may hold.
"""

import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from pathlib import Path

from ... import __version__
from ...values.jsontext import dumps

FOLDER = Path(__file__).parent
FIRST = 'document.documentElement.classList.add("scripted");'
"""Runs before anything is drawn, so that what needs a script never stands there without one."""
_LETTERS = '<button type="button" id="letters">Letter keys</button>'
_BLANK = re.compile(r"\{\{(\w+)\}\}")


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the content of every page.

    ``title``, ``digest``, ``tool_version`` and ``keys`` are texts; all else is HTML. ``left_out``
    says what the page does not show, and stands beside the digest, always in sight. ``panes`` is
    for content that fills the window and scrolls inside.
    """

    title: str
    heading: str = ""
    about: tuple[str, ...] = ()
    buttons: str = ""
    below: str = ""
    digest: str = ""
    left_out: tuple[str, ...] = ()
    tool_version: str = __version__
    keys: Mapping[str, str] | None = None
    layout: str = ""


def page(
    frame: Frame,
    body: str,
    *,
    scripts: Iterable[str] = (),
    styles: Iterable[str] = (),
    data: str = "",
    without_script: str = "",
    library: str = "",
) -> str:
    """Put a page together; ``scripts`` and ``styles`` are files of this folder.

    ``base.js`` and ``base.css`` are always there; ``library`` is code that the scripts use, and
    ``without_script`` is HTML.
    """
    pieces = [library, *map(read, ("base.js", *scripts))]
    code = "\n".join(["(() => {", '"use strict";', *filter(None, pieces), "})();"])
    style = "".join(map(read, ("base.css", *styles)))
    policy = (
        f"default-src 'none'; script-src '{_hash(FIRST)}' '{_hash(code)}'; "
        f"style-src '{_hash(style)}'; base-uri 'none'; form-action 'none'"
    )
    parts = {"policy": policy, "style": style, "script": code, "first": FIRST}
    more = {"body": body, "data": data, "without_script": without_script}
    return filled("page.html", {**parts, **more, **_around(frame)})


def _around(frame: Frame) -> dict[str, str]:
    return {
        "title": escape(frame.title),
        "heading": frame.heading or escape(frame.title),
        "about": "\n    ".join(f'<p class="muted">{line}</p>' for line in frame.about if line),
        "buttons": frame.buttons,
        "below": frame.below,
        "layout": frame.layout,
        "foot": _foot(frame),
    }


def _foot(frame: Frame) -> str:
    digest = escape(frame.digest)
    digest = digest and f'digest <code class="whole" title="{digest}">{digest}</code>'
    left_out = f"<strong>Left out:</strong> {'; '.join(frame.left_out)}" if frame.left_out else ""
    keys = " ".join(
        f"{' '.join(f'<kbd>{escape(one)}</kbd>' for one in names.split())} {escape(what)}"
        for names, what in (frame.keys or {}).items()
    )
    parts = {
        "digest": digest,
        "left-out": left_out,
        "tool": f"reconciler {escape(frame.tool_version)}",
        "keys needs-script": keys,
        "letters needs-script": _LETTERS if any(map(_is_letter, frame.keys or ())) else "",
    }
    return "".join(f'<span class="{name}">{text}</span>' for name, text in parts.items() if text)


def _is_letter(names: str) -> bool:
    return any(len(name) == 1 and name.isascii() for name in names.split())


def filled(template: str, parts: Mapping[str, str]) -> str:
    """Fill the blanks of a template with HTML."""
    return _BLANK.sub(lambda blank: parts[blank[1]], read(template))


def read(name: str) -> str:
    """Read a file of this folder."""
    return (FOLDER / name).read_text(encoding="utf-8")


def embedded(name: str, value: object) -> str:
    """Embed data; no value can end the element that holds it."""
    text = dumps(value).decode().replace("<", "\\u003c")
    return f'<script type="application/json" id="{name}">{text}</script>'


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
