"""Many organizations of one base: planned together, written wave by wave, told in one report.

What is a matter of safety, and cheap, is in ``test_fleet_safety.py``.
"""

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from unittest import mock

import click
import orjson
import pytest

from reconciler.fleet.running import LocalRunner
from reconciler.fleet.tasks import Access, Task, Yaml
from reconciler.locking import locked, locked_for
from tests.commandline import failed_inside, run
from tests.fleets import BASE, CHANGED, NAMES, ONE, PAIRS, FleetFolder, all_of, ends
from tests.front import Forward, Reply, Request, front
from tests.terminal import terminal

pytestmark = pytest.mark.slow


# -- reading --------------------------------------------------------------------------------------


def test_equal_changes_are_shown_once(fleet: FleetFolder) -> None:
    done = fleet.run("plan")
    assert done.code == 0
    assert done.out.count("+ create contacts.jane") == 1
    assert "all 6 organizations: the same 1 create; hidden values may differ" in done.out
    assert "5 organizations (amalfi, cork, delft, evora, fes): the same 1 create" in done.out
    assert "bergen: 1 create" in done.out
    assert "6 organizations: 6 pending." in done.out


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_a_saved_plan_has_every_view(fleet: FleetFolder, tmp_path: Path, form: str) -> None:
    planned = fleet.run("plan", "--out", tmp_path / "plan.json", "--format", form)
    command = ("show", tmp_path / "plan.json", "--folder", fleet.base, "--format", form)
    shown = run("fleet", *command, environment=fleet.environment)
    assert (planned.code, shown.code) == (0, 0), planned.all
    # only plan knows the line that applies it
    assert shown.out == re.sub(r"<button [^>]*data-copy=.*?</button>", "", planned.out)
    for words in ("contacts.jane", "bergen", "6 pending", "sha256:"):
        assert words in shown.out
    for value in ("Jane", "secret-key"):
        assert value not in shown.out


def test_nothing_to_do_is_one_line(applied: FleetFolder) -> None:
    for command, code in (("plan", 0), ("drift", 0), ("validate", 0)):
        done = applied.run(command)
        assert done.code == code
        assert done.out.startswith("6 organizations: 6 ")
        assert done.err == ""


def test_what_is_laid_over_is_of_one_organization_alone(applied: FleetFolder) -> None:
    assert applied.notes() == all_of("n1,n1", bergen="bergen,n1")
    jane = "first_name=eq.Jane"
    names = {n: applied.organization(n).one("contacts", jane)["last_name"] for n in NAMES}
    assert names == all_of("Doe", cork="Cork")


def test_drift_is_found_where_it_is(applied: FleetFolder) -> None:
    delft = applied.organization("delft")
    delft.change("contacts", delft.ids("contacts")[0], notes="by hand")
    assert applied.states("drift") == all_of("unchanged", delft="pending")
    assert applied.run("drift").code == 2
    assert applied.run("plan", "--detailed-exitcode").code == 2
    assert applied.run("plan", "--detailed-exitcode", "--select", "!delft").code == 0


def test_a_mistake_in_the_base_is_told_once(fleet: FleetFolder) -> None:
    fleet.write(BASE.replace("first_name: Ola", "frist_name: Ola"))
    for command in ("validate", "plan"):
        done = fleet.run(command)
        assert done.code == 1
        assert done.out.count("has no column 'frist_name'") == 1
        assert "bookingmood.yaml:4:9: error:" in done.out
        assert "in all 6 organizations" in done.out


def test_a_mistake_in_an_overlay_is_of_its_organization(fleet: FleetFolder) -> None:
    (fleet.path / "orgs" / "bergen.yaml").write_text("contacts:\n  ola: {nots: x}\n")
    done = fleet.run("validate")
    assert "orgs/bergen.yaml:2:9: error: contacts has no column 'nots'" in done.out
    assert "  in bergen\n" in done.out
    assert fleet.states("validate") == all_of("done", bergen="failed")


def test_a_base_of_one_organization_is_no_base(fleet: FleetFolder) -> None:
    other = PAIRS[0].partition("=")[0]
    fleet.write(BASE.replace("agency-1a2b", f"agency-1a2b, organization: {other}"))
    assert fleet.states("plan") == all_of("failed", amalfi="pending")


def test_doctor_looks_at_each_key(fleet: FleetFolder) -> None:
    states = fleet.states("doctor", BM_KEY_CORK="wrong")
    assert states == all_of("done", cork="failed")


