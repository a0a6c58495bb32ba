"""The values of secret variables are taken out of whatever is printed, wherever it comes from.

They stand in nothing that the tool makes; but a server may quote what it was sent.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TextIO, cast

import click

HIDDEN = "(secret)"
_PAGE = "<!doctype html>"
_OWN = r"(?s)(<style>.*?</style>|<script>.*?</script>)"
"""The code of a page, which is named by its hash; what is not ours has another element."""


class Hiding:
    """Writes stdout and stderr without the texts that it was told of."""

    def __init__(self) -> None:
        self._texts: list[str] = []

    def add(self, secrets: Iterable[str]) -> None:
        """Hide these from now on, also as JSON, HTML and URLs write them."""
        forms = {form for text in secrets for form in _forms(text)}
        if forms and not self._texts:
            sys.stdout = cast("TextIO", _Stream(sys.stdout, self))
            sys.stderr = cast("TextIO", _Stream(sys.stderr, self))
        self._texts = sorted({*self._texts, *forms}, key=len, reverse=True)

    def masked(self, text: str) -> str:
        """Put a mark where a secret stands; a page with another code than ours would not run."""
        if text.startswith(_PAGE):
            parts = re.split(_OWN, text)
            return "".join(
                self._hidden(part) if at % 2 == 0 else part for at, part in enumerate(parts)
            )
        return self._hidden(text)

    def _hidden(self, text: str) -> str:
        for secret in self._texts:
            text = text.replace(secret, HIDDEN)
        return text


class _Stream:
    """A text stream whose writers cannot get past the mask: it shows no ``buffer`` below it."""

    def __init__(self, below: TextIO, hiding: Hiding) -> None:
        self._below = below
        self._hiding = hiding

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError("only texts can be written here")
        self._below.write(self._hiding.masked(text))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        self.write("".join(lines))

    def __getattr__(self, name: str) -> object:
        if name == "buffer":
            raise AttributeError(name)
        return getattr(self._below, name)


@contextmanager
def hiding_streams() -> Iterator[Hiding]:
    """Let commands say what to hide, and put the streams back at the end."""
    streams = sys.stdout, sys.stderr
    try:
        yield Hiding()
    finally:
        sys.stdout, sys.stderr = streams


def hide(secrets: Iterable[str]) -> None:
    """Hide texts in whatever this run prints from now on."""
    context = click.get_current_context(silent=True)
    hiding = context.find_object(Hiding) if context else None
    if hiding:
        hiding.add(secrets)


def _forms(text: str) -> Iterator[str]:
    import html  # few runs have secrets, and every run begins here
    import json
    from urllib.parse import quote

    for whole in {text, text.strip()} - {""}:
        yield whole
        yield json.dumps(whole, ensure_ascii=False)[1:-1]
        yield json.dumps(whole)[1:-1]
        yield html.escape(whole)
        yield quote(whole, safe="")
        yield quote(whole)
