"""What would change in files, as a unified diff."""

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path

from ..configuration.load.files import shown
from ..staging import Changes
from .visible import visible


def text_diff(file: str, before: str, after: str, *, done: str = "formatted") -> str:
    """Write the lines that change, with some around them; ``done`` says what makes the change."""
    lines = difflib.unified_diff(
        before.split("\n"), after.split("\n"), file, f"{file} ({done})", lineterm=""
    )
    return "".join(f"{visible(line)}\n" for line in lines)


def moves_diff(folders: Mapping[Path, Changes]) -> Iterator[str]:
    """Write what a move would change in each file of each folder."""
    for changes in folders.values():
        new = {path: data.decode("utf-8-sig") for path, data in changes.files.items()}
        for path, text in sorted((new | dict.fromkeys(changes.gone, "")).items()):
            before = path.read_text("utf-8-sig") if path.exists() else ""
            yield text_diff(shown(path), before, text, done="moved")
