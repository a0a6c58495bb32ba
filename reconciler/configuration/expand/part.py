"""A resource that a template makes."""

from typing import NamedTuple

from ..load.nodes import Entry, Node


class Part(NamedTuple):
    """A resource that is made; ``item`` holds its columns, its key is that of a link made up."""

    kind: str
    key: str
    item: Entry
    is_link: bool

    def with_node(self, node: Node) -> "Part":
        """Give it other columns."""
        return self._replace(item=self.item._replace(value=node))
