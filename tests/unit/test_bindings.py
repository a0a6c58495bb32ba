"""The bindings file: what it holds, what is refused, and that it is never half written."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.bindings import (
    Binding,
    Bindings,
    bindings_path,
    bindings_text,
    check_writable,
    read_bindings,
    write_bindings,
)
from reconciler.diagnostics import ConfigurationError, UsageError
from reconciler.values.address import Address
from tests.builders import foreign_id

ONE, TWO, THREE = map(foreign_id, (1, 2, 3))
PAIR = f"contacts-jane--{ONE}"


def test_the_file_is_named_after_the_organization() -> None:
    path = bindings_path(Path("villa"), "0F9AD0C6-6E37-4BB5-93F1-0A2C8F1DE001")
    assert path == Path("villa/bindings/0f9ad0c6-6e37-4bb5-93f1-0a2c8f1de001.yaml")


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "bindings" / "x.yaml"
    bindings = {
        Address("products", "villa"): Binding(ONE, "owned"),
        Address("contacts", "jane"): Binding(TWO, "adopted"),
        Address("contact_bookings", PAIR): Binding(ONE, "owned"),
    }
    write_bindings(path, bindings)
    assert read_bindings(path) == bindings
    lines = path.read_text().splitlines()
    assert lines[0].startswith("# ")
    assert lines[1:] == [
        f"contact_bookings.{PAIR}: {{id: {ONE}, origin: owned}}",
        f"contacts.jane: {{id: {TWO}, origin: adopted}}",
        f"products.villa: {{id: {ONE}, origin: owned}}",
    ]


@pytest.mark.parametrize("content", ["", "# nothing yet\n", "{}\n", None])
def test_no_entries(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "x.yaml"
    if content is not None:
        path.write_text(content)
    assert read_bindings(path) == {}


def test_ids_are_lower_case(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(f"contacts.jane: {{id: {ONE.upper()}, origin: owned}}")
    assert read_bindings(path) == {Address("contacts", "jane"): Binding(ONE, "owned")}


@pytest.mark.parametrize(
    "entry",
    [
        f"contacts: {{id: {ONE}, origin: owned}}",
        f"contacts.Jane Doe: {{id: {ONE}, origin: owned}}",
        "contacts.jane: {id: 5, origin: owned}",
        "contacts.jane: {origin: owned}",
        f"contacts.jane: {{id: {ONE}}}",
        f"contacts.jane: {{id: {ONE}, origin: stolen}}",
        f"contacts.jane: {ONE}",
        "contacts.jane:",
        f"5: {{id: {ONE}, origin: owned}}",
        "- contacts.jane",
        "just words",
    ],
)
def test_an_entry_that_is_none_is_refused_with_its_file(tmp_path: Path, entry: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(entry)
    with pytest.raises(ConfigurationError) as caught:
        read_bindings(path)
    [problem] = caught.value.problems
    assert problem.position is not None
    assert problem.position.file == str(path)
    assert "restore" in str(problem.hint)


@pytest.mark.parametrize("more", ["", "# a note\n", "\n", "stored:\n  contacts.email: lower\n"])
def test_what_people_add_does_not_change_what_is_read(tmp_path: Path, more: str) -> None:
    bindings = {
        Address("contacts", "jane-doe"): Binding(ONE, "adopted"),
        Address("contact_bookings", f"jane--{TWO}"): Binding(TWO, "owned"),
    }
    path = tmp_path / "x.yaml"
    path.write_text(bindings_text(bindings, {}) + more)
    assert read_bindings(path) == bindings


def test_every_bad_entry_is_reported_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(f"a.b: 1\nc.d: {{id: {ONE}, origin: owned}}\n\ne.f: 2\n")
    with pytest.raises(ConfigurationError) as caught:
        read_bindings(path)
    lines = [problem.position.line for problem in caught.value.problems if problem.position]
    assert lines == [1, 4]


def test_an_address_twice_is_refused_as_after_a_bad_merge(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(f"a.b: {{id: {ONE}, origin: owned}}\na.b: {{id: {TWO}, origin: owned}}\n")
    with pytest.raises(ConfigurationError) as caught:
        read_bindings(path)
    [problem] = caught.value.problems
    assert "twice" in problem.message


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 100_000,
        b"a: [",
        b"\xff\xfe\x00",
        b"a.b: !!python/object:os.system {}",
        b"a.b: &x [*x]",
    ],
)
def test_a_file_that_is_no_yaml_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(content)
    with pytest.raises((UsageError, ConfigurationError)) as caught:
        read_bindings(path)
    assert caught.value.exit_code == 1


def test_a_merge_that_is_not_resolved_is_one_error(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("a.b: 1\n<<<<<<< HEAD\na.b: {id: 1\n=======\n>>>>>>> other\n")
    with pytest.raises(ConfigurationError) as caught:
        read_bindings(path)
    [problem] = caught.value.problems
    assert (problem.code, str(problem.position)) == ("merge-conflict", f"{path}:2:1")
    assert "choose what shall stay" in str(problem.hint)


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_what_is_no_file_is_refused(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "x.yaml")
    with pytest.raises(UsageError, match="cannot be read"):
        read_bindings(tmp_path / "x.yaml")


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    path, elsewhere = tmp_path / "villa" / "bindings" / "x.yaml", tmp_path / "elsewhere"
    write_bindings(path, {Address("contacts", "jane"): Binding(ONE, "owned")})
    before = path.read_bytes()
    path.rename(elsewhere)
    path.symlink_to(elsewhere)
    with pytest.raises(OSError, match="symbolic link"):
        write_bindings(path, {}, {})
    assert elsewhere.read_bytes() == before
    with pytest.raises(UsageError, match="leads out of the folder"):
        read_bindings(path)


def test_what_cannot_be_written_is_known_before(tmp_path: Path) -> None:
    (tmp_path / "bindings").write_text("a file where the folder should be")
    with pytest.raises(UsageError, match="cannot be written") as caught:
        check_writable(tmp_path / "bindings" / "x.yaml")
    assert "nothing was changed" in str(caught.value.hint)


def test_what_another_run_wrote_meanwhile_stays(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    jane, john, anna = (Address("contacts", name) for name in ("jane", "john", "anna"))
    old, new = Binding(ONE, "owned"), Binding(TWO, "adopted")
    write_bindings(path, {jane: old, john: old})
    one, two = (Bindings(path, read_bindings(path)) for _ in range(2))
    one.forget(john, ONE)
    one.save()
    two.bind(anna, TWO, "adopted")
    two.save()
    assert read_bindings(path) == {jane: old, anna: new}
    one.bind(jane, THREE, "owned")
    one.save()
    two.save()
    assert read_bindings(path) == {jane: Binding(THREE, "owned"), anna: new}


def test_an_address_that_another_run_bound_anew_is_not_forgotten(tmp_path: Path) -> None:
    path, jane = tmp_path / "x.yaml", Address("contacts", "jane")
    one, two = Bindings(path, {}), Bindings(path, {})
    two.bind(jane, TWO, "owned")
    two.save()
    two.forget(jane, TWO)
    one.bind(jane, THREE, "owned")
    one.save()
    two.save()
    assert read_bindings(path) == {jane: Binding(THREE, "owned")}


def test_a_row_has_one_address_the_last_one(tmp_path: Path) -> None:
    jane, janet, john = (Address("contacts", name) for name in ("jane", "janet", "john"))
    booking = Address("bookings", "jane")
    held = {
        jane: Binding(ONE, "adopted"),
        john: Binding(TWO, "owned"),
        booking: Binding(ONE, "owned"),
    }
    bindings = Bindings(tmp_path / "x.yaml", held)
    bindings.bind(janet, ONE, "owned")
    assert bindings.entries == {
        janet: Binding(ONE, "owned"),
        john: Binding(TWO, "owned"),
        booking: Binding(ONE, "owned"),  # of another kind
    }
    bindings.bind(jane, ONE, "owned")
    assert janet not in bindings.entries
    bindings.bind(jane, THREE, "owned")
    bindings.bind(janet, ONE, "owned")
    assert bindings.entries[jane] == Binding(THREE, "owned")  # it means another row by now


@pytest.mark.parametrize(("row_id", "left"), [(ONE, False), (TWO, True)])
def test_an_address_is_forgotten_only_with_its_own_row(
    tmp_path: Path, row_id: str, left: bool
) -> None:
    jane = Address("contacts", "jane")
    bindings = Bindings(tmp_path / "x.yaml", {jane: Binding(ONE, "owned")})
    bindings.forget(jane, row_id)
    bindings.forget(Address("contacts", "nobody"), row_id)
    assert (jane in bindings.entries) is left
    assert bindings.names("contacts", ONE) is left


def test_checking_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "bindings" / "x.yaml"
    check_writable(path)
    assert list(path.parent.iterdir()) == []
