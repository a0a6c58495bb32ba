"""A machine that cannot write: what is under way is finished, and nothing else is sent."""

import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from reconciler.bindings import bindings_path, read_bindings
from reconciler.journal.read import past_runs, read_run
from tests.builders import address
from tests.commandline import Finished, Workspace, failed_inside
from tests.front import Forward, Reply, Request, front
from tests.meanwhile import meanwhile
from tests.organization import Organization
from tests.sandbox_server import ROOT

ROWS = 120
OPTIONS = ("--auto-approve", "--allow", "updates", "--format", "json", "--parallelism", "2")


def contacts(word: str) -> str:
    rows = (f"  c{n}: {{email: c{n}@example.test, notes: {word} {n}}}\n" for n in range(ROWS))
    return "contacts:\n" + "".join(rows)


def apply_with_room(workspace: Workspace, room: int) -> Finished:
    """Apply in a process whose files cannot grow beyond so many bytes."""
    limit = (room, room)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    done = subprocess.run(
        [sys.executable, "-B", "-m", "reconciler", "apply", str(workspace.folder), *OPTIONS],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**kept, **workspace.environment},  # there is no room for coverage's own files
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit),
    )
    return Finished(done.returncode, done.stdout, done.stderr)


def changed(organization: Organization) -> set[str]:
    """Name the contacts that are as they are to be."""
    rows = organization.rows("contacts")
    emails = (str(row["email"]) for row in rows if str(row["notes"]).startswith("After"))
    return {f"contacts.{email.partition('@')[0]}" for email in emails}


def journal_folder(workspace: Workspace) -> Path:
    return workspace.folder / ".reconciler" / "journal"


@pytest.mark.parametrize("room", [2_000, 30_000])
def test_a_journal_that_is_full_ends_the_run_truthfully(
    workspace: Workspace, organization: Organization, room: int
) -> None:
    workspace.write(contacts("Before"))
    workspace.apply()
    shutil.rmtree(journal_folder(workspace))
    workspace.write(contacts("After"))
    done = apply_with_room(workspace, room)
    assert done.code == 5, done.all
    assert not failed_inside(done.err)
    assert "error: the journal " in done.err
    assert "cannot be written: File too large" in done.err
    events = [orjson.loads(line) for line in done.out.splitlines()]
    ends = {str(one["address"]): str(one["event"]) for one in events if "message" in one}
    assert len(ends) == ROWS
    assert "skipped" in ends.values()
    assert set(ends.values()) <= {"done", "skipped"}
    assert {name for name, end in ends.items() if end == "done"} == changed(organization)
    [cut] = past_runs(journal_folder(workspace))
    assert not read_run(cut).ended
    written = {str(entry.address) for entry in read_run(cut).entries}
    assert changed(organization) <= written
    workspace.apply("--allow", "updates")
    assert len(changed(organization)) == ROWS


def test_where_not_even_a_journal_can_be_begun_nothing_is_sent(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write(contacts("After"))
    done = apply_with_room(workspace, 100)
    assert done.code == 1, done.all
    assert "cannot be written: File too large" in done.err
    assert "nothing was changed" in done.err
    assert organization.rows("contacts") == []
    assert [path.name for path in journal_folder(workspace).iterdir()] == [".gitignore"]


def slowly(request: Request, forward: Forward) -> Reply:
    time.sleep(0.02 if request.method == "PATCH" else 0)
    return forward(request)


def test_where_nobody_reads_on_the_run_ends_after_the_requests_in_flight(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write(contacts("Before"))
    workspace.apply()
    workspace.write(contacts("After"))
    with (
        front(slowly, organization.url) as url,
        workspace.start("apply", "--api-url", url, *OPTIONS) as process,
    ):
        assert process.stdout
        assert process.stderr
        while '"done"' not in process.stdout.readline():
            pass
        process.stdout.close()
        assert not failed_inside(process.stderr.read())
        assert process.wait(60) == 5
    run = read_run(past_runs(journal_folder(workspace))[-1])
    assert run.ended
    # what was written down, and waited when the end of the pipe was seen, was not sent
    assert {entry.answer for entry in run.entries} <= {"done", "refused"}
    done = {str(entry.address) for entry in run.entries if entry.answer == "done"}
    assert done == changed(organization)
    assert 0 < len(run.entries) < ROWS
    workspace.apply("--allow", "updates")
    assert len(changed(organization)) == ROWS


def test_an_id_that_cannot_be_bound_ends_the_run_and_is_ours_all_the_same(
    workspace: Workspace, organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.write(
        "products: {villa: {name: {default: V}, rent_period: daily, timezone: UTC,"
        " cooldown_time: 2}}\nservices: {eggs: {type: checkbox, label: {default: Eggs}}}\n"
        "product_services: [{product_id: villa, service_id: eggs, order: 3}]\n"
    )
    file = bindings_path(workspace.folder, organization.id)
    in_the_way = file  # a folder where the file shall be stops root, too
    meanwhile(monkeypatch, in_the_way.mkdir)
    done = workspace.apply("--allow", "billing-create", code=5)
    assert f"the bindings file {file} cannot be written" in done.err
    assert organization.one("products")["cooldown_time"] == 0
    assert organization.rows("product_services") == []
    in_the_way.rmdir()
    workspace.apply("--allow", "billing-create,updates")
    villa = organization.one("products")
    assert villa["cooldown_time"] == 2
    bound = read_bindings(file)[address("products.villa")]
    assert (bound.id, bound.origin) == (villa["id"], "owned")
    assert workspace.actions() == []


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda text: text[:40], id="cut off in its first line"),
        pytest.param(lambda text: "", id="empty"),
        pytest.param(lambda text: "\0" * len(text), id="zeros"),
        pytest.param(lambda text: text.replace("outcome", 'out"come'), id="damaged"),
        pytest.param(lambda text: text.replace('"changes":[', '"changes":[7,'), id="no change"),
        pytest.param(lambda text: text.replace('"contacts"', '"contracts"'), id="no kind"),
        pytest.param(lambda text: text.replace('"done"', '"perhaps"'), id="no answer"),
    ],
)
def test_a_spoilt_journal_is_named_and_hides_no_other(
    workspace: Workspace, organization: Organization, spoil: Callable[[str], str]
) -> None:
    for word in ("Before", "After"):
        workspace.write(contacts(word))
        workspace.apply("--allow", "updates")
    first, second = past_runs(journal_folder(workspace))
    first.write_text(spoil(first.read_text()))
    listed = workspace.run("undo", "--list")
    assert listed.code == 0
    assert second.stem in listed.out
    assert str(first) in listed.err
    done = workspace.run("undo", "--auto-approve", "--run", first.stem)
    assert (done.code, "hint: move it out of the folder" in done.err) == (1, True)
    assert workspace.run("undo", "--auto-approve", "--allow", "updates").code == 0
    assert changed(organization) == set()
