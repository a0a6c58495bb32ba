"""The public API: its names, and what a program can do with it besides plan and apply."""

import ast
import asyncio
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

import reconciler
from reconciler import Connection, UsageError
from reconciler.locking import locked
from reconciler.planning.planned import Planned
from tests.commandline import run
from tests.organization import Organization
from tests.sandbox_server import ROOT

VILLA = """
reconciler: {stack: python-1a2b}
contacts: {jane: {first_name: Jane, email: jane@example.test}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "villa").mkdir()
    (tmp_path / "villa" / "bookingmood.yaml").write_text(VILLA)
    return tmp_path / "villa"


@pytest.fixture
def connection(organization: Organization) -> Connection:
    return Connection.checked(organization.url, organization.key)


def applied(folder: Path, connection: Connection) -> reconciler.Report:
    planned = reconciler.make_plan(reconciler.load_configuration(folder), connection)
    return reconciler.apply(reconciler.approve(planned), connection)


def test_the_typed_names_are_the_names() -> None:
    stub = ast.parse((ROOT / "reconciler" / "__init__.pyi").read_text())
    typed = {
        alias.asname
        for node in stub.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert typed | {"__version__"} == set(reconciler.__all__) <= set(dir(reconciler))
    for name in reconciler.__all__:
        assert getattr(reconciler, name).__doc__ or name == "__version__"
    with pytest.raises(AttributeError, match="no attribute 'aply'"):
        _ = reconciler.aply  # type: ignore[attr-defined]


def test_what_is_managed_again_is_let_go_no_more(folder: Path, connection: Connection) -> None:
    applied(folder, connection)
    done = run("forget", "contacts.jane", "--folder", folder, environment={})
    assert done.code == 0, done.all
    (folder / "bookingmood.yaml").write_text(VILLA)
    assert applied(folder, connection).complete
    assert not (folder / "bindings" / "released.yaml").exists()
    (folder / "bookingmood.yaml").write_text("reconciler: {stack: python-1a2b}\n")
    planned = reconciler.make_plan(reconciler.load_configuration(folder), connection)
    assert [(change.kind, change.action) for change in planned.plan.changes] == [
        ("contacts", "delete")
    ]


def test_no_module_takes_the_place_of_a_name() -> None:
    modules = {path.stem for path in (ROOT / "reconciler").iterdir()}
    assert modules & set(reconciler.__all__) == set()


def test_to_import_it_loads_nothing() -> None:
    code = "import sys, reconciler; print(sorted(n for n in sys.modules if 'reconciler' in n))"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout == "['reconciler']\n"


def test_what_is_wrong_in_yaml_is_raised_whole(folder: Path) -> None:
    (folder / "more.yaml").write_text("contacts: {joe: {first_nam: Joe, email: [3]}}")
    with pytest.raises(reconciler.ConfigurationError) as error:
        reconciler.load_configuration(folder)
    assert [problem.code for problem in error.value.problems] == ["unknown-column", "wrong-type"]
    with pytest.raises(UsageError, match="no path"):
        reconciler.load_configuration()


def test_what_a_program_prints_of_a_configuration_holds_no_value(folder: Path) -> None:
    shown = repr(reconciler.load_configuration(folder))
    assert "bookingmood.yaml" in shown
    assert "Jane" not in shown
    assert "jane@example.test" not in shown


def test_an_apply_is_taken_back(
    folder: Path, connection: Connection, organization: Organization
) -> None:
    assert applied(folder, connection).complete
    assert len(organization.rows("contacts")) == 1
    undo = reconciler.plan_undo(reconciler.load_configuration(folder), connection)
    assert [(change.action.value, change.name) for change in undo.plan.changes] == [
        ("delete", "contacts.jane")
    ]
    assert reconciler.apply(reconciler.approve(undo), connection).complete
    assert organization.rows("contacts") == []


def test_another_run_in_the_folder_is_waited_for_or_refused(
    folder: Path, connection: Connection
) -> None:
    planned = reconciler.make_plan(reconciler.load_configuration(folder), connection)
    approved = reconciler.approve(planned)
    with reconciler_lock(folder), pytest.raises(UsageError, match="another run writes"):
        reconciler.apply(approved, connection)
    assert reconciler.apply(approved, connection).complete


def reconciler_lock(folder: Path) -> AbstractContextManager[None]:
    return locked(folder, "test", tell=print)


def test_a_plan_is_not_executed_with_the_key_of_another_organization(
    folder: Path, connection: Connection, other_organization: Organization
) -> None:
    planned = reconciler.make_plan(reconciler.load_configuration(folder), connection)
    approved = reconciler.approve(planned)
    other = Connection.checked(other_organization.url, other_organization.key)
    with pytest.raises(UsageError, match="the API key is of organization"):
        reconciler.apply(approved, other)
    assert not (folder / ".reconciler").exists()
    assert other_organization.rows("contacts") == []
    assert reconciler.apply(approved, connection).complete


def test_what_changed_live_is_pulled(
    folder: Path, connection: Connection, organization: Organization
) -> None:
    assert applied(folder, connection).complete
    before = (folder / "bookingmood.yaml").read_text()
    jane = organization.one("contacts")
    organization.change("contacts", jane["id"], first_name="Janet")
    told = reconciler.pull(folder, connection, check=True)  # in no repository: nobody knows
    assert (told.changed, told.conflicts) == (0, ("contacts.jane.first_name",))
    told = reconciler.pull(folder, connection, take_live="contacts.jane", check=True)
    assert (told.changed, told.conflicts) == (1, ())
    assert (folder / "bookingmood.yaml").read_text() == before
    done = reconciler.pull(folder, connection, take_live="contacts.jane")
    assert (done.changed, done.conflicts) == (1, ())
    assert "Janet" in (folder / "bookingmood.yaml").read_text()
    again = reconciler.make_plan(reconciler.load_configuration(folder), connection)
    assert again.plan.changes == ()


@dataclass(frozen=True)
class Move:
    """What a program does with addresses, and which ones both folders hold afterwards."""

    play: Callable[[Path, Path], reconciler.Moved | None]
    became: Mapping[str, str]
    here: Sequence[str]
    there: Sequence[str] = ("contacts.ola",)


JOHN = {"contacts.jane": "contacts.john"}
MOVES = {
    "rename": Move(lambda here, _: reconciler.rename(here, JOHN), JOHN, ["contacts.john"]),
    "move": Move(
        lambda here, there: reconciler.move(here, "contacts.jane", there),
        {"contacts.jane": "contacts.jane"},
        [],
        ("contacts.jane", "contacts.ola"),
    ),
    "forget": Move(lambda here, _: reconciler.forget(here, ["contacts.jane"]), {}, []),
}


@pytest.mark.parametrize("name", MOVES)
def test_addresses_move_and_rows_stay(
    name: str, folder: Path, connection: Connection, organization: Organization
) -> None:
    case, there = MOVES[name], folder.parent / "park"
    there.mkdir()
    (there / "bookingmood.yaml").write_text(
        "reconciler: {stack: park-1a2b}\ncontacts:\n  ola: {email: ola@example.test}\n"
    )
    for each in (folder, there):
        applied(each, connection)
    before = organization.rows("contacts")
    moved = case.play(folder, there)
    assert (moved.addresses if moved else {}) == case.became
    for each, wanted in ((folder, case.here), (there, case.there)):
        configuration = reconciler.load_configuration(each)
        assert sorted(map(str, configuration.resources)) == [*wanted]
        assert reconciler.make_plan(configuration, connection).plan.changes == ()
    assert organization.rows("contacts") == before


@pytest.mark.parametrize("name", MOVES)
def test_what_cannot_move_leaves_the_files_alone(name: str, folder: Path) -> None:
    (folder / "bookingmood.yaml").write_text("reconciler: {stack: python-1a2b}\n")
    with pytest.raises((UsageError, reconciler.ConfigurationError)):
        MOVES[name].play(folder, folder)
    assert [path.name for path in folder.rglob("*.yaml")] == ["bookingmood.yaml"]


async def imported(folder: Path, connection: Connection, row_id: str) -> reconciler.Adopted:
    return await reconciler.import_row_async(folder, "contacts.ola", row_id, connection)


@pytest.mark.parametrize("way", ["sync", "async"])
def test_rows_that_are_in_no_yaml_are_counted_and_come_in(
    way: str, folder: Path, connection: Connection, organization: Organization
) -> None:
    applied(folder, connection)
    organization.insert("contacts", email="ola@example.test")
    organization.insert("contacts", email="ida@example.test")
    plan = reconciler.make_plan(
        reconciler.load_configuration(folder), connection, unmanaged=True
    ).plan
    assert [(one.kind, one.rows) for one in plan.unmanaged or ()] == [("contacts", 2)]
    ids = {row["email"]: str(row["id"]) for row in organization.rows("contacts")}
    ola = ids["ola@example.test"]
    adopted = (
        reconciler.import_row(folder, "contacts.ola", ola, connection)
        if way == "sync"
        else asyncio.run(imported(folder, connection, ola))
    )
    assert adopted.wrote_block
    pulled = reconciler.pull(folder, connection, unmanaged="contacts")
    assert pulled.added == 1
    plan = reconciler.make_plan(
        reconciler.load_configuration(folder), connection, unmanaged=True
    ).plan
    assert (plan.changes, plan.unmanaged) == ((), ())


def test_one_name_may_stand_without_a_list(folder: Path, connection: Connection) -> None:
    one = reconciler.load_configuration(folder, targets="contacts.jane", kinds="contacts")
    assert list(map(str, one.resources)) == ["contacts.jane"]
    exported = reconciler.export(folder.parent / "new", connection, kinds="contacts")
    assert isinstance(exported, reconciler.Exported)
    assert set(exported.counts) <= {"contacts"}


def test_a_kind_that_is_none_is_refused(folder: Path, connection: Connection) -> None:
    with pytest.raises(UsageError, match="there is no kind contact"):
        reconciler.export(folder.parent / "new", connection, kinds=["contact"])
    with pytest.raises(UsageError, match="there is no kind contact"):
        reconciler.migrate(connection, connection, folder.parent / "new", kinds=["contact"])


@pytest.mark.parametrize("number", [0, -1])
def test_a_run_that_could_never_send_is_refused(
    number: int, folder: Path, connection: Connection
) -> None:
    configuration = reconciler.load_configuration(folder)
    with pytest.raises(UsageError, match=f"parallelism is {number}"):
        reconciler.make_plan(configuration, connection, parallelism=number)


def test_an_export_is_written_and_brought_up_to_date(
    folder: Path, connection: Connection, organization: Organization, tmp_path: Path
) -> None:
    applied(folder, connection)
    out = tmp_path / "out"
    first = reconciler.export(out, connection)
    assert isinstance(first, reconciler.Exported)
    assert first.counts["contacts"] == 1
    [row] = organization.rows("contacts")
    organization.change("contacts", str(row["id"]), first_name="Joan")
    second = reconciler.export(out, connection)
    assert isinstance(second, reconciler.Updated)
    assert second.changed == 1
    assert "Joan" in (out / "contacts.yaml").read_text()
    with pytest.raises(UsageError, match="holds YAML already"):
        reconciler.export(out, connection, redact=True)


def test_a_migration_needs_its_consents(
    folder: Path,
    connection: Connection,
    organization: Organization,
    other_organization: Organization,
    tmp_path: Path,
) -> None:
    applied(folder, connection)
    organization.insert("taxes", label={"default": "VAT"}, percentage=9, type="included")
    target = Connection.checked(other_organization.url, other_organization.key)
    moved = reconciler.migrate(connection, target, tmp_path / "moved", consents=["notifies"])
    assert moved.found
    assert moved.found.proven
    assert [len(other_organization.rows(kind)) for kind in ("contacts", "taxes")] == [1, 1]


def test_nobody_writes_out_a_plan_that_is_only_handed_on(
    folder: Path, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Planned] = []

    def write(planned: Planned) -> str:
        written.append(planned)
        return "a plan"

    monkeypatch.setattr(Planned, "__repr__", write)
    planned = reconciler.make_plan(reconciler.load_configuration(folder), connection)
    assert len(planned.plan.changes) == 1
    assert written == []


def test_in_an_event_loop_the_twin_is_awaited(folder: Path, connection: Connection) -> None:
    configuration = reconciler.load_configuration(folder)

    async def plan() -> int:
        with pytest.raises(UsageError, match="an event loop runs already") as error:
            reconciler.make_plan(configuration, connection)
        assert error.value.hint == "await make_plan_async(…) there"
        planned = await reconciler.make_plan_async(configuration, connection)
        return len(planned.plan.changes)

    assert asyncio.run(plan()) == 1


@pytest.mark.parametrize(
    ("url", "key"), [("http://example.com/v1", "key"), ("https://example.com", "two\nlines")]
)
def test_a_connection_is_checked_however_it_is_made(url: str, key: str) -> None:
    good = Connection.checked("https://example.com/v1", "key")
    with pytest.raises(UsageError, match="API key"):
        Connection(url, key)
    with pytest.raises(UsageError, match="API key"):
        replace(good, url=url, key=key)
