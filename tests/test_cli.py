"""The command line: exit codes, streams, questions, colour, signals."""

import fcntl
import os
import pty
import select
import signal
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import click
import pytest

from reconciler import __version__
from reconciler.cli import COMMANDS
from tests.commandline import Finished, Workspace, failed_inside, run, run_alone
from tests.front import Forward, Reply, Request, front
from tests.organization import Organization
from tests.sandbox_server import ROOT

JANE = "contacts:\n  jane: {first_name: Jane, email: jane@example.com}\n"
LINKED = f"""{JANE}
bookings:
  stay: {{reference: BM-1, currency: EUR, display_currency: EUR, exchange_rate: 1, silent: true}}
contact_bookings:
  - {{contact_id: jane, booking_id: stay}}
"""
PLAIN: dict[str, str] = {"BOOKINGMOOD_API_KEY": ""}


# -- usage ----------------------------------------------------------------------------------------


def test_help_names_every_command() -> None:
    done = run("--help", environment=PLAIN)
    assert done.code == 0
    for name, about in COMMANDS.items():
        assert name in done.out
        assert about.rstrip(".").split()[0] in done.out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    done = run(command, "--help", environment=PLAIN)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Usage: ")


def test_the_version() -> None:
    assert run("--version", environment=PLAIN).out.strip() == f"reconciler, version {__version__}"


