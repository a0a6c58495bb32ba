"""What editors see besides the folder itself: overlays, files of variables, an organization.

A folder may be anybody's, and so may the settings in it. So nothing that they name is read unless
it lies in a folder that is open, or beside the configuration; links do not lead out of there.
"""

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from ..configuration.load.files import absolute
from ..configuration.load.nodes import Entry, MappingNode, Node, Scalar, SequenceNode
from ..files import leads_outside
from ..values.address import UUID_PATTERN

SETTING = "editor"
MOST_PATHS = 50


@dataclass(frozen=True, slots=True)
class EditorSettings:
    """What is wished to be seen; paths are seen from the folder."""

    overlays: tuple[str, ...] = ()
    var_files: tuple[str, ...] = ()
    organization: str | None = None

    @classmethod
    def of_json(cls, given: object) -> "EditorSettings":
        """Read what an editor sent; what is of another shape says nothing."""
        block = given if isinstance(given, Mapping) else {}
        organization = block.get("organization")
        return cls(
            _texts(block.get("overlays")),
            _texts(block.get("var_files")),
            _organization(organization if isinstance(organization, str) else None),
        )

    @classmethod
    def of_block(cls, settings: Entry | None) -> "EditorSettings | None":
        """Read ``reconciler: editor:``; None where there is none."""
        node = _under(settings.value if settings else None, SETTING)
        if node is None:
            return None
        organization = _under(node, "organization")
        return cls(
            tuple(_items(_under(node, "overlays"))),
            tuple(_items(_under(node, "var_files"))),
            _organization(organization.text if isinstance(organization, Scalar) else None),
        )


class Chosen(NamedTuple):
    """What may be read of what was wished, and what was not: the paths as written."""

    overlays: tuple[Path, ...] = ()
    var_files: tuple[Path, ...] = ()
    refused: tuple[str, ...] = ()


def choose(wished: EditorSettings, folder: Path, open_folders: Iterable[Path]) -> Chosen:
    """Take what lies in an open folder that holds this one, or beside this one."""
    roots = [root for root in open_folders if folder.is_relative_to(root)]
    if not os.path.lexists(folder / ".git"):  # a repository has nothing beside it
        roots.append(folder.parent)
    refused: list[str] = []

    def taken(names: Iterable[str]) -> Iterator[Path]:
        for name in names:
            path = absolute(folder / name)
            if any(path.is_relative_to(one) and not leads_outside(path, one) for one in roots):
                yield path
            else:
                refused.append(name)

    overlays = tuple(taken(wished.overlays[:MOST_PATHS]))
    return Chosen(overlays, tuple(taken(wished.var_files[:MOST_PATHS])), tuple(refused))


def is_plain_file(path: Path) -> bool:
    """Tell whether reading a path comes to an end."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False


def _texts(given: object) -> tuple[str, ...]:
    items = given if isinstance(given, list | tuple) else ()
    return tuple(item for item in items if isinstance(item, str) and _is_path(item))


def _is_path(text: str) -> bool:
    return bool(text) and "\0" not in text and text.isprintable()


def _under(node: Node | None, name: str) -> Node | None:
    entries = node.entries if isinstance(node, MappingNode) else {}
    return entries[name].value if name in entries else None


def _items(node: Node | None) -> Iterator[str]:
    for item in node.items if isinstance(node, SequenceNode) else ():
        if isinstance(item, Scalar) and _is_path(item.text):
            yield item.text


def _organization(text: str | None) -> str | None:
    return text.lower() if text and UUID_PATTERN.match(text) else None
