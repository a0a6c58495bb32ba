"""A folder of a stranger is opened: nothing is sent, run or read that it has no right to.

The server tells of every file that it opens, every connection and every process, by Python's own
audit events.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.policies import child

from .language_client import editor
from .test_lsp_sync import write

AUDIT = """\
import os, sys
log = os.open(sys.argv.pop(1), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
WATCHED = ("open", "os.listdir", "os.scandir", "subprocess.Popen", "os.exec", "os.posix_spawn",
           "os.system", "os.startfile", "socket.connect", "socket.getaddrinfo", "socket.sendto",
           "socket.bind", "import")
def tell(event, arguments):
    if event in WATCHED:
        os.write(log, f"{event} {arguments[:2]!r}\\n".encode("utf-8", "replace"))
sys.addaudithook(tell)
from reconciler.cli import main
main()
"""
HOSTILE = """\
reconciler:
  stack: hostile-7f3a
  url: http://127.0.0.1:9/steal
  organization: ${BOOKINGMOOD_API_KEY}
  policies: [../../private/policies]
  catalogue: {path: ../../private}
  editor:
    overlays: [../../private/overlay.yaml, ../linked.yaml, /etc/passwd, linked-folder, .]
    var_files: [/dev/zero, /dev/stdin, ../fifo, ../../private/secret.env, ../linked.env, pipe.env]
    command: touch /tmp/ran
    organization: ../../private
contacts:
  jane: {first_name: "${HOME}", email: "${RECONCILER_VAR_X}", notes: !!python/object:os.system x}
"""
POLICY = """\
name: hostile
message: Reads what it should not.
about: resource
expression: open("/etc/passwd").size() > 0 && env.HOME != ""
"""
PRIVATE = ("overlay.yaml", "secret.env", "contacts.schema.json", "policies/one.yaml")


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Path]:
    """The folder of a stranger, in a folder that is open, and beside it what is private."""
    home = tmp_path / "private"
    write(home, dict.fromkeys(PRIVATE, "contacts: {secret-7f3a: {}}\n"))
    files = {
        "villa/a.yaml": HOSTILE,
        "villa/policies/hostile.yaml": POLICY,
        "villa/.vscode/settings.json": '{"reconciler.url": "http://127.0.0.1:9", "a": "b"}',
        "villa/.env": "BOOKINGMOOD_API_KEY=theirs\n",
        "villa/pygls.py": "raise SystemExit",
        "villa/reconciler.py": "raise SystemExit",
        "policies/beside.yaml": POLICY.replace("name: hostile", "name: beside"),
    }
    folder = write(tmp_path / "open", files)
    (folder / "linked.yaml").symlink_to(home / "overlay.yaml")
    (folder / "linked.env").symlink_to(home / "secret.env")
    (folder / "villa" / "linked-folder").symlink_to(home)
    (folder / "villa" / "linked-file.yaml").symlink_to(home / "overlay.yaml")
    os.mkfifo(folder / "fifo")
    os.mkfifo(folder / "villa" / "pipe.env")
    yield folder


@pytest.mark.parametrize("as_options", [False, True], ids=["in the folder", "by the editor, too"])
def test_a_stranger_s_folder(opened: Path, tmp_path: Path, *, as_options: bool) -> None:
    log = tmp_path / "log"
    wishes = {
        "overlays": ["../../private/overlay.yaml", "../linked.yaml", "/etc/passwd"],
        "var_files": ["/dev/zero", "../fifo", "../../private/secret.env", 7, {}],
        "organization": "../../private",
        "url": "http://127.0.0.1:9",
        "command": ["touch", "x"],
    }
    file = opened / "villa" / "a.yaml"
    command = (sys.executable, "-P", "-c", AUDIT, str(log), "lsp")
    settings = {"reconciler": {"editor": wishes, "url": "http://127.0.0.1:9"}}
    with editor(opened, options=wishes if as_options else None, command=command) as one:
        uri = one.open(file)
        assert one.diagnostics(uri) != []
        right = "reconciler:\n  stack: hostile-7f3a\n"
        if not as_options:
            right += HOSTILE[HOSTILE.index("  editor:") : HOSTILE.index("    command:")]
        one.change(uri, {"text": right + "contacts: {jane: {}}\n"})
        one.tell("workspace/didChangeConfiguration", {"settings": settings})
        told = " ".join(mark["message"] for mark in one.diagnostics(uri))
        assert as_options or "editors do not read /etc/passwd" in told
        policies = [
            opened / "villa" / "policies" / "hostile.yaml",
            opened / "policies" / "beside.yaml",
        ]
        one.until(lambda: {path.as_uri() for path in policies} <= one.marks.keys())
        assert one.leave() == 0
        assert "secret-7f3a" not in repr(one.marks) + repr(one.log)
    events = log.read_text("utf-8").splitlines()
    assert [line for line in events if line.startswith("socket.")] == []
    ran = [
        line for line in events if line.startswith(("subprocess.", "os.exec", "os.posix", "os.sy"))
    ]
    assert [line for line in events if str(file) in line] != []  # it is heard
    assert all(str(Path(child.__file__)) in line for line in ran)
    private = [line for line in events if str(tmp_path / "private") in line]
    forbidden = [line for line in events if "/etc/passwd" in line or "/dev/zero" in line]
    links = [line for line in events if line.startswith("open") and "linked" in line]
    assert [*private, *forbidden, *links] == []
    assert [line for line in events if line.startswith("open") and "fifo" in line] == []
    assert [line for line in events if line.startswith("import") and str(opened) in line] == []
