"""A fleet on Dask: the same as without it, over TLS, after a death, and no key anywhere.

Starting a cluster takes seconds, so few tests have one. `python -m tests.fleet_kills` kills workers
and coordinators at random, and judges the rows.
"""

import asyncio
import json
import os
import pickle
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import trustme

from reconciler.fleet.cluster import Scheduler
from reconciler.fleet.dask import DaskRunner
from reconciler.fleet.handover import Handover
from reconciler.fleet.storage import Storage
from reconciler.fleet.tasks import Access, Task, Yaml
from tests.fleets import BASE, NAMES, PAIRS, FleetFolder, fleet_folder
from tests.front import Forward, Reply, Request, front
from tests.server import Server

pytestmark = pytest.mark.slow


pytest.importorskip("distributed")
KEYS = {name: pair.partition("=")[2] for name, pair in zip(NAMES, PAIRS, strict=True)}
LOCAL = ("--scheduler", "local", "--jobs", "2")
HOUSE = (
    "products:\n"
    "  house: {name: {default: House}, rent_period: nightly, timezone: Europe/Amsterdam}\n"
)
"""A row whose id the server chooses: only the bindings know it."""


def without_times(done: Mapping[str, Any]) -> Any:
    """Take out of a report what differs from run to run."""
    ends = [{**one, "seconds": 0} for one in done["organizations"]]
    return {**done, "organizations": ends}


def test_dask_does_the_same_as_processes(fleet: FleetFolder) -> None:
    fleet.write(BASE + HOUSE)
    plain = without_times(fleet.report("plan"))
    assert without_times(fleet.report("plan", *LOCAL)) == plain
    done = fleet.run("apply", *LOCAL, "--auto-approve", "--allow", "billing-create")
    assert done.code == 0, done.all
    assert fleet.run("drift").code == 0  # the ids that the server chose came home
    bindings = [path.stem for path in sorted((fleet.base / "bindings").iterdir())]
    assert bindings == [fleet.organization(name).id for name in NAMES]
    again = fleet.states("apply", "--auto-approve")  # a run without Dask heeds the leases
    assert again == dict.fromkeys(NAMES, "unchanged")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["plan", "--scheduler", "tcp://dask.example:8786"], "is plain TCP to another machine"),
        (["plan", "--scheduler", "dask.example"], "is no address of a scheduler"),
        (["plan", "--scheduler", "tcp://127.0.0.1:9"], "no scheduler answers at tcp://127.0.0.1:9"),
        (["apply", "--scheduler", "tls://dask.example:8786"], "write only where all share storage"),
        (["undo", "--scheduler", "tls://dask.example:8786"], "write only where all share storage"),
    ],
)
def test_what_is_refused(fleet: FleetFolder, words: list[str], why: str) -> None:
    more = ["--auto-approve"] if words[0] in {"apply", "undo"} else []
    done = fleet.run(words[0], *words[1:], *more)
    assert done.code == 1
    assert why in " ".join(done.err.split())
    assert fleet.notes() == dict.fromkeys(NAMES, "")


# -- what others could see ------------------------------------------------------------------------


