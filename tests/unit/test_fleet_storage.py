"""What workers share: a token that proves it, and bindings on their way home."""

from pathlib import Path

import pytest

from reconciler.bindings import Bindings, bindings_path
from reconciler.diagnostics import UsageError
from reconciler.fleet.cluster import Scheduler
from reconciler.fleet.handover import Handover
from reconciler.fleet.leases import Lease
from reconciler.fleet.place import Place
from reconciler.fleet.results import Result
from reconciler.fleet.storage import Storage
from reconciler.fleet.tasks import Access, Sharing, Task, Writing, Yaml
from reconciler.values.address import Address
from tests.dying import killed

ORGANIZATION = "0d9cbb5e-62a4-4f0e-8d7b-1c2f3a4b5c60"
HOUSE, BARN = Address("products", "house"), Address("products", "barn")
FIRST, SECOND = (f"0d9cbb5e-62a4-4f0e-8d7b-1c2f3a4b5d0{n}" for n in range(2))


def line(address: Address, row_id: str) -> str:
    return f"{address}: {{id: {row_id}, origin: owned}}\n"


def bound(text: str) -> dict[str, str]:
    found = Bindings.of(text, Path("x"))
    return {str(address): binding.id for address, binding in found.entries.items()}


# -- a folder that all share ----------------------------------------------------------------------


def test_the_token_shows_the_folder(tmp_path: Path) -> None:
    storage = Storage.beside(tmp_path / "journal")
    digest = storage.prepare()
    assert storage.prepare() == digest  # of a second run that uses it, too
    storage.check(digest)
    assert (storage.folder / "token").stat().st_mode & 0o777 == 0o600
    assert (storage.folder / ".gitignore").read_text() == "*\n"


def test_another_folder_at_the_same_path_is_refused(tmp_path: Path) -> None:
    digest = Storage(tmp_path / "one").prepare()
    Storage(tmp_path / "two").prepare()
    for other in (tmp_path / "two", tmp_path / "none"):
        with pytest.raises(UsageError, match="is not the same here"):
            Storage(other).check(digest)


def test_a_worker_that_dies_at_any_file_operation_is_in_nobodys_way(tmp_path: Path) -> None:
    known, died = line(HOUSE, FIRST), True

    def work(folder: Path) -> None:
        bindings = Storage(folder).begin(ORGANIZATION, 1, known)
        bindings.bind(BARN, SECOND, "owned")
        bindings.save()

    numbers = iter(range(300))
    while died:
        number = next(numbers)
        storage = Storage(tmp_path / f"storage-{number:03}")
        storage.folder.mkdir()
        died = killed(storage.folder, work, number)
        found = bound(storage.text(ORGANIZATION, 1, known))
        storage.brought_home(ORGANIZATION, 1)
        assert {str(HOUSE): FIRST}.items() <= found.items() <= both().items()
        assert [path for path in storage.folder.rglob("*") if path.is_file()] == []
    assert found == both()
    assert number > 5


def both() -> dict[str, str]:
    return {str(HOUSE): FIRST, str(BARN): SECOND}


def test_what_a_worker_bound_and_died_is_taken_up(tmp_path: Path) -> None:
    storage, known = Storage(tmp_path), line(HOUSE, FIRST)
    first = storage.begin(ORGANIZATION, 1, known)
    first.bind(BARN, SECOND, "owned")
    first.save()
    second = storage.begin(ORGANIZATION, 2, known)
    assert second.entries == first.entries
    first.forget(HOUSE, FIRST)  # the one that only seemed dead writes into a file of its own
    first.save()
    assert Bindings.read(second.path).entries.keys() == {HOUSE, BARN}
    assert bound(storage.text(ORGANIZATION, 2, known)) == {
        str(HOUSE): FIRST, str(BARN): SECOND,
    }  # fmt: skip
    storage.brought_home(ORGANIZATION, 2)
    assert storage.text(ORGANIZATION, 2, known) == known
    assert [*(tmp_path / ORGANIZATION / "bindings").iterdir()] == []


def test_what_was_bound_is_laid_over_what_came_meanwhile(tmp_path: Path) -> None:
    storage = Storage(tmp_path)
    storage.begin(ORGANIZATION, 1, line(HOUSE, FIRST)).save()
    bindings = storage.begin(ORGANIZATION, 2, line(HOUSE, FIRST))
    bindings.forget(HOUSE, FIRST)
    bindings.save()
    meanwhile = line(HOUSE, FIRST) + line(BARN, SECOND)
    assert bound(storage.text(ORGANIZATION, 2, meanwhile)) == {str(BARN): SECOND}


# -- what is handed over --------------------------------------------------------------------------


@pytest.fixture
def base(tmp_path: Path) -> Path:
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "bookingmood.yaml").write_text("reconciler: {stack: agency-1a2b}\n")
    return tmp_path / "base"


def task(base: Path, verb: str = "apply") -> Task:
    journal = base / ".reconciler" / "journal" / ORGANIZATION
    return Task(
        verb,  # type: ignore[arg-type]  # a verb
        "amalfi",
        ORGANIZATION,
        "",
        Yaml(str(base)),
        Access("http://127.0.0.1:9", 1, 1, 1),
        str(base),
        writing=Writing(journal=str(journal) if verb == "apply" else ""),
    )


def result() -> Result:
    return Result("amalfi", ORGANIZATION, 0, "done", wrote=True)


