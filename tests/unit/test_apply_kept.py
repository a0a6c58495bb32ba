"""What stands in the bindings after a run, and what ends it where this machine cannot write."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.diagnostics import UsageError
from reconciler.execution.outcome import Outcome
from reconciler.journal import write
from reconciler.journal.write import Journal
from reconciler.plan.change import Change
from reconciler.values.sent import Pending
from tests.builders import address, change, foreign_id, own_id
from tests.executing import Heard, bindings_in, contacts, create, execute, on, words
from tests.unruly import Step, Unruly, refuses

A, B = own_id("contacts.a"), own_id("contacts.b")
OWN, OTHER = (B, "owned"), (foreign_id(3), "owned")

# -- what is bound --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "binding", "columns", "before", "after", "requests"),
    [
        ("adopt contacts.a", "adopted", {}, {}, {"contacts.a": (A, "adopted")}, 0),
        ("adopt contacts.a", "owned", {}, {}, {"contacts.a": (A, "owned")}, 0),
        ("adopt contacts.a", "adopted", {"first_name": "x"}, {},
         {"contacts.a": (A, "adopted")}, 1),
        ("rename contacts.a", "owned", {}, {"contacts__old": (A, "owned")},
         {"contacts.a": (A, "owned")}, 0),
        ("rename contacts.a", "owned", {"first_name": "x"}, {"contacts__old": (A, "owned")},
         {"contacts.a": (A, "owned")}, 1),
        ("release contacts.a", None, {}, {"contacts__a": (A, "owned"), "contacts__b": OWN},
         {"contacts.b": OWN}, 0),
        ("release contacts.a", None, {"first_name": "x"}, {"contacts__a": (A, "adopted")}, {}, 1),
        ("release contacts.a", None, {}, {"contacts__a": OTHER}, {"contacts.a": OTHER}, 0),
        ("delete contacts.a", None, {}, {"contacts__a": (A, "owned"), "contacts__b": OWN},
         {"contacts.b": OWN}, 1),
        ("delete contacts.a", None, {}, {}, {}, 1),
        ("update contacts.a", None, {"first_name": "x"}, {"contacts__b": OWN},
         {"contacts.b": OWN}, 1),
        ("update contacts.a", "owned", {"first_name": "x"}, {}, {"contacts.a": (A, "owned")}, 1),
    ],
)  # fmt: skip
def test_what_stands_in_the_bindings_afterwards(
    line: str,
    binding: str | None,
    columns: dict[str, str],
    before: dict[str, tuple[str, str]],
    after: dict[str, tuple[str, str]],
    requests: int,
    tmp_path: Path,
) -> None:
    for script, expected in (([], after), ([refuses("22003")], None)):
        folder = tmp_path / str(bool(script))
        folder.mkdir()
        verb = "delete" if line.startswith("delete") else "update"
        api = contacts({f"{verb} contacts": script}, keys="a")
        one = replace(on(api, line, **columns), binding=binding)  # type: ignore[arg-type]
        held = bindings_in(folder, **before)
        there = {name.replace("__", "."): value for name, value in before.items()}
        done = execute(api, folder, [one], bindings=held)
        assert len(api.sent) == requests
        refused = script and requests
        assert words(done) == ["failed a no [22003]" if refused else "done a"]
        assert dict(done.bound) == (there if refused else after)
        entries = done.journal.entries
        assert [(e.action.value, e.id, dict(e.after)) for e in entries] == [
            (line.partition(" ")[0], A, columns)
        ]
        assert expected is None or done.report.complete


def test_a_delete_of_a_row_without_a_name_binds_nothing(tmp_path: Path) -> None:
    api = contacts(keys="a")
    one = replace(on(api, "delete contacts.a"), address=None)
    done = execute(api, tmp_path, [one], bindings=bindings_in(tmp_path, contacts__b=OWN))
    assert done.ends == [f"done contacts[{A}]"]
    assert done.bound == {"contacts.b": OWN}


def test_what_a_level_needs_is_known_from_the_plan_or_from_the_answer(tmp_path: Path) -> None:
    """The id of a contact is computed; one that the server chose is taken from its answer."""
    api = contacts()
    booking = change("create contact_bookings.x", contact_id=Pending(address("contacts.a")))
    execute(api, tmp_path, [create("a")], [booking])
    assert [one["contact_id"] for one in api.rows["contact_bookings"].values()] == [A]
    api = contacts()
    api.stores = lambda given: {n: v for n, v in given.items() if n != "id"}
    execute(api, tmp_path, [create("a")], [booking])
    [chosen] = api.rows["contacts"]
    assert [one["contact_id"] for one in api.rows["contact_bookings"].values()] == [chosen]


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(create("a"), id="another id than the computed one"),
        pytest.param(
            replace(change("create products.villa", name={"default": "Villa"}), id=None),
            id="an id that only the server gives",
        ),
    ],
)
def test_nobody_hears_of_an_id_that_was_chosen_before_it_is_on_the_disk(
    one: Change, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_disk: list[bytes] = []
    real = write._sync_data

    def sync(file: int) -> None:
        [journal] = (tmp_path / "journal").glob("*.jsonl")
        there = journal.read_bytes()
        real(file)
        on_disk.append(there)

    class Keen(Heard):
        def settled(self, outcome: Outcome) -> None:
            self.events.append(f"{outcome.id} {str(outcome.id).encode() in on_disk[-1]}")

    monkeypatch.setattr(write, "_sync_data", sync)
    api = contacts()
    api.stores = lambda given: {n: v for n, v in given.items() if n != "id"}
    done = execute(api, tmp_path, [one], listener=Keen())
    [chosen] = api.rows[one.kind]
    assert done.events[1:] == [f"{chosen} True"]


# -- what this machine cannot write ---------------------------------------------------------------


def lose_bindings(folder: Path) -> Callable[[Unruly], None]:
    """Have a folder stand where the bindings are to be written."""

    def do(_: Unruly) -> None:
        (folder / "bindings.yaml").unlink()
        (folder / "bindings.yaml").mkdir()

    return do


def test_where_an_id_cannot_be_kept_nothing_more_is_sent(tmp_path: Path) -> None:
    api = Unruly({"create products": [Step(first=lose_bindings(tmp_path))]})
    one = replace(change("create products.villa", name={"default": "Villa"}), id=None)
    bindings = bindings_in(tmp_path, contacts__b=OWN)
    done = execute(api, tmp_path, [one], [create("a")], bindings=bindings)
    why = str(done.report.local_write_error)
    assert why.startswith(f"the bindings file {tmp_path / 'bindings.yaml'} cannot be written: ")
    assert done.ends == ["done products.villa", f"skipped contacts.a {why}"]
    assert [name for name, _ in api.sent] == ["create products"]


class FullError(OSError):
    """There is no room left."""

    def __init__(self) -> None:
        super().__init__(28, "No space left on device")


@pytest.mark.parametrize(
    ("method", "at", "ends", "sent"),
    [
        ("intend", 0, ["skipped a {why}", "skipped b {why}", "skipped c {why}"], 0),
        ("intend", 1, ["done a", "skipped b {why}", "skipped c {why}"], 1),
        ("conclude", 0, ["done a", "skipped b {why}", "skipped c {why}"], 1),
        ("conclude", 1, ["done a", "done b", "skipped c {why}"], 2),
    ],
)
def test_where_the_journal_cannot_be_written_nothing_more_is_sent(
    method: str, at: int, ends: list[str], sent: int, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    real, calls = getattr(Journal, method), iter(range(9))

    async def fails(self: Journal, *given: object, **named: object) -> object:
        if next(calls) == at:
            raise FullError
        return await real(self, *given, **named)

    monkeypatch.setattr(Journal, method, fails)
    api = contacts()
    done = execute(api, tmp_path, [create("a")], [create("b")], [create("c")])
    why = str(done.report.local_write_error)
    assert why.startswith(f"the journal {tmp_path / 'journal'}")
    assert why.endswith("cannot be written: No space left on device")
    assert words(done) == [end.format(why=why) for end in ends]
    assert len(api.sent) == sent
    assert {one.hint for one in done.report.outcomes} <= {None, "apply again once that is mended"}


def test_what_needs_no_request_is_written_down_first_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(self: Journal, *given: object, **named: object) -> int:
        raise FullError

    monkeypatch.setattr(Journal, "intend", fails)
    api = contacts(keys="ab")
    two = [replace(on(api, f"adopt contacts.{key}"), binding="adopted") for key in "ab"]
    done = execute(api, tmp_path, two)
    why = str(done.report.local_write_error)
    assert words(done) == [f"skipped a {why}", f"skipped b {why}"]
    assert done.bound == {}


@pytest.mark.parametrize("event", ["started", "settled"])
def test_a_listener_that_cannot_write_ends_the_run(event: str, tmp_path: Path) -> None:
    class Deaf(Heard):
        def started(self, change: Change) -> None:
            if event == "started":
                raise FullError

        def settled(self, outcome: Outcome) -> None:
            if event == "settled":
                raise FullError

    done = execute(contacts(), tmp_path, [create("a")], [create("b")], listener=Deaf())
    why = "what is done cannot be written: No space left on device"
    assert done.report.local_write_error == why
    first = f"skipped a {why}" if event == "started" else "done a"
    assert words(done) == [first, f"skipped b {why}"]


@pytest.mark.parametrize(
    ("line", "binding", "bound", "checked"),
    [
        ("update contacts.a", None, {"contacts__a": (A, "owned")}, False),
        ("update contacts.a", "owned", {}, True),
        ("adopt contacts.a", "adopted", {}, True),
        ("delete contacts.a", None, {"contacts__a": (A, "owned")}, True),
        ("release contacts.a", None, {"contacts__a": (A, "owned")}, True),
        ("delete contacts.a", None, {"contacts__b": (B, "owned")}, False),
        ("delete contacts.a", None, {}, False),
    ],
)
def test_bindings_that_must_change_are_tried_before_anything_is_sent(
    line: str,
    binding: str | None,
    bound: dict[str, tuple[str, str]],
    checked: bool,
    tmp_path: Path,
) -> None:
    api = contacts(keys="a")
    columns = {"first_name": "x"} if line.startswith("update") else {}
    one = replace(on(api, line, **columns), binding=binding)  # type: ignore[arg-type]
    bindings = bindings_in(tmp_path, **bound)
    (tmp_path / "bindings.yaml").unlink(missing_ok=True)
    (tmp_path / "bindings.yaml").mkdir()
    if checked:
        with pytest.raises(UsageError, match=r"the bindings file .* cannot be written"):
            execute(api, tmp_path, [one], bindings=bindings)
        assert api.sent == []
        assert not (tmp_path / "journal").exists()
    else:
        assert execute(api, tmp_path, [one], bindings=bindings).report.complete
