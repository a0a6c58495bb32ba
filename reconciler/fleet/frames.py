"""Messages between the coordinator and its workers: a length, then as many bytes of JSON."""

import asyncio
from collections.abc import Mapping
from typing import cast

from ..values.column import JSON
from ..values.jsontext import dumps, loads

Message = Mapping[str, JSON]
_SIZE = 8


def framed(message: Mapping[str, object]) -> bytes:
    """Write one message."""
    body = dumps(message)
    return len(body).to_bytes(_SIZE, "big") + body


async def read_frame(reader: asyncio.StreamReader) -> Message | None:
    """Read the next message; None where there will be none, or half of one."""
    try:
        size = int.from_bytes(await reader.readexactly(_SIZE), "big")
        return cast("Message", loads(await reader.readexactly(size)))
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