def test_on_this_machine_nothing_is_handed_over(base: Path) -> None:
    for verb in ("plan", "apply"):
        assert Handover(elsewhere=False).give(task(base, verb)).sharing == Sharing()


def test_a_run_of_this_machine_heeds_leases_that_there_are(base: Path) -> None:
    Storage.beside(base / ".reconciler" / "journal").prepare()
    assert Handover(elsewhere=False).give(task(base)).sharing.storage
    assert Handover(elsewhere=False).give(task(base, "plan")).sharing == Sharing()


def test_bindings_go_with_the_task_and_come_home(base: Path) -> None:
    path = bindings_path(base, ORGANIZATION)
    path.parent.mkdir()
    path.write_text(line(HOUSE, FIRST))
    handover = Handover(elsewhere=True, environment={})
    given = handover.give(task(base)).sharing
    assert given.bindings == line(HOUSE, FIRST)

    storage = Storage(Path(given.storage))
    lease = Lease(storage.of(ORGANIZATION), 1, "a worker", 30, 0) if _made(storage) else None
    assert lease
    bindings = storage.begin(ORGANIZATION, 1, given.bindings)
    bindings.bind(BARN, SECOND, "owned")
    bindings.save()
    assert path.read_text() == line(HOUSE, FIRST)  # no worker writes there

    handover.take(result())  # nobody knows whether the holder still writes
    assert path.read_text() == line(HOUSE, FIRST)

    lease.release()
    handover.give(task(base))
    assert handover.take(result()) == result()
    assert Bindings.read(path).entries.keys() == {HOUSE, BARN}


def _made(storage: Storage) -> bool:
    storage.of(ORGANIZATION).mkdir()
    return True


def test_bindings_that_cannot_come_home_are_told_and_wait(base: Path) -> None:
    handover = Handover(elsewhere=True, environment={})
    storage = Storage(Path(handover.give(task(base)).sharing.storage))
    storage.of(ORGANIZATION).mkdir()
    lease = Lease(storage.of(ORGANIZATION), 1, "a worker", 30, 0)
    bindings = storage.begin(ORGANIZATION, 1, "")
    bindings.bind(BARN, SECOND, "owned")
    bindings.save()
    lease.release()
    (base / "bindings").write_text("a file is in the way")
    ended = handover.take(result())
    assert (ended.code, ended.state) == (5, "failed")
    assert ended.error and "cannot be brought into" in ended.error["message"]
    assert bound(storage.text(ORGANIZATION, 1, "")) == {str(BARN): SECOND}


def test_what_cannot_be_read_ends_its_own_task_alone(base: Path) -> None:
    bindings_path(base, ORGANIZATION).mkdir(parents=True)
    given = Handover(elsewhere=True, environment={}).give(task(base))
    assert "cannot be read" in given.sharing.problem
    with pytest.raises(UsageError, match="cannot be read"):
        Place(environment={}).check(given)


# -- the same files, everywhere -------------------------------------------------------------------


def digest(base: Path, **environment: str) -> str:
    return Handover(elsewhere=True, environment=environment).give(task(base, "plan")).sharing.files


@pytest.mark.parametrize(
    ("file", "counts"),
    [
        ("bookingmood.yaml", True),
        ("more/taxes.yml", True),
        ("policies/names.yaml", True),
        ("bindings/received.yaml", True),
        (f"bindings/{ORGANIZATION}.yaml", False),
        (".reconciler/journal/x.yaml", False),
        ("plan.json", False),
        ("README.md", False),
    ],
)
def test_which_files_have_to_be_the_same(base: Path, file: str, counts: bool) -> None:
    before = digest(base)
    (base / file).parent.mkdir(parents=True, exist_ok=True)
    (base / file).write_text("contacts: {}\n")
    assert (digest(base) != before) is counts


def test_which_variables_have_to_be_the_same(base: Path) -> None:
    before = digest(base)
    assert digest(base, BM_KEY_AMALFI="k", PATH="/bin") == before
    assert digest(base, RECONCILER_VAR_TOWN="Amalfi") != before


# -- which scheduler ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    ["local", "tls://dask.example:8786", "tcp://127.0.0.1:8786", "tcp://localhost:1", "tcp://[::1]:1"],
)  # fmt: skip
def test_a_scheduler_that_is_taken(address: str) -> None:
    assert Scheduler(address).is_elsewhere is address.startswith("tls")


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("tcp://dask.example:8786", "plain TCP to another machine"),
        ("tcp://10.0.0.5:8786", "plain TCP to another machine"),
        ("tcp://0.0.0.0:8786", "plain TCP to another machine"),
        ("ws://127.0.0.1:8786", "no address of a scheduler"),
        ("tls://dask.example", "no address of a scheduler"),
        ("dask.example:8786", "no address of a scheduler"),
        ("tls://dask.example:port", "no address of a scheduler"),
        ("scheduler.json", "no address of a scheduler"),
        ("", "no address of a scheduler"),
    ],
)
def test_a_scheduler_that_is_refused(address: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        Scheduler(address)


def test_workers_of_other_machines_need_tls() -> None:
    Scheduler("tls://dask.example:8786").check_workers(["tls://10.0.0.5:3000"])
    Scheduler("local").check_workers(["tls://127.0.0.1:3000"])
    with pytest.raises(UsageError, match=r"tcp://10\.0\.0\.5:3000 is on another machine"):
        Scheduler("tcp://127.0.0.1:1").check_workers(["tcp://127.0.0.1:2", "tcp://10.0.0.5:3000"])
