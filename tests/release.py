"""Before a release: do tag, version and changelog agree? Prints the notes of that version.

``python -m tests.release v0.2.0``; it needs nothing that is not in Python.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
_HEADING = re.compile(r"^## (\S+)(?: \((.*)\))?$", re.MULTILINE)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def version() -> str:
    """Read the version where it stands once."""
    text = (ROOT / "reconciler" / "__init__.py").read_text("utf-8")
    [found] = re.findall(r'^__version__ = "(.+)"$', text, re.MULTILINE)
    return str(found)


def notes_of(changelog: str, tag: str, ours: str) -> str:
    """Cut the notes of a tag out of the changelog; raises ValueError where they do not agree."""
    if tag != f"v{ours}":
        raise ValueError(f"the tag is {tag}, and the version is {ours}")
    heading = _HEADING.search(changelog)
    if heading is None or heading[1] != ours:
        raise ValueError(f"CHANGELOG.md begins with {heading and heading[1]}, and not with {ours}")
    if not _DAY.fullmatch(heading[2] or ""):
        raise ValueError(f"CHANGELOG.md gives {ours} no day: ## {ours} (2026-12-31)")
    return re.split(r"^## ", changelog[heading.end() :], maxsplit=1, flags=re.MULTILINE)[0].strip()


def main() -> None:
    """Print the notes, or say what does not agree."""
    [tag] = sys.argv[1:]
    try:
        print(notes_of((ROOT / "CHANGELOG.md").read_text("utf-8"), tag, version()))
    except ValueError as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
