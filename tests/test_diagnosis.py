"""``-v``, ``-vv`` and ``--log-file``: what a run tells of itself, and what it never tells."""

import os
import re
import stat
from pathlib import Path
from typing import cast

import orjson
import pytest

from reconciler.cli import COMMANDS, cli
from reconciler.client.listening import Exchange
from reconciler.support.invocation import called

from .commandline import Document, Workspace, run
from .front import Forward, Reply, Request, front
from .organization import Organization

JANE = (
    "contacts:\n  jane:\n    first_name: Zq-Jane\n    email: zq.jane@example.com\n"
    "    creator_id: {lookup: {email: zq.jane@example.com}}\n"
)
PLAIN = "contacts:\n  jane:\n    first_name: Zq-Jane\n    email: zq.jane@example.com\n"
ASKING = ("plan", "apply", "undo", "pull", "export", "import", "rehearse", "migrate", "doctor")
LINE = re.compile(r"(GET|POST|PATCH|DELETE) /[a-z_]*(\?[^ ]*)? (\d{3}|no answer), [\d,]+ ms.*")


def log_of(file: Path) -> list[Document]:
    return [cast("Document", orjson.loads(line)) for line in file.read_bytes().splitlines()]


def events(lines: list[Document], name: str) -> list[Document]:
    return [line for line in lines if line["event"] == name]


@pytest.mark.parametrize("name", COMMANDS)
def test_whoever_asks_the_api_can_be_watched(name: str) -> None:
    text = run(name, "--help", environment={"COLUMNS": "80"}).out
    assert ("--log-file" in text) is (name in ASKING)
    assert ("-vv" in text) is (name in ASKING)