# -- writing --------------------------------------------------------------------------------------


def test_consents_are_for_all_or_for_one(applied: FleetFolder) -> None:
    applied.write("reconciler: {stack: agency-1a2b}\ncontacts:\n  x: {first_name: X}\n")
    (applied.path / "orgs" / "bergen.yaml").write_text("{}\n")
    refused = applied.states("apply", "--auto-approve")
    assert refused == all_of("refused")
    assert applied.run("apply", "--auto-approve").code == 4
    one = applied.report("apply", "--auto-approve", "--allow", "cork:deletes")
    assert {str(o["name"]): o["state"] for o in ends(one)} == all_of("refused", cork="done")
    assert one["exit_code"] == 5
    states = applied.states("apply", "--auto-approve", "--allow", "deletes")
    assert states == all_of("done", cork="unchanged")


@pytest.mark.parametrize(
    ("allow", "expected"),
    [
        ("oslo:deletes", "the fleet has no organization oslo"),
        ("delete", "there is no consent called delete"),
        ("cork:delete", "there is no consent called delete"),
    ],
)
def test_a_consent_that_is_none(fleet: FleetFolder, allow: str, expected: str) -> None:
    done = fleet.run("apply", "--auto-approve", "--allow", allow)
    assert done.code == 1
    assert expected in done.err


def test_journals_are_apart(applied: FleetFolder) -> None:
    folder = applied.base / ".reconciler" / "journal"
    ids = {pair.partition("=")[0] for pair in PAIRS}
    assert {path.name for path in folder.iterdir()} == {*ids, "fleet"}
    for path in folder.iterdir():
        assert path.stat().st_mode & 0o777 == 0o700
        assert (path / ".gitignore").read_text() == "*\n"
        [journal] = path.glob("*.jsonl")
        assert journal.stat().st_mode & 0o777 == 0o600
    applied.run("apply", "--auto-approve")  # a run that writes nothing leaves none
    assert len([*folder.rglob("*.jsonl")]) == len(NAMES) + 1
    assert not (applied.base / ".reconciler" / "lock").exists()
    assert not (applied.base / ".reconciler" / "locks").exists()


def test_old_journals_go_for_each_organization(applied: FleetFolder) -> None:
    for number in range(2, 5):
        applied.write(BASE.replace("n1}", f"m{number}}}"))
        assert applied.run("apply", "--auto-approve", "--keep", "2").code == 0
    for pair in PAIRS:
        folder = applied.base / ".reconciler" / "journal" / pair.partition("=")[0]
        assert len([*folder.glob("*.jsonl")]) == 2
    done = applied.run("undo", "--prune", "--keep", "1")
    assert done.code == 0, done.all
    assert len([*folder.glob("*.jsonl")]) == 1


# -- one plan -------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_folder", [False, True], ids=["file", "folder"])
def test_a_reviewed_plan_is_what_is_done(
    applied: FleetFolder, tmp_path: Path, is_folder: bool
) -> None:
    plan = tmp_path / "plan"
    if is_folder:
        plan.mkdir()
    applied.write(CHANGED)
    shown = applied.run("plan", "--out", plan)
    assert shown.out.splitlines()[-1].startswith("Digest: sha256:")
    fes = applied.organization("fes")
    fes.change("contacts", fes.ids("contacts")[0], notes="by hand")
    report = applied.report("apply", "--plan", plan)
    assert {str(one["name"]): one["state"] for one in ends(report)} == all_of("done", fes="refused")
    assert [one["code"] for one in ends(report)] == [0, 0, 0, 0, 0, 3]
    again = applied.states("apply", "--plan", plan)  # what is done already is no reason to refuse
    assert again == all_of("unchanged", fes="refused")


