"""The name of a resource, and what keys and ids look like."""

import re
from typing import NamedTuple

KEY_PATTERN = re.compile(r"[a-z0-9](?:[a-z0-9_]|-(?!-))*\Z")


UUID_PATTERN = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z", re.IGNORECASE)


LINK_SEPARATOR = "--"


class Address(NamedTuple):
    """``kind.key``: the name of a resource in the configuration."""

    kind: str
    key: str

    def __str__(self) -> str:
        return f"{self.kind}.{self.key}"
