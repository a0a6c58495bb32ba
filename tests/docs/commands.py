"""docs/commands.md: what people wrote, and after it the commands as click knows them."""

import html
import inspect
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import click

from reconciler.cli import COMMANDS, cli
from tests.sandbox_server import ROOT

PAGE = ROOT / "docs" / "commands.md"
GENERATED = re.compile(
    r"(?<=<!-- commands, written by `make docs` -->\n).*(?=<!-- end of commands -->)", re.DOTALL
)
SHARED = 3
"""An option that so many commands have is explained once."""


@dataclass(frozen=True, slots=True)
class Explained:
    """An option, as ``--help`` explains it."""

    name: str
    text: str

    @property
    def line(self) -> str:
        """Write it as an entry of a list."""
        return f"- `{self.name}`: {_escaped(self.text)}\n"

    @property
    def word(self) -> str:
        """Give the option itself, without what follows it."""
        return self.name.split()[0]


def commands_page() -> str:
    """Put the commands of today into the page."""
    text = "\n".join(_parts())
    return GENERATED.sub(lambda _: text, PAGE.read_text("utf-8"))


def _parts() -> Iterator[str]:
    names = [*_names()]
    options = {name: _options(name) for name in names}
    counts = Counter(one for explained in options.values() for one in explained)
    shared = [one for one, count in counts.items() if count >= SHARED]
    yield _overview()
    yield "### Shared options\n"
    yield "Several commands have these; the list of each command names those that it has.\n"
    yield "".join(one.line for one in shared)
    for name in names:
        yield from _command(name, options, shared)


def _names() -> Iterator[str]:
    """Name all commands; those of a group come after it, as ``fleet plan``."""
    for name in COMMANDS:
        yield name
        loaded = _loaded(name)
        if isinstance(loaded, click.Group):
            context = click.Context(loaded)
            yield from (f"{name} {one}" for one in loaded.list_commands(context))


def _overview() -> str:
    lines = (f"| [`{name}`](#{name}) | {_escaped(text)} |\n" for name, text in COMMANDS.items())
    return "| command | does |\n|---|---|\n" + "".join(lines)


def _command(
    name: str, options: Mapping[str, list[Explained]], shared: list[Explained]
) -> Iterator[str]:
    yield f"### {name}\n"
    usage = " ".join(_loaded(name).collect_usage_pieces(_context(name)))
    yield f"```\nreconciler {name} {usage}\n```\n"
    for paragraph in inspect.cleandoc(_loaded(name).help or "").split("\n\n"):
        yield _paragraph(paragraph)
    own = [one.line for one in options[name] if one not in shared]
    if own:
        yield "".join(own)
    common = [f"`{one.word}`" for one in options[name] if one in shared]
    if common:
        yield f"[Shared options](#shared-options): {', '.join(common)}.\n"


def _paragraph(text: str) -> str:
    if not text.startswith("\b\n"):
        return _escaped(" ".join(text.split())) + "\n"
    title, _, lines = text.removeprefix("\b\n").partition("\n")
    return f"{title}\n\n```\n{inspect.cleandoc(lines)}\n```\n"


def _options(name: str) -> list[Explained]:
    context = _context(name)
    options = [one for one in _loaded(name).params if isinstance(one, click.Option)]
    return [Explained(*record) for one in options if (record := one.get_help_record(context))]


def _context(name: str) -> click.Context:
    parent = click.Context(cli, info_name="reconciler")
    return click.Context(_loaded(name), parent=parent, info_name=name)


def _loaded(name: str) -> click.Command:
    command: click.Command | None = cli
    for word in name.split():
        assert isinstance(command, click.Group)
        command = command.get_command(click.Context(command), word)
    assert command is not None
    return command


def _escaped(text: str) -> str:
    """Write a text so that Markdown shows it as it is; code stays code."""
    parts = re.split(r"(`[^`]*`)", " ".join(text.split()))
    plain = (re.sub(r"([*|\\])", r"\\\1", html.escape(part, quote=False)) for part in parts[::2])
    return "".join(f"{text}{code}" for text, code in zip(plain, [*parts[1::2], ""], strict=True))