def test_a_plan_that_was_edited_is_refused(fleet: FleetFolder, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    fleet.run("plan", "--out", plan)
    text = plan.read_text()
    edits: dict[str, Callable[[str], str]] = {
        "a value": lambda text: text.replace("contacts.jane", "contacts.june", 1),
        "a part less": _without_a_part,
        "an organization": lambda text: text.replace("c60", "c61"),
        "a code": lambda text: text.replace('"code":0', '"code":1', 1),
        "no JSON": lambda text: text[:-5],
    }
    for name, edit in edits.items():
        assert edit(text) != text, name
        plan.write_text(edit(text))
        done = fleet.run("apply", "--plan", plan)
        assert done.code == 1, name
        assert "was edited" in done.err or "not JSON" in done.err, name
    assert fleet.notes() == all_of("")


@pytest.mark.parametrize(
    "edit",
    [
        lambda part: part.unlink(),
        lambda part: part.write_text(part.read_text().replace("contacts.jane", "contacts.june")),
        lambda part: part.write_bytes((part.parent / "cork.json").read_bytes()),
        lambda part: part.write_text("{}"),
    ],
    ids=["missing", "a value", "of another", "empty"],
)
def test_a_part_of_the_last_wave_that_was_edited_stops_the_first(
    fleet: FleetFolder, tmp_path: Path, edit: Callable[[Path], object]
) -> None:
    fleet.run("plan", "--out", tmp_path)
    edit(tmp_path / "parts" / "fes.json")
    done = fleet.run("apply", "--plan", tmp_path)
    assert (done.code, done.out) == (1, "")
    assert fleet.notes() == all_of("")


def _without_a_part(text: str) -> str:
    document = orjson.loads(text)
    document["parts"].pop()
    return orjson.dumps(document).decode()


def test_parts_that_go_meanwhile_were_read_before(applied: FleetFolder, tmp_path: Path) -> None:
    plan = tmp_path / "plan"
    plan.mkdir()
    applied.write(CHANGED)
    applied.run("plan", *ONE, "--out", plan)

    def rule(request: Request, forward: Forward) -> Reply:
        if request.method != "GET":
            shutil.rmtree(plan / "parts", ignore_errors=True)
        return forward(request)

    with front(rule, applied.server.sandbox.url) as url:
        states = applied.states("apply", *ONE, "--plan", plan, "--api-url", url)
    assert states == all_of("done")
    assert not (plan / "parts").exists()


def test_what_could_not_be_planned_is_left_out_and_named(
    fleet: FleetFolder, tmp_path: Path
) -> None:
    plan = tmp_path / "plan.json"
    assert fleet.run("plan", "--out", plan, "--select", "!fes", BM_KEY_CORK="bad").code == 1
    done = fleet.run("apply", "--plan", plan)
    assert done.code == 5
    assert "x cork: not started: the plan has no part of it: GET /organizations" in done.out
    assert "fes is left out: " in done.err
    assert fleet.notes() == all_of("n1,n1", bergen="bergen,n1", cork="", fes="")


def test_parts_are_planned_apart_and_put_together(fleet: FleetFolder, tmp_path: Path) -> None:
    whole = fleet.run("plan", "--out", tmp_path / "whole.json").out
    parts = [tmp_path / f"{name}.json" for name in NAMES]
    for name, part in zip(NAMES, parts, strict=True):
        keys = {f"BM_KEY_{other.upper()}": "" for other in NAMES if other != name}
        assert fleet.run("plan", "--part", name, "--out", part, **keys).code == 0
    merged = tmp_path / "merged.json"
    done = _plain(fleet, "merge", *parts, "--out", merged)
    assert done.splitlines()[-1] == whole.splitlines()[-1]
    assert _plain(fleet, "show", merged, "--folder", fleet.base).splitlines() == whole.splitlines()
    twice = _plain(fleet, "merge", parts[0], merged, "--out", tmp_path / "twice.json", code=1)
    assert "both have a part of amalfi" in twice
    states = fleet.states("apply", "--plan", merged, "--part", "cork")
    assert states == {"cork": "done"}
    assert fleet.notes() == all_of("", cork="n1,n1")


def _plain(fleet: FleetFolder, *words: str | Path, code: int = 0) -> str:
    from tests.commandline import run

    done = run("fleet", *words, environment=fleet.environment)
    assert done.code == code, done.all
    return done.all


# -- undo -----------------------------------------------------------------------------------------


def test_a_run_is_taken_back_last_wave_first(applied: FleetFolder) -> None:
    applied.write(CHANGED)
    applied.run("apply", "--auto-approve", "--select", "!fes")
    done = applied.run("undo", "--auto-approve")
    assert done.code == 0, done.all
    order = [line.split(": ")[0] for line in done.err.splitlines() if line.endswith(": done")]
    assert order[-1] == "canary"
    assert order[0] == "rest 2 of 2"
    assert applied.notes() == all_of("n1,n1", bergen="bergen,n1")
    applied.run("undo", "--auto-approve")  # an undo can be undone
    assert applied.notes() == all_of("n2,n2", bergen="bergen,n2", fes="n1,n1")
    listed = applied.run("undo", "--list").out.splitlines()
    assert [line.split("  ")[2].split(":")[0] for line in listed] == [
        "apply",
        "apply",
        "undo",
        "undo",
    ]
    assert "5 organizations" in listed[1]


def test_people_see_the_plan_and_are_asked(applied: FleetFolder) -> None:
    applied.write(CHANGED)
    words = (sys.executable, "-m", "reconciler", "fleet", "apply", str(applied.path))
    environment = {**os.environ, **applied.environment, "BM_KEY_CORK": "bad"}
    for answer, notes in (("n", "n1,n1"), ("y", "n2,n2")):
        with terminal(words, environment) as screen:
            shown = screen.wait_for("Apply these changes?")
            shown = " ".join(click.unstyle(shown).split())
            assert "5 organizations (amalfi, bergen, delft, evora, fes): the same 1 update" in shown
            screen.type(f"{answer}\n")
            screen.wait_for("1 not started" if answer == "y" else "nothing was changed")
        assert applied.notes()["delft"] == notes
    assert applied.notes()["cork"] == "n1,n1"


@pytest.mark.parametrize(("form", "mark"), [("markdown", "### Fleet plan"), ("html", "<!doctype")])
def test_a_plan_has_other_views(fleet: FleetFolder, form: str, mark: str) -> None:
    done = fleet.run("plan", "--format", form)
    assert done.code == 0
    assert done.out.lower().startswith(mark.lower())
    assert "contacts.jane" in done.out


def test_rows_in_no_yaml_are_counted(applied: FleetFolder) -> None:
    applied.organization("evora").insert("contacts", first_name="Guest")
    assert applied.states("drift", "--unmanaged") == all_of("unchanged", evora="pending")
    assert applied.states("drift") == all_of("unchanged")


def test_there_is_nothing_to_take_back(fleet: FleetFolder) -> None:
    done = fleet.run("undo", "--auto-approve")
    assert done.code == 1
    assert "no fleet run that changed anything" in done.err


@pytest.mark.parametrize(
    "line",
    [
        "[]",
        "x",
        '{"type":"fleet-run","format_version":1,"run":"2","members":[{}]}',
        '{"type":"fleet-run","format_version":1,"run":"2","members":3}',
        '{"type":"fleet-run","format_version":1}',
    ],
)
def test_a_damaged_journal_hides_no_report(applied: FleetFolder, line: str) -> None:
    journals = applied.base / ".reconciler" / "journal" / "fleet"
    damaged = journals / "20200101T000000000000-aaaa.jsonl"
    damaged.write_text(f"{line}\n")
    applied.write(CHANGED)
    done = applied.run("apply", "--auto-approve", "--keep", "3")
    assert done.code == 5
    assert "6 organizations: 6 done." in done.out
    assert "what comes after it was not done" in done.err
    listed = applied.run("undo", "--list")
    assert (listed.code, str(damaged) in listed.err) == (1, True)
    assert applied.run("undo", "--auto-approve").code == 0  # those after it can be taken back


def test_a_report_that_nobody_reads_changes_nothing(applied: FleetFolder) -> None:
    applied.write(CHANGED)
    with applied.start("apply", "--auto-approve", *ONE) as running:
        assert running.stderr and running.stdout
        running.stdout.close()
        said = running.stderr.read()
    assert running.returncode == 0, said
    assert not failed_inside(said)
    assert "Exception ignored" not in said
    assert applied.notes() == all_of("n2,n2", bergen="bergen,n2")


def test_each_request_is_told_with_its_organization(fleet: FleetFolder, tmp_path: Path) -> None:
    log = tmp_path / "log"
    done = fleet.run("plan", *ONE, "-v", "--log-file", log)
    for name in NAMES:
        assert f"{name}: GET /organizations" in done.err
    lines = [orjson.loads(line) for line in log.read_text().splitlines()]
    requests = [one for one in lines if one["event"] == "request"]
    assert {one["of"] for one in requests} == {*NAMES}
    assert [one["requests"] for one in lines if one["event"] == "metrics"] == [len(requests)]
    for text in (done.all, log.read_text()):
        assert not any(value in text for value in ("secret-key", "Jane", "Ola"))


def test_the_single_undo_says_where_the_journals_of_a_fleet_are(applied: FleetFolder) -> None:
    applied.write(CHANGED)
    assert applied.run("apply", *ONE, "--auto-approve").code == 0
    key = {"BOOKINGMOOD_API_KEY": applied.environment["BM_KEY_FES"]}
    environment = {**applied.environment, **key}
    none = run("undo", applied.base, "--auto-approve", environment=environment)
    assert none.code == 1
    assert "`reconciler fleet undo` takes back what a fleet wrote" in none.err
    own = applied.base / ".reconciler" / "journal" / applied.organization("fes").id
    done = run("undo", applied.base, "--journal", own, "--auto-approve", environment=environment)
    assert done.code == 0, done.all
    assert applied.notes() == all_of("n2,n2", bergen="bergen,n2", fes="n1,n1")


def test_a_run_goes_on_when_nobody_hears_it(applied: FleetFolder) -> None:
    applied.write(CHANGED)
    with applied.start("apply", "--auto-approve") as running:
        assert running.stderr and running.stdout
        running.stderr.close()
        assert "6 organizations: 6 done." in running.stdout.read()
    assert running.returncode == 0


# -- other runs, and ends -------------------------------------------------------------------------


def test_a_run_of_the_whole_folder_excludes_the_fleet(applied: FleetFolder) -> None:
    with locked(applied.base, "apply", tell=print):
        done = applied.run("apply", "--auto-approve")
    assert done.code == 1
    assert "another run writes in" in done.err


def test_a_run_of_one_organization_excludes_no_other(applied: FleetFolder) -> None:
    applied.write(CHANGED)
    cork = PAIRS[2].partition("=")[0]
    with locked_for(applied.base, cork, "fleet apply", tell=print):
        states = applied.states("apply", "--auto-approve")
    assert states == all_of("done", cork="not started")


def test_a_killed_run_goes_on_and_can_be_taken_back(applied: FleetFolder) -> None:
    applied.write(CHANGED)
    running = applied.start("apply", "--auto-approve")
    assert running.stderr
    first = running.stderr.readline()
    running.send_signal(signal.SIGKILL)
    running.communicate()
    assert first == "canary: amalfi: done\n"
    _wait_until_free(applied)
    written = [name for name, notes in applied.notes().items() if "n2" in notes]
    done = applied.run("undo", "--auto-approve")
    assert done.code == 0, done.all
    assert written[0] == "amalfi"
    assert applied.notes() == all_of("n1,n1", bergen="bergen,n1")
    assert applied.states("apply", "--auto-approve") == all_of("done")


def _wait_until_free(fleet: FleetFolder) -> None:
    """The workers of a killed run finish what they had begun, and end."""
    locks = fleet.base / ".reconciler" / "locks"
    for _ in range(300):
        if not (fleet.base / ".reconciler" / "lock").exists() or not locks.exists():
            time.sleep(1)
            return
        time.sleep(0.1)


def test_ctrl_c_begins_no_further_organization(applied: FleetFolder) -> None:
    applied.write(CHANGED)
    running = applied.start("apply", "--auto-approve", "--jobs", "1")
    assert running.stderr
    assert running.stderr.readline() == "canary: amalfi: done\n"
    running.send_signal(signal.SIGINT)
    out, _ = running.communicate()
    assert running.returncode == 130
    assert "stopped" in out
    assert applied.states("apply", "--auto-approve")["amalfi"] == "unchanged"
    assert applied.notes() == all_of("n2,n2", bergen="bergen,n2")


def test_a_second_ctrl_c_ends_every_worker(applied: FleetFolder) -> None:
    applied.write(CHANGED)
    free, held = threading.Event(), threading.Semaphore(0)

    def rule(request: Request, forward: Forward) -> Reply:
        if request.method != "GET" and not request.headers["authorization"].endswith("key-0"):
            held.release()
            free.wait(60)
            return Reply(503)
        return forward(request)

    with front(rule, applied.server.sandbox.url) as url:
        running = replace(
            applied, environment={**applied.environment, "BOOKINGMOOD_API_URL": url}
        ).start("apply", "--auto-approve", "--jobs", "2")
        with running:
            assert running.stderr
            assert running.stderr.readline() == "canary: amalfi: done\n"
            workers = _children(running.pid)
            assert all(held.acquire(timeout=60) for _ in range(3))  # bergen has one, cork two
            running.send_signal(signal.SIGINT)
            assert running.stderr.readline().startswith("stopping")
            running.send_signal(signal.SIGINT)
        left = _left_of(workers)
        free.set()
    assert (running.returncode, len(workers), left) == (130, 2, set())


def _children(pid: int) -> set[int]:
    """Name the processes that one has begun, once there are two."""
    for _ in range(300):
        words = ("ps", "-o", "pid=", "--ppid", str(pid))
        said = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=False).stdout
        if len(said.split()) == 2:
            break
        time.sleep(0.1)
    return {int(word) for word in said.split()}


