"""Ctrl-C and SIGTERM end a run cleanly, a second one at once; running again does the rest."""

import signal
import subprocess
import time
from collections import Counter

import orjson
import pytest

from reconciler.journal.read import past_runs, read_run
from tests.commandline import Document, Workspace, failed_inside
from tests.faulty.server import WRITES, FaultyServer
from tests.organization import Organization

ROWS = 120
NOBODY = "11111111-2222-4333-8444-555555555555"


@pytest.fixture
def workspace(workspace: Workspace) -> Workspace:
    """A folder with a change of its own for each of many rows."""
    workspace.write(contacts("Before"))
    workspace.apply()
    workspace.write(contacts("After"))
    return workspace


def contacts(word: str) -> str:
    rows = (f"  c{n}: {{email: c{n}@example.test, notes: {word} {n}}}\n" for n in range(ROWS))
    return "contacts:\n" + "".join(rows)


def applying(workspace: Workspace, *options: str) -> subprocess.Popen[str]:
    """Apply in a process of its own."""
    return workspace.start("apply", "--auto-approve", "--allow", "updates", *options)


def wait_for(process: subprocess.Popen[str], event: str, times: int) -> list[Document]:
    """Read events until one has come so many times."""
    assert process.stdout
    events: list[Document] = []
    while sum(one["event"] == event for one in events) < times:
        events.append(orjson.loads(process.stdout.readline()))
    return events


def last_words(process: subprocess.Popen[str]) -> tuple[str, str]:
    """Read what is left of both streams; ``communicate`` would lose what is buffered."""
    assert process.stdout
    assert process.stderr
    said, complaints = process.stdout.read(), process.stderr.read()
    process.wait()
    return said, complaints


def changed(organization: Organization) -> set[str]:
    """Say which rows are as they are to be."""
    rows = organization.rows("contacts")
    return {str(row["email"]) for row in rows if str(row["notes"]).startswith("After")}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_is_in_flight_is_finished_and_the_rest_is_told(
    faulty: FaultyServer,
    organization: Organization,
    workspace: Workspace,
    number: signal.Signals,
) -> None:
    faulty.put(f"latency=40ms,{WRITES}")
    with applying(workspace, "--format", "json", "--parallelism", "4") as process:
        events = wait_for(process, "done", 10)
        process.send_signal(number)
        rest, said = last_words(process)
    events += [orjson.loads(line) for line in rest.splitlines()]
    assert process.returncode == 130
    assert "stopping after the requests in flight" in said
    assert events[-1]["event"] == "end"
    assert events[-1]["stopped"] is True
    done = {one["address"] for one in events if one["event"] == "done"}
    skipped = {one["address"] for one in events if one["event"] == "skipped"}
    assert 10 <= len(done) <= 10 + 3 * 4
    assert len(done) + len(skipped) == ROWS
    assert {f"contacts.{email.partition('@')[0]}" for email in changed(organization)} == done
    [_, journal] = sorted((workspace.folder / ".reconciler" / "journal").glob("*.jsonl"))
    lines = [orjson.loads(line) for line in journal.read_bytes().splitlines()]
    assert lines[-1] == {"type": "end", "stopped": True}
    answers = [line["answer"] for line in lines if line["type"] == "outcome"]
    assert answers.count("done") == len(done)
    assert answers.count("refused") == len(answers) - len(done)
    assert sum(line["type"] == "intent" for line in lines) == len(answers)
    faulty.put()
    workspace.apply("--allow", "updates")
    assert len(changed(organization)) == ROWS
    assert workspace.actions() == []


def test_people_are_told_what_was_done_and_what_was_not(
    faulty: FaultyServer, organization: Organization, workspace: Workspace
) -> None:
    faulty.put(f"latency=40ms,{WRITES}")
    with applying(workspace, "--parallelism", "2") as process:
        assert process.stderr
        while ": updated" not in process.stderr.readline():
            pass
        process.send_signal(signal.SIGINT)
        said, progress = last_words(process)
    assert process.returncode == 130
    number = len(changed(organization))
    assert f"Stopped: {number} done, {ROWS - number} skipped." in said
    assert "apply again to finish" in said
    assert "more skipped like" in progress  # a cause is told once


