"""A language server as an editor talks to it: messages over its stdin and stdout."""

import itertools
import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer
from typing import Any

from .framing import Message, receive, send
from .node import node, package

CURSOR = "§"
"""Stands in a text where the cursor is."""

_LONGEST = 120
_CAPABILITIES: Message = {
    "textDocument": {
        "completion": {"completionItem": {"snippetSupport": True}},
        "hover": {"contentFormat": ["markdown"]},
    },
    "workspace": {"configuration": True, "workspaceFolders": True},
}


@dataclass(slots=True)
class LanguageServer:
    """The YAML language server, for one folder, with the settings of that folder."""

    process: subprocess.Popen[bytes]
    folder: Path
    settings: Message
    count: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def completions(self, file: str, text: str) -> dict[str, str]:
        """Complete at the cursor: labels, and the text that would be inserted."""
        found = self._at_cursor("textDocument/completion", file, text)
        return {
            item["label"]: item.get("textEdit", {}).get("newText", item.get("insertText"))
            for item in found["items"]
        }

    def hover(self, file: str, text: str) -> str:
        """Say what is shown when the mouse rests at the cursor."""
        found = self._at_cursor("textDocument/hover", file, text)
        return str(found["contents"]["value"]) if found else ""

    def diagnostics(self, file: str, text: str) -> list[str]:
        """List what is marked in a file: the line, from 1, and the words."""
        uri = self._open(file, text)
        published = self._read_until(
            lambda m: (
                m.get("method") == "textDocument/publishDiagnostics" and m["params"]["uri"] == uri
            )
        )
        self._close(uri)
        found = published["params"]["diagnostics"]
        return [f"{one['range']['start']['line'] + 1}: {one['message']}" for one in found]

    def ask(self, method: str, parameters: object) -> Any:
        """Send a request, and wait for its answer."""
        number = next(self.count)
        send(self.process.stdin, {"id": number, "method": method, "params": parameters})
        answer = self._read_until(lambda m: m.get("id") == number and "method" not in m)
        assert "error" not in answer, answer
        return answer["result"]

    def tell(self, method: str, parameters: object) -> None:
        """Send what needs no answer."""
        send(self.process.stdin, {"method": method, "params": parameters})

    def _at_cursor(self, method: str, file: str, text: str) -> Any:
        before, cursor, after = text.partition(CURSOR)
        assert cursor, "no cursor in the text"
        uri = self._open(file, before + after)
        place = {"line": before.count("\n"), "character": len(before) - before.rfind("\n") - 1}
        found = self.ask(method, {"textDocument": {"uri": uri}, "position": place})
        self._close(uri)
        return found

    def _open(self, file: str, text: str) -> str:
        # a new name each time: what is still said about a closed file must not be taken for this
        path = self.folder / file
        uri = path.with_name(f"{next(self.count)}-{path.name}").as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": document})
        return uri

    def _close(self, uri: str) -> None:
        self.tell("textDocument/didClose", {"textDocument": {"uri": uri}})

    def _read_until(self, wanted: Callable[[Message], bool]) -> Message:
        while True:
            message = receive(self.process.stdout)
            if "method" in message and "id" in message:
                send(self.process.stdin, {"id": message["id"], "result": self._answer(message)})
            elif wanted(message):
                return message

    def _answer(self, message: Message) -> object:
        if message["method"] != "workspace/configuration":
            return None
        sections = [item.get("section") for item in message["params"]["items"]]
        return [self.settings if section == "yaml" else None for section in sections]


@contextmanager
def yaml_language_server(folder: Path) -> Iterator[LanguageServer]:
    """Run the server for a folder; its ``.vscode/settings.json`` is heeded, as in the editor."""
    program = package("yaml-language-server") / "bin" / "yaml-language-server"
    with subprocess.Popen(
        [node(), program, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        watchdog = Timer(_LONGEST, process.kill)
        watchdog.start()
        try:
            server = LanguageServer(process, folder, _settings(folder))
            root = {"uri": folder.as_uri(), "name": folder.name}
            server.ask(
                "initialize",
                {
                    "processId": None,
                    "rootUri": root["uri"],
                    "workspaceFolders": [root],
                    "capabilities": _CAPABILITIES,
                },
            )
            server.tell("initialized", {})
            yield server
        finally:
            watchdog.cancel()
            process.kill()


def _settings(folder: Path) -> Message:
    file = folder / ".vscode" / "settings.json"
    written = json.loads(file.read_bytes()) if file.exists() else {}
    own = {name.removeprefix("yaml."): value for name, value in written.items()}
    plain = {"validate": True, "completion": True, "hover": True, "schemaStore": {"enable": False}}
    return {**plain, **own}