@pytest.mark.parametrize(
    "arguments",
    [
        ["plann"],
        ["plan"],
        ["apply"],
        ["validate"],
        ["plan", "--bogus", "villa"],
        ["plan", "villa", "--format", "xml"],
        ["plan", "villa", "--timeout", "soon"],
        ["apply", "villa", "--allow", "everything"],
        ["apply", "villa", "--plan", "no-such-file.json"],
        ["plan", "villa", "--var", "no equals sign"],
        ["show"],
        ["undo"],
        ["validate", ""],
        ["apply", ""],
        ["undo", ""],
        ["export", "--out", ""],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_exit_code_1_and_never_2(arguments: list[str]) -> None:
    """2 says that changes are pending: a mistake in a drift job must not look like drift."""
    done = run(*arguments, environment={"BOOKINGMOOD_API_KEY": "key"})
    assert done.code == 1, done.all
    assert done.err
    assert done.out == ""
    assert not failed_inside(done.err)


@pytest.mark.parametrize("command", ["plan", "apply"])
def test_a_path_that_is_not_there(command: str, workspace: Workspace) -> None:
    done = run(command, workspace.folder / "nowhere", environment=workspace.environment)
    assert done.code == 1
    assert "does not exist" in done.err


def test_a_folder_without_yaml(workspace: Workspace) -> None:
    words = workspace.refusal()
    assert "holds no *.yaml or *.yml file" in words
    assert "reconciler init" in words


def test_invalid_yaml_is_shown_with_its_line_and_nothing_is_asked(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write("contacts:\n  jane: {first_nam: Jane}\n")
    for command in ("plan", "apply"):
        words = workspace.refusal(command)
        assert "bookingmood.yaml:3:10: error: " in words
        assert "^" in words
        assert "first_name" in words


@pytest.mark.parametrize("command", ["plan", "apply --auto-approve", "rehearse"])
def test_what_does_not_fit_the_live_rows_is_shown_with_its_line(
    command: str, workspace: Workspace, organization: Organization
) -> None:
    workspace.write(
        "contacts:\n  jane:\n    email: jane@example.com\n"
        "    creator_id: {lookup: {email: nobody@example.com}}\n"
    )
    assert workspace.refusal(*command.split()).splitlines()[-5:] == [
        f"{workspace.folder}/bookingmood.yaml:5:17: error: contacts.jane: "
        "the lookup by email finds no live row of user_profiles [lookup-finds-nothing]",
        "        creator_id: {lookup: {email: ***}}",
        "                    ^",
        "  hint: a lookup finds rows that exist; for others use the key",
        "For the cause and cure of a code: reconciler explain lookup-finds-nothing",
    ]


@pytest.mark.parametrize(
    ("option", "value"), [("--target", "contacts.jan"), ("--kinds", "contact")]
)
def test_a_limit_that_names_nothing_is_refused(
    workspace: Workspace, option: str, value: str
) -> None:
    workspace.write(JANE)
    words = workspace.refusal("plan", option, value)
    assert f"there is no {'resource' if option == '--target' else 'kind'} {value}" in words
    assert "did you mean" in words


def test_a_run_can_be_limited(workspace: Workspace) -> None:
    workspace.write(LINKED)
    assert workspace.actions("--target", "contacts.jane") == ["create contacts.jane"]
    assert workspace.actions("--kinds", "bookings,contacts") == [
        "create bookings.stay",
        "create contacts.jane",
    ]
    assert len(workspace.actions("--kinds", "contact_bookings")) == 3


# -- exit codes and streams -----------------------------------------------------------------------


def test_exit_codes_of_a_plan(workspace: Workspace) -> None:
    workspace.write(JANE)
    assert workspace.run("plan").code == 0
    assert workspace.run("plan", "--detailed-exitcode").code == 2
    workspace.apply()
    assert workspace.run("plan", "--detailed-exitcode").code == 0


def test_exit_codes_of_the_process(workspace: Workspace) -> None:
    workspace.write(JANE)
    options = (workspace.folder, "--detailed-exitcode")
    assert run_alone("plan", *options, environment=workspace.environment).code == 2
    done = run_alone("apply", workspace.folder, environment=workspace.environment)
    assert done.code == 1
    assert "there is no terminal to ask on" in done.err
    done = run_alone("apply", workspace.folder, "--auto-approve", environment=workspace.environment)
    assert done.code == 0


def test_a_note_alone_is_not_a_pending_change(workspace: Workspace) -> None:
    workspace.write(JANE)
    workspace.apply()
    block = f"reconciler: {{stack: {workspace.stack}, protect: [contacts]}}\n"
    workspace.write(f"{block}taxes: {{}}\n")
    done = workspace.run("plan", "--detailed-exitcode")
    assert (done.code, "it stays" in done.out) == (0, True)


@pytest.mark.parametrize(
    ("site", "code"), [("{subdomain: nobody}", 2), ("{subdomain: nobody, $absent: true}", 0)]
)
def test_what_nobody_can_bring_in_line_is_pending_until_it_is_accepted(
    workspace: Workspace, site: str, code: int
) -> None:
    workspace.write(f"sites:\n  main: {site}\n")
    assert workspace.run("plan", "--detailed-exitcode").code == code


def test_stdout_is_the_result_and_stderr_what_happens(workspace: Workspace) -> None:
    workspace.write(JANE)
    done = workspace.apply()
    assert "contacts.jane" in done.out
    assert "Applied: 1 done." in done.out
    assert done.err.splitlines() == ["contacts.jane: created"]


@pytest.mark.parametrize("options", [["apply"], ["apply", "--format", "json"]])
def test_without_a_terminal_nobody_is_asked(
    workspace: Workspace, organization: Organization, options: Sequence[str]
) -> None:
    workspace.write(JANE)
    assert "hint: look at the plan, then give --auto-approve" in workspace.refusal(*options)
    assert organization.ids("contacts") == []


def test_nothing_to_do_is_not_asked_about(workspace: Workspace) -> None:
    workspace.write(JANE)
    workspace.apply()
    assert on_a_terminal(workspace, "").code == 0


def test_whoever_has_seen_enough_may_close_the_pipe(workspace: Workspace) -> None:
    workspace.write("contacts:\n" + "".join(f"  c{n}: {{notes: x}}\n" for n in range(3000)))
    with workspace.start("plan", "--format", "json") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here: run it on Linux")
@pytest.mark.parametrize("command", ["plan", "validate"])
def test_a_full_disk_is_said(workspace: Workspace, command: str) -> None:
    workspace.write(JANE)
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "reconciler", command, workspace.folder],
            stdout=full, stderr=subprocess.PIPE, cwd=ROOT, text=True, check=False,
            env={**os.environ, **workspace.environment},
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (1, "error: No space left on device\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here: run it on Linux")
@pytest.mark.parametrize(
    "words",
    [
        ["fmt", "--check"],  # says what would change, to stderr
        ["validate", "--no-such-option"],
        ["export", "--out", "/dev/full"],
    ],
)
def test_an_ending_that_nobody_can_read_is_no_bug(workspace: Workspace, words: list[str]) -> None:
    workspace.write("contacts: {jane: {first_name:   Jane}}\n")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "reconciler", *words],
            stdout=subprocess.PIPE, stderr=full, cwd=workspace.folder, text=True, check=False,
            env={**os.environ, **workspace.environment, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
    assert done.returncode == 1


@pytest.mark.parametrize(
    ("closed", "options", "code"),
    [("<&-", [], 1), (">&- 2>&-", ["--auto-approve"], 0), ("<&- >&- 2>&-", ["--auto-approve"], 0)],
)
def test_a_service_may_close_the_streams(
    workspace: Workspace, organization: Organization, closed: str, options: list[str], code: int
) -> None:
    workspace.write(JANE)
    done = subprocess.run(
        ["sh", "-c", f'exec "$@" {closed}', "sh", sys.executable, "-m", "reconciler", "apply",
         workspace.folder, *options],
        capture_output=True, cwd=ROOT, text=True, check=False,
        env={**os.environ, **workspace.environment},
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    assert not failed_inside(done.stderr)
    assert len(organization.ids("contacts")) == (code == 0)


# -- on a terminal --------------------------------------------------------------------------------


def on_a_terminal(
    workspace: Workspace, answer: str | signal.Signals, *, colour: bool = False
) -> Finished:
    """Run apply where somebody types an answer, or ends it; stdout and stderr are the terminal."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, **workspace.environment, "TERM": "xterm", "COLUMNS": "120"}
    environment.pop("CI", None)
    if colour:
        environment.pop("NO_COLOR", None)
    with subprocess.Popen(
        [sys.executable, "-m", "reconciler", "apply", str(workspace.folder)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=ROOT,
        env=environment,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # so that Ctrl-C is a signal
    ) as process:
        os.close(theirs)
        shown, asked = b"", False
        while True:
            if not select.select([ours], [], [], 30)[0]:
                process.kill()  # it hangs
            try:
                piece = os.read(ours, 4096)
            except OSError:
                break
            if not piece:
                break
            shown += piece
            if not asked and b"[y/N]" in shown:
                asked = True
                time.sleep(
                    0.5
                )  # a signal between the question and its reading waits for the reading
                if isinstance(answer, str):
                    os.write(ours, answer.encode())
                else:
                    process.send_signal(answer)
        code = process.wait(30)
    os.close(ours)
    return Finished(code, shown.decode(), "")


@pytest.mark.parametrize(
    ("answer", "code", "ends", "rows"),
    [
        pytest.param("y\n", 0, "Applied: 1 done.", 1, id="yes"),
        pytest.param("n\n", 1, "nothing was changed", 0, id="no"),
        pytest.param("\n", 1, "nothing was changed", 0, id="enter"),
        pytest.param("\x04", 130, "interrupted; nothing was changed", 0, id="end of input"),
        pytest.param("\x03", 130, "interrupted; nothing was changed", 0, id="Ctrl-C"),
        pytest.param(signal.SIGTERM, 130, "interrupted; nothing was changed", 0, id="SIGTERM"),
    ],
)
def test_on_a_terminal_the_question_is_asked(
    workspace: Workspace,
    organization: Organization,
    answer: str | signal.Signals,
    code: int,
    ends: str,
    rows: int,
) -> None:
    workspace.write(JANE)
    done = on_a_terminal(workspace, answer)
    assert done.code == code, done.out
    assert click.unstyle(done.out).splitlines()[-1] == ends
    assert "Apply these changes?" in done.out
    assert not failed_inside(done.out)
    assert len(organization.ids("contacts")) == rows


def test_personal_values_are_shown_on_a_terminal_only(workspace: Workspace) -> None:
    workspace.write(JANE)
    assert "jane@example.com" not in workspace.run("plan").out
    assert "jane@example.com" in on_a_terminal(workspace, "n\n").out


@pytest.mark.parametrize("colour", [True, False])
def test_colour_is_for_terminals_that_want_it(workspace: Workspace, *, colour: bool) -> None:
    workspace.write(JANE)
    shown = on_a_terminal(workspace, "n\n", colour=colour).out
    assert ("\x1b[32m" in shown) is colour
    assert "\x1b[" not in workspace.run("plan").out


# -- Ctrl-C ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_a_run_after_the_requests_in_flight(
    workspace: Workspace, organization: Organization, number: signal.Signals
) -> None:
    workspace.write(LINKED)
    began = threading.Event()

    def rule(request: Request, forward: Forward) -> Reply:
        if request.method == "POST":
            began.set()
            told.wait(10)
        return forward(request)

    told = threading.Event()
    with (
        front(rule, organization.url) as url,
        workspace.start("apply", "--auto-approve", "--api-url", url) as process,
    ):
        assert process.stderr is not None
        assert process.stdout is not None
        assert began.wait(20)
        process.send_signal(number)
        first = process.stderr.readline()
        told.set()
        words = first + process.stderr.read()
        out = process.stdout.read()
        code = process.wait(20)
    assert code == 130, words
    assert "stopping after the requests in flight" in first
    assert "Stopped: " in out
    assert not failed_inside(words)
    assert organization.ids("contact_bookings") == []
    assert len(organization.ids("contacts")) == 1
    workspace.apply()
    assert workspace.actions() == []
    assert len(organization.ids("contacts")) == len(organization.ids("bookings")) == 1


# -- beginning ------------------------------------------------------------------------------------


def test_a_new_folder_is_valid_and_plans_nothing(workspace: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "My Villa!"
    assert run("init", folder, environment=PLAIN).code == 0
    done = run("validate", folder, environment=PLAIN)
    assert done.code == 0, done.all
    assert run("plan", folder, environment=workspace.environment).code == 0
    again = run("init", folder, environment=PLAIN)
    assert again.code == 1
    assert "holds a `reconciler:` block already; nothing was changed" in again.err


def test_a_stack_does_not_begin_inside_another(tmp_path: Path) -> None:
    villa = tmp_path / "villa"
    villa.mkdir()
    (villa / "mine.yaml").write_text("reconciler: {stack: villa-7f3a}\n")
    for folder in (villa, villa / "rooms"):
        done = run("init", folder, environment=PLAIN)
        assert done.code == 1, done.all
        assert f"{villa / 'mine.yaml'} holds a `reconciler:` block already" in done.err
    assert [path.name for path in villa.iterdir()] == ["mine.yaml"]


@pytest.mark.parametrize("name", ["Villa Marina", "v", "-x", "villa\n", ""])
def test_a_stack_has_a_name_that_is_valid(tmp_path: Path, name: str) -> None:
    done = run("init", tmp_path / "new", "--stack", name, environment=PLAIN)
    assert (done.code, (tmp_path / "new").exists()) == ((1, False) if name else (0, True)), done.all


def test_two_new_folders_have_different_stacks(tmp_path: Path) -> None:
    stacks = set()
    for name in ("a", "b"):
        assert run("init", tmp_path / name / "villa", environment=PLAIN).code == 0
        text = (tmp_path / name / "villa" / "bookingmood.yaml").read_text()
        stacks.add(next(line for line in text.splitlines() if "stack:" in line))
    assert len(stacks) == 2
