"""An editor for tests: it talks to ``reconciler lsp`` over stdin and stdout, as editors do."""

import itertools
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer
from typing import Any

from .framing import Message, receive, send, send_bytes

CURSOR = "§"
"""Stands in a text where the cursor is."""
LONGEST = 60
SERVER = (sys.executable, "-P", "-m", "reconciler", "lsp")

CAPABILITIES: Message = {
    "general": {"positionEncodings": ["utf-16"]},
    "textDocument": {
        "completion": {"completionItem": {"snippetSupport": True}},
        "hover": {"contentFormat": ["markdown"]},
        "publishDiagnostics": {"relatedInformation": True},
    },
    "workspace": {
        "workspaceFolders": True,
        "didChangeWatchedFiles": {"dynamicRegistration": True},
        "workspaceEdit": {"documentChanges": True, "resourceOperations": ["create", "delete"]},
    },
}


@dataclass(slots=True)
class Editor:
    """One editor with its server; ``marks`` are the last diagnostics of each file, by its URI."""

    process: subprocess.Popen[bytes]
    folders: Sequence[Path]
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    versions: dict[str, int] = field(default_factory=dict)
    marks: dict[str, list[Message]] = field(default_factory=dict)
    told: dict[str, int | None] = field(default_factory=dict)
    """The version that the last diagnostics of a file are of."""
    log: list[str] = field(default_factory=list)
    asked: list[Message] = field(default_factory=list)
    """What the server asked the editor."""
    capabilities: Message = field(default_factory=dict)

    def open(self, path: Path, text: str | None = None) -> str:
        """Open a file, with what it holds, or with another text; gives its URI."""
        uri = path.as_uri()
        written = path.read_bytes().decode() if text is None else text
        self.versions[uri] = 1
        item = {"uri": uri, "languageId": "yaml", "version": 1, "text": written}
        self.tell("textDocument/didOpen", {"textDocument": item})
        return uri

    def change(self, uri: str, *changes: Message) -> None:
        """Change a document: ``{"text": …}``, and ``{"range": …}`` where only a part changes."""
        self.versions[uri] += 1
        item = {"uri": uri, "version": self.versions[uri]}
        self.tell("textDocument/didChange", {"textDocument": item, "contentChanges": list(changes)})

    def close(self, uri: str) -> None:
        """Close a document."""
        del self.versions[uri]
        self.tell("textDocument/didClose", {"textDocument": {"uri": uri}})

    def diagnostics(self, uri: str) -> list[Message]:
        """Wait for the diagnostics of a document's last version."""
        while uri not in self.marks or self.told.get(uri) != self.versions.get(uri):
            self._take()
        return self.marks[uri]

    def marked(self, uri: str, code: str) -> list[Message]:
        """Wait until something with a code is marked in a file; gives it."""
        while not (found := [m for m in self.marks.get(uri, []) if m.get("code") == code]):
            self._take()
        return found

    def until(self, ready: Callable[[], object]) -> None:
        """Take messages until something holds."""
        while not ready():
            self._take()

    def settled(self) -> dict[str, list[Message]]:
        """Let all be read anew; gives what is marked anywhere."""
        self.ask("workspace/executeCommand", {"command": "reconciler.check"})
        return {uri: marks for uri, marks in self.marks.items() if marks}

    def at(self, method: str, uri: str, line: int, character: int, **more: object) -> Any:
        """Ask about a place in a document."""
        place = {"line": line, "character": character}
        item = {"uri": uri}
        return self.ask(method, {"textDocument": item, "position": place, **more})

    def at_cursor(self, method: str, path: Path, text: str, **more: object) -> Any:
        """Open a text with a cursor (§) as a file, and ask about that place."""
        before, cursor, after = text.partition(CURSOR)
        assert cursor, "no cursor in the text"
        uri = self.open(path, before + after)
        line = before.count("\n")
        return self.at(method, uri, line, len(before) - before.rfind("\n") - 1, **more)

    def ask(self, method: str, parameters: object) -> Any:
        """Send a request, and wait for its answer."""
        answer = self.answer(method, parameters)
        assert "error" not in answer, answer
        return answer["result"]

    def answer(self, method: str, parameters: object) -> Message:
        """Send a request, and wait for its answer, be it an error."""
        number = next(self.numbers)
        self.send({"id": number, "method": method, "params": parameters})
        while True:
            message = self._take()
            if message.get("id") == number and "method" not in message:
                return message

    def tell(self, method: str, parameters: object) -> None:
        """Send what needs no answer."""
        self.send({"method": method, "params": parameters})

    def send(self, message: Message) -> None:
        """Send a message."""
        send(self.process.stdin, message)

    def send_bytes(self, body: bytes) -> None:
        """Send anything at all as the body of a message."""
        send_bytes(self.process.stdin, body)

    def leave(self) -> int:
        """Say goodbye as the protocol wants it; gives the exit code."""
        self.ask("shutdown", None)
        self.tell("exit", None)
        return self.process.wait(LONGEST)

    def _take(self) -> Message:
        message = receive(self.process.stdout)
        method = message.get("method")
        if method == "textDocument/publishDiagnostics":
            parameters = message["params"]
            self.marks[parameters["uri"]] = parameters["diagnostics"]
            self.told[parameters["uri"]] = parameters.get("version")
        elif method == "window/logMessage":
            self.log.append(message["params"]["message"])
        elif method and "id" in message:
            self.asked.append(message)
            self.send({"id": message["id"], "result": None})
        return message


@contextmanager
def editor(
    *folders: Path,
    options: object = None,
    encodings: Sequence[str] = ("utf-16",),
    environment: dict[str, str] | None = None,
    prepare: Callable[[Message], None] = lambda _: None,
    arguments: Sequence[str] = (),
    command: Sequence[str] = SERVER,
    longest: float = LONGEST,
) -> Iterator[Editor]:
    """Run the server for some folders, and wait until it knows them.

    ``options`` are the initialization options; ``prepare`` may change the first message;
    ``command`` is another way to start a server.
    """
    with subprocess.Popen(
        [*command, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, **(environment or {})},
        cwd=folders[0] if folders else None,
    ) as process:
        watchdog = Timer(longest, process.kill)
        watchdog.start()
        try:
            one = Editor(process, folders)
            opened = [{"uri": folder.as_uri(), "name": folder.name} for folder in folders]
            first: Message = {
                "processId": os.getpid(),
                "rootUri": opened[0]["uri"] if opened else None,
                "workspaceFolders": opened,
                "capabilities": {
                    **CAPABILITIES,
                    "general": {"positionEncodings": list(encodings)},
                },
                "initializationOptions": options,
            }
            prepare(first)
            one.capabilities = one.ask("initialize", first)["capabilities"]
            one.tell("initialized", {})
            yield one
        finally:
            watchdog.cancel()
            process.kill()