def test_what_waits_for_its_turn_is_not_sent(
    faulty: FaultyServer, organization: Organization, workspace: Workspace
) -> None:
    """Twice as many requests are written down as may be in flight: the others wait in a queue."""
    faulty.put(f"latency=3s,{WRITES}")
    with applying(workspace, "--format", "json", "--parallelism", "2") as process:
        events = wait_for(process, "started", 4)
        while faulty.struck() < 2:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        rest, _ = last_words(process)
    assert process.returncode == 130
    events += [orjson.loads(line) for line in rest.splitlines()]
    ends = Counter(str(one["event"]) for one in events if "message" in one)
    assert ends == {"done": 2, "skipped": ROWS - 2}
    assert len(faulty.writes()) == len(changed(organization)) == 2
    run = read_run(past_runs(workspace.folder / ".reconciler" / "journal")[-1])
    assert [entry.answer for entry in run.entries].count("done") == 2
    assert {entry.answer for entry in run.entries} == {"done", "refused"}
    faulty.put()
    workspace.apply("--allow", "updates")
    assert len(changed(organization)) == ROWS
    assert workspace.actions() == []


def test_what_waits_for_its_turn_is_not_sent_with_a_key_that_is_refused(
    faulty: FaultyServer, organization: Organization, workspace: Workspace
) -> None:
    faulty.put(f"latency=500ms,status=401,nth=1,{WRITES}")
    done = workspace.run(
        "apply", "--auto-approve", "--allow", "updates", "--format", "json", "--parallelism", "1"
    )
    assert done.code == 1, done.all
    events = [orjson.loads(line) for line in done.out.splitlines()]
    ends = Counter(str(one["event"]) for one in events if "message" in one)
    assert ends == {"failed": 1, "skipped": ROWS - 1}
    assert len(faulty.writes()) == 1
    assert changed(organization) == set()
    workspace.apply("--allow", "updates")
    assert len(changed(organization)) == ROWS


def test_a_second_one_stops_at_once_and_the_next_run_converges(
    faulty: FaultyServer, organization: Organization, workspace: Workspace
) -> None:
    faulty.put(f"latency=5s,{WRITES}")
    with applying(workspace, "--format", "json") as process:
        wait_for(process, "started", 4)
        process.send_signal(signal.SIGINT)
        assert process.stderr
        while "stopping after" not in process.stderr.readline():
            pass
        process.send_signal(signal.SIGINT)
        began = time.monotonic()
        _, said = last_words(process)
    assert process.returncode == 130
    assert time.monotonic() - began < 4
    assert not failed_inside(said)
    faulty.put()
    workspace.apply("--allow", "updates")
    assert len(changed(organization)) == ROWS
    assert workspace.actions() == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_nobody_waits_for_a_server_that_asks_for_patience(
    faulty: FaultyServer,
    organization: Organization,
    workspace: Workspace,
    number: signal.Signals,
) -> None:
    faulty.put(f"status=429,retry-after=60,{WRITES}")
    with applying(workspace, "--format", "json", "--parallelism", "2") as process:
        wait_for(process, "started", 2)
        while not faulty.struck():
            time.sleep(0.05)
        process.send_signal(number)
        rest, _ = last_words(process)
    assert process.returncode == 130
    told = [orjson.loads(line)["event"] for line in rest.splitlines()]
    ends = [event for event in told if event != "started"]
    assert ends == ["skipped"] * ROWS + [
        "metrics",
        "end",
    ]  # nobody tried until all tries were used up
    assert changed(organization) == set()
    faulty.put()
    workspace.apply("--allow", "updates")
    assert len(changed(organization)) == ROWS


def test_a_search_for_bad_rows_is_stopped(
    faulty: FaultyServer, organization: Organization, workspace: Workspace
) -> None:
    workspace.write(contacts("After").replace("notes:", f"creator_id: {NOBODY}, notes:"))
    organization.empty()
    faulty.put(f"latency=200ms,{WRITES}")
    with applying(workspace, "--format", "json") as process:
        wait_for(process, "started", ROWS)
        while faulty.struck() < 3:
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        rest, _ = last_words(process)
    assert process.returncode == 130
    assert faulty.struck() <= 5
    ends = [orjson.loads(line)["event"] for line in rest.splitlines()]
    assert ends == ["skipped"] * ROWS + ["metrics", "end"]


def test_while_it_reads_one_is_enough(
    faulty: FaultyServer, organization: Organization, workspace: Workspace
) -> None:
    faulty.put("latency=5s,method=GET")
    with applying(workspace) as process:
        while not faulty.struck():
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, said = last_words(process)
    faulty.put()
    assert process.returncode == 130
    assert not failed_inside(said)
    assert changed(organization) == set()
