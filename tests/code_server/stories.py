"""What must hold of the extension, each in an editor of its own."""

import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson

from reconciler.values.column import JSON
from tests.code_server.editor import Editor, editor, until
from tests.code_server.hostile import Trap, trap
from tests.code_server.running import CodeServer, code_server, configure
from tests.commandline import run_alone
from tests.sandbox_server import ROOT

FILE = "contacts.yaml"
PROBLEM = "contacts has no column 'frist_name'"
LONG_ENOUGH = 10.0
"""Seconds in which a call would have come; in the story `trust` it comes."""
REFUSED = "the live organization cannot be looked at"
"""What the server logs about an address that knows no key."""
TRUSTED: Mapping[str, JSON] = {"security.workspace.trust.enabled": False}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a story plays: the installed programs, and a folder of its own."""

    script: Path
    package: Path
    program: Path
    folder: Path
    picture: Path
    """What an editor shows in which something was not as it must be."""

    @property
    def villa(self) -> Path:
        return self.folder / "villa"

    @property
    def command(self) -> Mapping[str, JSON]:
        """The setting that names our program."""
        return {"reconciler.command": str(self.program)}


@dataclass(frozen=True, slots=True)
class Scene:
    """An editor with the example open, in which one column is misspelled."""

    place: Place
    server: CodeServer
    editor: Editor
    trap: Trap


@contextmanager
def scene(
    place: Place, user: Mapping[str, JSON], of_folder: bool = False, of_workspace: bool = False
) -> Iterator[Scene]:
    """Open it with settings of the user, and hostile ones of the folder or of a workspace file."""
    shutil.copytree(ROOT / "examples" / "villa", place.villa)
    file = place.villa / FILE
    file.write_text(file.read_text().replace("first_name: Jane", "frist_name: Jane"))
    with trap(place.folder / "trap") as one:
        settings = dict(one.settings)
        opened = place.villa
        if of_folder:
            (place.villa / ".vscode").mkdir()
            (place.villa / ".vscode" / "settings.json").write_bytes(orjson.dumps(settings))
        if of_workspace:
            opened = place.folder / "villa.code-workspace"
            about = {"folders": [{"path": "villa"}], "settings": settings}
            opened.write_bytes(orjson.dumps(about))
        given = {name: one.live.get(name, value) for name, value in user.items()}
        with (
            code_server(place.script, place.package, place.folder / "data", given) as server,
            editor(server, opened, file, place.picture) as window,
        ):
            yield Scene(place, server, window, one)


# --- what must hold -------------------------------------------------------------------------


def used(place: Place) -> str:
    """Trusted: problem, quick fix, completion, and a rename in two files."""
    with scene(place, {**TRUSTED, **place.command}) as at:
        _sees_the_problem(at)
        _only_ours(at)
        _fix(at)
        _complete(at)
        _rename(at)
        _no_errors(at)
    valid = run_alone("validate", place.villa, environment={})
    assert valid.code == 0, valid.all
    return "the problem is shown, a quick fix, a completion and a rename in two files work"


def hostile_folder(place: Place) -> str:
    """Even a trusted folder sets neither the program nor an address."""
    with scene(place, {**TRUSTED, **place.command}, of_folder=True) as at:
        _unharmed(at)
    return "a trusted folder's settings start no other program and ask no address"


def hostile_workspace(place: Place) -> str:
    """Nor does the file of a workspace."""
    with scene(place, {**TRUSTED, **place.command}, of_workspace=True) as at:
        _unharmed(at)
    return "nor do those of a .code-workspace file"


def trust(place: Place) -> str:
    """What the user says of live rows counts once the folder is trusted, which it cannot say."""
    live = {f"reconciler.{name}": None for name in ("live", "apiUrl", "apiKeyFile")}
    user = {**place.command, **live}
    with scene(place, user, of_folder=True) as at:
        _unharmed(at)
        at.editor.command("Workspaces: Manage Workspace Trust")
        at.editor.shows(".workspace-trust-editor .monaco-button", "Trust")
        at.editor.browser.run(
            "[...document.querySelectorAll('.workspace-trust-editor .monaco-button')]"
            ".find(e => e.innerText.trim() === 'Trust').click()"
        )
        until(lambda: bool(at.trap.calls), "the address of the user's settings is asked")
        wanted = f"{place.program} lsp --live --api-url http://127.0.0.1:{at.trap.port}"
        words = at.server.servers()
        assert [wanted in one for one in words] == [True], words
        assert not at.trap.mark.exists(), "the program of the folder was started"
        _no_errors(at, but=REFUSED)
    return "without trust nothing live is asked; when it is given, the user's address is"


def other_program(place: Place) -> str:
    """The same words as user settings do start the program: so the trap works."""
    with scene(place, TRUSTED) as at:
        settings = {"reconciler.command": str(at.trap.program), **TRUSTED}
        configure(at.server.data, settings)
        until(at.trap.mark.exists, "the program of the user's settings is started")
    return "the user's own settings start it, as soon as they are saved"


def no_program(place: Place) -> str:
    """Who has no program is told how to get it."""
    with scene(place, {**TRUSTED, "reconciler.command": "/nowhere/reconciler"}) as at:
        at.editor.shows(".notification-toast", "/nowhere/reconciler lsp cannot be started")
        at.editor.shows(".notification-toast", "pipx install 'bookingmood-reconciler[lsp]'")
    return "where the program is missing, the editor says how to install it"


STORIES: Mapping[str, Callable[[Place], str]] = {
    "used": used,
    "hostile-folder": hostile_folder,
    "hostile-workspace": hostile_workspace,
    "trust": trust,
    "other-program": other_program,
    "no-program": no_program,
}


# --- steps ----------------------------------------------------------------------------------


def _sees_the_problem(at: Scene) -> None:
    at.editor.wait("document.querySelector('.squiggly-error')")
    at.editor.command("Problems: Focus on Problems View")
    at.editor.shows(".markers-panel", PROBLEM)
    at.editor.command("View: Focus Active Editor Group")


def _only_ours(at: Scene) -> None:
    assert at.server.activated(), "no log says that the extension was started"
    words = at.server.servers()
    assert [one.endswith(f"{at.place.program} lsp") for one in words] == [True], words


def _fix(at: Scene) -> None:
    at.editor.command("Go to Next Problem in Files")
    at.editor.shows(".marker-widget", "did you mean 'first_name'?")
    at.editor.browser.press("Escape")
    at.editor.command("Quick Fix...")
    at.editor.shows(".action-widget", "Write first_name")
    at.editor.browser.press("Enter")
    at.editor.wait("!document.querySelector('.squiggly-error')")
    until(lambda: "    first_name: Jane" in _saved(at, FILE), "the quick fix is saved")


def _unharmed(at: Scene) -> None:
    """Without the mistake, a server that may look at live rows looks as soon as that is saved."""
    _sees_the_problem(at)
    _only_ours(at)
    _fix(at)
    time.sleep(LONG_ENOUGH)
    _only_ours(at)
    assert not at.trap.sprung(), f"started: {at.trap.mark.exists()}, asked: {at.trap.calls}"
    _no_errors(at)


def _no_errors(at: Scene, but: str = "no word") -> None:
    errors = [one for one in at.server.errors() if but not in one]
    assert not errors, errors
    hosts = at.editor.elsewhere()
    assert not hosts, f"the editor asks {hosts}"


def _complete(at: Scene) -> None:
    """Write a new column below the last of the first contact."""
    at.editor.go_to(14, 20)
    at.editor.browser.press("Enter")
    at.editor.browser.press(*"comp")
    at.editor.shows(".suggest-widget .monaco-list-row", "company_name")
    at.editor.browser.press("Enter")
    at.editor.browser.write("Doe AG")
    until(lambda: "\n    company_name: Doe AG\n" in _saved(at, FILE), "the completion is saved")


def _rename(at: Scene) -> None:
    at.editor.go_to(5, 4)
    at.editor.command("Rename Symbol")
    at.editor.wait("document.activeElement.closest('.rename-box')")
    at.editor.browser.write("jane")
    at.editor.browser.press("Enter")
    until(lambda: "\n  jane:\n" in _saved(at, FILE), "the key is renamed")
    until(lambda: "{contact_id: jane, " in _saved(at, "bookings.yaml"), "its use is renamed")


def _saved(at: Scene, name: str) -> str:
    return (at.place.villa / name).read_text()