def _left_of(processes: set[int]) -> set[int]:
    """Name those that do not end."""
    left = processes
    for _ in range(100):
        left = {pid for pid in left if Path(f"/proc/{pid}").exists()}
        if not left:
            break
        time.sleep(0.1)
    return left


# -- pull -----------------------------------------------------------------------------------------


@pytest.fixture
def pulled(applied: FleetFolder) -> FleetFolder:
    """A fleet in git as it was applied; bergen and delft were changed by hand since."""
    git = ["git", "-C", str(applied.path), "-c", "user.name=x", "-c", "user.email=x@example.com"]
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "applied"]):
        subprocess.run([*git, *words], check=True)
    for pair in PAIRS:
        subprocess.run([*git, "tag", f"applied/{pair.partition('=')[0]}"], check=True)
    for name in ("bergen", "delft"):
        organization = applied.organization(name)
        jane = organization.one("contacts", "first_name=eq.Jane")
        organization.change("contacts", jane["id"], notes=f"of {name}")
    return applied


def test_what_changed_live_comes_into_the_overlay_and_not_into_the_base(
    pulled: FleetFolder,
) -> None:
    before = (pulled.base / "bookingmood.yaml").read_text()
    assert pulled.states("pull", "--check") == all_of(
        "unchanged", bergen="pending", delft="pending"
    )
    assert pulled.run("pull", "--check").code == 2
    done = pulled.run("pull")
    assert done.code == 1
    assert "x delft: failed: delft has no overlay, and the base is of all organizations" in done.out
    assert "of bergen" not in done.all  # it may be personal
    assert (pulled.base / "bookingmood.yaml").read_text() == before
    overlay = (pulled.path / "orgs" / "bergen.yaml").read_text()
    assert "notes: of bergen" in overlay
    assert pulled.states("drift") == all_of("unchanged", delft="pending")