def tasks_of(fleet: FleetFolder) -> list[Task]:
    """Make the tasks of a plan for all organizations."""
    access = Access(fleet.server.sandbox.url, 20, 10, 10)
    return [
        Task("plan", name, fleet.organization(name).id, "", Yaml(str(fleet.base)), access,
             str(fleet.path))
        for name in NAMES
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Looked:
    """What could be seen of a cluster of this machine while it made plans."""

    states: Mapping[str, str]
    words: str
    listening: frozenset[str]
    pages: frozenset[int]
    address: str


@pytest.fixture(scope="module")
def looked(server_of_fleets: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Looked]:
    """Plan with a wrong key among the others, and look around."""
    fleet = fleet_folder(server_of_fleets, tmp_path_factory.mktemp("looked") / "agency")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in fleet.environment.items():
            patch.setenv(name, value)
        patch.setenv("BM_KEY_CORK", "secret-key-but-a-wrong-one")
        handover = Handover(elsewhere=True)
        yield asyncio.run(look([handover.give(task) for task in tasks_of(fleet)]))


async def look(tasks: Sequence[Task]) -> Looked:
    """Execute tasks, and collect all that Dask knows."""
    async with DaskRunner(Scheduler("local"), jobs=2) as runner:
        client = runner._client
        results = [one async for one in runner.run(tasks)]
        seen = [pickle.dumps(runner._message(task)).decode("latin-1") for task in tasks]
        seen += [repr(await client.get_worker_logs()), repr(await client.get_scheduler_logs())]
        seen += [repr(await client.get_events()), repr(results)]
        seen += [repr(await client.scheduler.identity(n_workers=-1))]
        pids = {os.getpid(), *(await client.run(os.getpid)).values()}
        port = client.cluster.scheduler.http_server.port
        async with httpx.AsyncClient(trust_env=False) as http:
            pages = ["/status", "/info/main/workers.html", "/json/counts.json", "/metrics"]
            codes = [(await http.get(f"http://127.0.0.1:{port}{p}")).status_code for p in pages]
        states = {one.name: str(one.state) for one in results}
        address = client.scheduler.address
        return Looked(states, "".join(seen), listening(pids), frozenset(codes), address)


def test_no_key_is_in_a_task_a_log_or_a_page(looked: Looked) -> None:
    assert looked.states == {**dict.fromkeys(NAMES, "pending"), "cork": "failed"}
    assert "amalfi" in looked.words
    assert not any(key in looked.words for key in (*KEYS.values(), "secret-key"))


def test_a_cluster_of_this_machine_answers_nobody_else(looked: Looked) -> None:
    assert looked.listening == {"0100007F"}  # 127.0.0.1
    assert looked.pages == {404}
    assert looked.address.startswith("tls://127.0.0.1:")


def listening(pids: set[int]) -> frozenset[str]:
    """Say on which addresses processes listen, as the system writes them."""
    sockets = set()
    for pid in pids:
        for entry in Path(f"/proc/{pid}/fd").iterdir():
            try:
                sockets.add(str(entry.readlink()))
            except OSError:  # closed meanwhile
                continue
    found = set()
    for table in ("tcp", "tcp6"):
        for row in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            words = row.split()
            if words[3] == "0A" and f"socket:[{words[9]}]" in sockets:
                found.add(words[1].partition(":")[0])
    return frozenset(found)


# -- a cluster elsewhere --------------------------------------------------------------------------


@contextmanager
def cluster(folder: Path, environment: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """Run a scheduler and a worker over TLS, and give the options to reach it."""
    authority = trustme.CA()
    own = authority.issue_cert("127.0.0.1", "localhost")
    authority.cert_pem.write_to_path(folder / "ca.pem")
    own.private_key_pem.write_to_path(folder / "key.pem")
    (folder / "cert.pem").write_bytes(own.cert_chain_pems[0].bytes())
    tls = [f"--tls-{n}={folder / f}.pem" for n, f in
           (("ca-file", "ca"), ("cert", "cert"), ("key", "key"))]  # fmt: skip
    file = folder / "scheduler.json"
    log = (folder / "log").open("w")
    words = ["--host", "tls://127.0.0.1", "--port", "0", "--no-show"]
    scheduler = subprocess.Popen(
        [sys.executable, "-m", "distributed.cli.dask_scheduler", *words, *tls, "--scheduler-file",
         str(file), "--dashboard-address", "127.0.0.1:0"],
        stdout=log, stderr=log,
    )  # fmt: skip
    worker = subprocess.Popen(
        [sys.executable, "-m", "distributed.cli.dask_worker", "--scheduler-file", str(file), *tls,
         "--host", "tls://127.0.0.1", "--nthreads", "4", "--no-nanny", "--no-dashboard"],
        stdout=log, stderr=log, cwd=folder, env={**os.environ, **environment},
    )  # fmt: skip
    try:
        yield _options(folder, file)
    finally:
        for one in (worker, scheduler):
            one.kill()
            one.wait()
        log.close()


def _options(folder: Path, file: Path) -> tuple[str, ...]:
    until = time.monotonic() + 120
    while not (file.exists() and file.read_text().endswith("}")):
        assert time.monotonic() < until, (folder / "log").read_text()
        time.sleep(0.1)
    address = json.loads(file.read_text())["address"]
    files = (("--tls-ca", "ca"), ("--tls-cert", "cert"), ("--tls-key", "key"))
    return ("--scheduler", address, *(w for o, f in files for w in (o, str(folder / f"{f}.pem"))))


def test_workers_elsewhere_have_the_keys_and_the_coordinator_none(
    fleet: FleetFolder, tmp_path: Path
) -> None:
    keys = {name: value for name, value in fleet.environment.items() if name.startswith("BM_KEY")}
    nothing = dict.fromkeys(keys, "")
    with cluster(tmp_path, keys) as options:
        assert fleet.states("plan", *options, **nothing) == dict.fromkeys(NAMES, "pending")

        journal = ("--journal", str(tmp_path / "shared"))
        done = fleet.run("apply", *options, *journal, "--auto-approve", **nothing)
        assert done.code == 0, done.all
        assert fleet.notes() == {**dict.fromkeys(NAMES, "n1,n1"), "bergen": "bergen,n1"}

        (tmp_path / "agency" / "cork.env").write_text("LAST=Cook\n")
        differing = fleet.report("plan", *options, RECONCILER_VAR_LAST="x", **nothing)
        ends = differing["organizations"]
        assert {one["state"] for one in ends} == {"failed"}  # type: ignore[union-attr, call-overload, index]
        assert "are not those of the coordinator" in str(ends)
        secrets = (tmp_path / "log").read_text()
    assert not any(key in secrets for key in KEYS.values())


def test_who_lost_the_lease_writes_nothing_more(fleet: FleetFolder, tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    Storage.beside(journal).prepare()
    own = Storage.beside(journal).of(fleet.organization("amalfi").id)
    written: list[str] = []

    def rule(request: Request, forward: Forward) -> Reply:
        if request.method != "GET":
            written.append(request.kind)
            (own / "00000002.lease").write_text("another has it by now")
        return forward(request)

    fleet.write(BASE + "taxes:\n  vat: {label: {default: VAT}, percentage: 9}\n")
    options = ("--select", "amalfi", "--parallelism", "1", "--journal", journal, "--auto-approve")
    with front(rule, fleet.server.sandbox.url) as url:
        report = fleet.report("apply", *options, "--api-url", url)
    assert len(written) == 1
    assert report["exit_code"] == 5
    assert "the lease on the organization ran out, so nothing more was sent" in str(report)
