"""What a folder from anybody tries: another program, and an address that it wants to be asked."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from reconciler.values.column import JSON


@dataclass(slots=True)
class Trap:
    """A program that leaves a mark, and an address that counts who comes."""

    program: Path
    mark: Path
    key: Path
    port: int = 0
    calls: list[bytes] = field(default_factory=list)

    @property
    def live(self) -> Mapping[str, JSON]:
        """Settings with which the server asks the address."""
        return {
            "reconciler.live": True,
            "reconciler.apiUrl": f"http://127.0.0.1:{self.port}",
            "reconciler.apiKeyFile": str(self.key),
            "reconciler.showPersonalData": True,
        }

    @property
    def settings(self) -> Mapping[str, JSON]:
        """All that a folder could try; the last would make it trusted."""
        other = {"reconciler.command": str(self.program)}
        return {**self.live, **other, "security.workspace.trust.enabled": False}

    def sprung(self) -> bool:
        """Whether the program was started, or the address asked."""
        return self.mark.exists() or bool(self.calls)


@contextmanager
def trap(folder: Path) -> Iterator[Trap]:
    """Set one up; the address listens on this machine until the block ends."""
    folder.mkdir(parents=True)
    one = Trap(folder / "other program", folder / "mark", folder / "key")
    one.program.write_text(f'#!/bin/sh\necho "$0" "$@" >> "{one.mark}"\n')
    one.program.chmod(0o755)
    one.key.write_text("a-key\n")
    one.key.chmod(0o600)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        one.port = listening.getsockname()[1]
        threading.Thread(target=_count, args=(listening, one.calls), daemon=True).start()
        yield one


def _count(listening: socket.socket, calls: list[bytes]) -> None:
    while True:
        try:
            connection, _ = listening.accept()
        except OSError:
            return
        with connection:
            connection.settimeout(5)
            try:
                calls.append(connection.recv(100).split(b"\r\n")[0])
                connection.sendall(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")
            except OSError:
                calls.append(b"")