def test_what_changed_on_both_sides_is_left_to_people(pulled: FleetFolder) -> None:
    overlay = pulled.path / "orgs" / "bergen.yaml"
    overlay.write_text("contacts:\n  ola: {notes: bergen}\n  jane: {notes: ours}\n")
    done = pulled.run("pull", "--select", "bergen")
    assert done.code == 6
    assert "1 conflict left" in done.out
    done = pulled.run("pull", "--select", "bergen", "--take-live", "contacts.jane")
    assert done.code == 0, done.all
    assert "notes: of bergen" in overlay.read_text()


def test_organizations_that_do_not_answer_hold_up_no_other(applied: FleetFolder) -> None:
    """Only two are in flight at once, and three never answer: the others are done before them."""
    free, silent = threading.Event(), ("secret-key-0", "secret-key-1", "secret-key-2")

    def rule(request: Request, forward: Forward) -> Reply:
        if request.headers["authorization"].endswith(silent):
            free.wait(60)
            return Reply(503)
        return forward(request)

    async def ended(url: str) -> list[tuple[str, str]]:
        access = Access(url, 30, 0, 0)
        keys = {k: v for k, v in applied.environment.items() if k.startswith("BM_KEY_")}
        found: list[tuple[str, str]] = []
        with mock.patch.dict(os.environ, keys):
            async with LocalRunner(1, at_once=2) as runner:
                tasks = [
                    Task("plan", name, pair.partition("=")[0], "", yaml, access, str(applied.path))
                    for name, pair in zip(NAMES, PAIRS, strict=True)
                ]
                async for result in runner.run(tasks):
                    found.append((result.name, result.state))
                    if len(found) == 3:
                        free.set()
        return found

    yaml = Yaml(str(applied.base))
    with front(rule, applied.server.sandbox.url) as url:
        found = asyncio.run(ended(url))
    assert {name for name, _ in found[:3]} == {"delft", "evora", "fes"}
    assert [state for _, state in found[3:]] == ["failed"] * 3
