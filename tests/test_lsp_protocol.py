"""The server lives on whatever it is sent, and ends as editors expect."""

import socket
import subprocess
import sys
import time
from pathlib import Path

from .commandline import Finished, run_without
from .language_client import editor
from .test_lsp_sync import BLOCK, write

SECRET = "do-not-tell-7f3a"
BAD: dict[str, bytes] = {
    "no JSON": b"{",
    "a list": b"[1, 2]",
    "no method": b'{"jsonrpc": "2.0", "id": 7}',
    "an unknown notification": b'{"jsonrpc": "2.0", "method": "$/nothing", "params": {}}',
    "a change of what is not open": (
        b'{"jsonrpc": "2.0", "method": "textDocument/didChange", "params": {"textDocument":'
        b' {"uri": "file:///nowhere.yaml", "version": 2}, "contentChanges": [{"text": "x"}]}}'
    ),
    "a document that is no file": (
        b'{"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument":'
        b' {"uri": "untitled:do-not-tell-7f3a", "languageId": "yaml", "version": 1, "text": "x"}}}'
    ),
    "an address that is none": (
        b'{"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument":'
        b' {"uri": "file://[do-not-tell-7f3a", "languageId": "yaml", "version": 1, "text": ""}}}'
    ),
    "half a character": (
        b'{"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument":'
        b' {"uri": "file:///tmp/h.yaml", "languageId": "yaml", "version": 1, "text": "\\ud800"}}}'
    ),
    "parameters of another shape": (
        b'{"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": ["do-not-tell-7f3a"]}'
    ),
}


def test_it_lives_on_whatever_it_is_sent(tmp_path: Path) -> None:
    wrong = BLOCK + "contacts: {jane: {zip: []}}\n"
    folder = write(tmp_path / "a", {"a.yaml": BLOCK})
    with editor(folder) as one:
        uri = one.open(folder / "a.yaml")
        for name, body in BAD.items():
            one.send_bytes(body)
            one.change(uri, {"text": wrong})
            assert [mark["code"] for mark in one.diagnostics(uri)] == ["wrong-type"], name
        assert SECRET not in "".join(one.log)
        assert one.leave() == 0


def test_an_editor_that_does_not_say_goodbye(tmp_path: Path) -> None:
    with editor(write(tmp_path / "a", {"a.yaml": BLOCK})) as one:
        one.tell("exit", None)
        assert one.process.wait(20) == 1


def test_an_editor_that_is_gone(tmp_path: Path) -> None:
    with editor(write(tmp_path / "a", {"a.yaml": BLOCK})) as one:
        assert one.process.stdin
        one.process.stdin.close()
        assert one.process.wait(20) == 1


def test_it_listens_on_this_machine_alone() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with subprocess.Popen(
        [sys.executable, "-m", "reconciler", "lsp", "--tcp", str(port)], stdin=subprocess.DEVNULL
    ) as process:
        try:
            for _ in range(200):
                try:
                    peer = socket.create_connection(("127.0.0.1", port), timeout=20)
                    break
                except ConnectionRefusedError:
                    time.sleep(0.1)
            body = b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}'
            with peer:
                peer.sendall(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
                assert b"Content-Length" in peer.recv(4096)
            listening = Path(f"/proc/{process.pid}/net/tcp").read_text("ascii")
            assert f"00000000:{port:04X}" not in listening
        finally:
            process.kill()


def test_it_says_what_to_install() -> None:
    done = run_without("pygls", "lsp")
    said = (
        "error: what talks to editors is not installed\n"
        "  hint: in the clone, pip install '.[lsp]'\n"
    )
    assert done == Finished(1, "", said)