def test_a_log_holds_requests_and_stages_and_no_value(workspace: Workspace, tmp_path: Path) -> None:
    workspace.write(PLAIN)
    file = tmp_path / "run.log"
    workspace.apply("--log-file", file)
    lines = log_of(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [line["event"] for line in lines][:1] == ["start"]
    [start] = events(lines, "start")
    assert (start["command"], start["options"]) == ("apply", ["--auto-approve", "--log-file"])
    posts = [one for one in events(lines, "request") if one["method"] == "POST"]
    [post] = [one for one in posts if one["path"] == "/contacts"]
    assert (post["status"], post["retries"], post["error"]) == (201, 0, None)
    stages = [line["stage"] for line in events(lines, "stage")]
    # a stage that holds others ends after them
    before = ["load", "validate", "read", "match", "read", "match", "diff", "order", "plan"]
    assert stages == [*before, "approve", "apply"]
    ended = {"done": 1, "failed": 0, "skipped": 0, "stale": 0}
    assert events(lines, "stage")[-1]["counts"] == ended
    assert {line["error"] for line in events(lines, "stage")} == {None}
    [metrics] = events(lines, "metrics")
    requests = events(lines, "request")
    assert metrics["requests"] == len(requests)
    assert metrics["received"] == sum(int(str(one["received"])) for one in requests) > 0
    assert metrics["sent"] == sum(int(str(one["sent"])) for one in requests) > 0
    assert (metrics["retries"], metrics["rows"]) == (0, 1)
    assert [line["event"] for line in lines][-1] == "end"
    assert lines[-1]["error"] is None


@pytest.mark.parametrize("options", [("-vv",), ("--log-file",)])
def test_no_value_and_no_key_is_told(
    options: tuple[str, ...], workspace: Workspace, organization: Organization, tmp_path: Path
) -> None:
    workspace.write(JANE)
    file = tmp_path / "run.log"
    named = [*options, str(file)] if options == ("--log-file",) else [*options]
    told = workspace.run("plan", *named).err.splitlines()
    written = file.read_text() if file.exists() else ""
    text = "\n".join([written, *(line for line in told if LINE.fullmatch(line))])
    assert "email" in text  # the natural key was asked for, by its name
    assert "zq" not in text.lower()
    assert organization.key not in text
    assert organization.id not in text
    assert str(tmp_path) not in text


@pytest.mark.parametrize(("option", "stages"), [("-v", False), ("-vv", True)])
def test_lines_on_stderr_tell_requests(option: str, stages: bool, workspace: Workspace) -> None:
    workspace.write(PLAIN)
    quiet, told = workspace.run("plan"), workspace.run("plan", option)
    assert told.out == quiet.out
    lines = told.err.splitlines()
    requests = [line for line in lines if LINE.fullmatch(line)]
    assert any(line.startswith("GET /contacts?select&") for line in requests)
    others = [line for line in lines if line not in requests]
    assert bool(others) is stages
    if stages:
        assert [line.partition(":")[0] for line in others] == [
            *("load", "validate", "read", "match", "read", "match", "diff", "order", "plan"),
            "metrics",
        ]
        assert re.fullmatch(r"read: kinds \d+, rows 0, unread 0, [\d,]+ ms", others[2])
        assert re.fullmatch(r"plan: changes 1, notes 0, [\d,]+ ms", others[-2])


def test_retries_are_told(workspace: Workspace, tmp_path: Path) -> None:
    workspace.write(PLAIN)
    unwell = [Reply(503, b"{}")]

    def once_unwell(request: Request, forward: Forward) -> Reply:
        return unwell.pop() if request.kind == "contacts" and unwell else forward(request)

    file = tmp_path / "run.log"
    with front(once_unwell, workspace.environment["BOOKINGMOOD_API_URL"]) as url:
        workspace.environment["BOOKINGMOOD_API_URL"] = url
        assert workspace.run("plan", "--log-file", file).code == 0
    [again] = [one for one in events(log_of(file), "request") if one["retries"]]
    assert (again["path"], again["status"], again["retries"]) == ("/contacts", 200, 1)


def test_a_request_without_an_answer_is_told_by_its_error(tmp_path: Path) -> None:
    nowhere = {"BOOKINGMOOD_API_URL": "http://127.0.0.1:9", "BOOKINGMOOD_API_KEY": "zq-key"}
    file = tmp_path / "run.log"
    done = run("doctor", "-v", "--log-file", file, environment=nowhere)
    assert done.code == 1
    assert re.search(r"^GET /organizations\S* no answer, \d+ ms, UnreachableError$", done.err, re.M)
    lines = log_of(file)
    errors = [line["error"] for line in lines if line["event"] in {"request", "end"}]
    assert errors == ["UnreachableError", "UnreachableError"]
    assert "zq-key" not in file.read_text()


def test_a_log_goes_on_at_its_end(tmp_path: Path) -> None:
    nowhere = {"BOOKINGMOOD_API_URL": "http://127.0.0.1:9", "BOOKINGMOOD_API_KEY": "zq-key"}
    file = tmp_path / "run.log"
    for _ in range(2):
        run("doctor", "--log-file", file, environment=nowhere)
    assert [line["event"] for line in log_of(file)] == [
        *("start", "request", "metrics", "end"),
        *("start", "request", "metrics", "end"),
    ]


@pytest.mark.parametrize("what", ["link", "folder", "pipe", "no folder"])
def test_a_log_is_never_what_it_should_not_be(what: str, tmp_path: Path) -> None:
    file = tmp_path / "run.log"
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("mine")
    if what == "link":
        file.symlink_to(elsewhere)
    elif what == "folder":
        file.mkdir()
    elif what == "pipe":
        os.mkfifo(file)
    else:
        file = tmp_path / "nowhere" / "run.log"
    settings = {"BOOKINGMOOD_API_URL": "http://127.0.0.1:9", "BOOKINGMOOD_API_KEY": "zq-key"}
    done = run("doctor", "--log-file", file, environment=settings)
    words = {
        "link": "it is a symbolic link",
        "folder": "it is a folder",
        "pipe": "it is not a regular file",
        "no folder": "No such file or directory",
    }
    assert (done.code, done.out) == (1, "")
    assert f"error: --log-file {file}: {words[what]}\n  hint: " in done.err
    assert elsewhere.read_text() == "mine"


@pytest.mark.parametrize(
    ("words", "command", "options"),
    [
        (["plan", "villa", "--target", "contacts.jane"], "plan", ["--target"]),
        (["plan", "villa", "--target=contacts.jane", "-vv"], "plan", ["--target", "-vv"]),
        (["--no-color", "plan", "--var", "-secret", "x"], "plan", ["--no-color", "--var"]),
        (["plan", "--var", "--secret=x", "--var", "A=b"], "plan", ["--var"]),
        (["import", "a", "b", "--api-key-file", "k"], "import", ["--api-key-file"]),
        (["fleet", "plan", "agency", "--jobs=2", "--what"], "fleet plan", ["--jobs"]),
        (["fleet", "--help"], "fleet", []),
        (["nonsense", "--what"], "", []),
        ([], "", []),
    ],
)
def test_of_a_command_line_only_names_are_told(
    words: list[str], command: str, options: list[str]
) -> None:
    assert called(cli, words) == (command, options)


@pytest.mark.parametrize(
    ("target", "path", "names"),
    [
        ("/contacts", "/contacts", ()),
        ("/contacts?select=id&email=in.(a%40b.c)", "/contacts", ("select", "email")),
        ("/contacts?or=(and(id.eq.1,x.eq.a))&limit=1", "/contacts", ("or", "limit")),
    ],
)
def test_of_a_target_only_names_are_kept(target: str, path: str, names: tuple[str, ...]) -> None:
    exchange = Exchange.of("GET", target)
    assert (exchange.path, exchange.names) == (path, names)
