"""Texts of others inside GitHub's Markdown: they break nothing, and mention nobody.

What stands in code is taken as it is, there GitHub looks neither for @names nor for #numbers.
"""

import re
from collections.abc import Iterable
from html import escape

from ..visible import visible

_BACKTICKS = re.compile("`+")


def code(text: str) -> str:
    """Write a text as inline code."""
    text = visible(text)
    fence = "`" * (_longest(text) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}" if text else ""


def code_html(text: str) -> str:
    """Write a text as code where HTML stands, such as in a summary."""
    return f"<code>{escape(visible(text))}</code>"


def fenced(lines: Iterable[str], language: str) -> str:
    """Write lines as a block of code."""
    body = "\n".join(lines)
    fence = "`" * max(3, _longest(body) + 1)
    return f"{fence}{language}\n{body}\n{fence}"


def _longest(text: str) -> int:
    return max(map(len, _BACKTICKS.findall(text)), default=0)
