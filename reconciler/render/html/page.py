"""One self-contained page out of its parts; scripts and styles stand in it, named by their hash.

The policy lets nothing else run and nothing be fetched, whatever a value may hold.
"""

import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from hashlib import sha256
from html import escape
from pathlib import Path

from ...values.jsontext import dumps

FOLDER = Path(__file__).parent
WITHOUT_SCRIPT = (
    "This page needs JavaScript to list the changes; nothing in it reaches the network.\n"
    "The same plan as text: <code>reconciler show FILE</code>."
)
_BLANK = re.compile(r"\{\{(\w+)\}\}")


def page(
    title: str,
    body: str,
    scripts: Iterable[str],
    data: str = "",
    without_script: str = WITHOUT_SCRIPT,
) -> str:
    """Put a page together; ``scripts`` are files of this folder."""
    code = "\n".join(["(() => {", '"use strict";', *map(read, scripts), "})();"])
    style = read("style.css")
    policy = (
        f"default-src 'none'; script-src '{_hash(code)}'; style-src '{_hash(style)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    parts = {"policy": policy, "title": escape(title), "style": style, "script": code}
    more = {"body": body, "data": data, "without_script": without_script}
    return filled("page.html", {**parts, **more})


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
