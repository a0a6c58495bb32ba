"""Messages of the language server protocol over pipes: a length, an empty line, and JSON."""

import json
from typing import IO, Any

Message = dict[str, Any]


def send(pipe: IO[bytes] | None, message: Message) -> None:
    """Send a message."""
    send_bytes(pipe, json.dumps({"jsonrpc": "2.0", **message}).encode())


def send_bytes(pipe: IO[bytes] | None, body: bytes) -> None:
    """Send anything at all as the body of a message."""
    assert pipe
    pipe.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    pipe.flush()


def receive(pipe: IO[bytes] | None) -> Message:
    """Wait for the next message."""
    assert pipe
    length = 0
    while line := pipe.readline().strip():
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    assert length, "the language server ended, or took too long"
    message: Message = json.loads(pipe.read(length))
    return message
