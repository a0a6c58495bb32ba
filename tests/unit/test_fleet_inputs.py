"""What a command asks of a fleet: its members, their consents, where they write."""

from pathlib import Path

import pytest

from reconciler.configuration.load.files import absolute
from reconciler.diagnostics import UsageError
from reconciler.fleet.cluster import Scheduler
from reconciler.fleet.consents import Consents
from reconciler.fleet.inputs import Files, FleetInputs, Selection
from reconciler.fleet.members import Fleet, Member, Wave
from reconciler.fleet.tasks import Pulling
from reconciler.fleet.workplace import FleetWorkplace
from tests.fleet_members import FLEET, member


@pytest.mark.parametrize(
    ("words", "parts", "chosen"),
    [(None, (), "abc"), ("a,c", (), "ac"), (None, ("b",), "b"), (None, ("c", "a"), "ac")],
)
def test_words_or_parts_choose_members(
    words: str | None, parts: tuple[str, ...], chosen: str
) -> None:
    selection = Selection.of(FLEET, words, None, parts)
    assert "".join(one.name for one in selection.members) == chosen
    assert [turn.members for turn in selection.together] == [selection.members]


def test_words_and_parts_together_are_refused() -> None:
    with pytest.raises(UsageError, match="--part and --select both"):
        Selection.of(FLEET, "a", None, ("b",))


def test_who_edits_files_holds_the_base_and_all_overlays(tmp_path: Path) -> None:
    overlay, file = tmp_path / "overlay", tmp_path / "files" / "b.yaml"
    overlay.mkdir()
    file.parent.mkdir()
    file.touch()
    members = (member("a", overlay), member("b", file), member("c", file))
    selection = Selection(Fleet(tmp_path / "fleet.yaml", tmp_path / "base", members), members)
    assert selection.folders == (tmp_path / "base", overlay, file.parent)


def test_files_are_edited_one_by_one_and_never_elsewhere() -> None:
    inputs = FleetInputs(Selection(FLEET, FLEET.members, jobs=8), Files())
    assert inputs.one_by_one().at_once == inputs.one_by_one().selection.jobs == 1
    elsewhere = Selection(FLEET, FLEET.members, scheduler=Scheduler("local"))
    with pytest.raises(UsageError, match="edits the files here"):
        FleetInputs(elsewhere, Files()).one_by_one()


def test_a_task_has_what_its_member_needs() -> None:
    pulling = Pulling.given("HEAD", ("contacts.jane,contacts.ola",), (), check=True)
    inputs = FleetInputs(Selection(FLEET, FLEET.members), Files(made=7, policies=(Path("/p"),)))
    task = inputs.only([FLEET.members[1]]).task_of("pull", pulling=pulling)(FLEET.members[1], "w")
    assert (task.verb, task.name, task.wave, task.yaml.made) == ("pull", "b", "w", 7)
    assert task.yaml.policies == ("/p",)
    assert task.pulling.keep_files == ("contacts.jane", "contacts.ola")


def test_consents_are_for_all_or_for_one() -> None:
    consents = Consents.given(["deletes,a:notifies", "policy:short"], FLEET)
    a, b, _ = FLEET.members
    assert consents.of(a) == ("deletes", "notifies", "policy:short")
    assert consents.of(b) == ("deletes", "policy:short")
    with pytest.raises(UsageError, match="the fleet has no organization d"):
        Consents.given(["d:deletes"], FLEET)


def test_each_member_has_a_journal_of_its_own(tmp_path: Path) -> None:
    workplace, consents = FleetWorkplace(5, tmp_path), Consents.given(["deletes"], FLEET)
    writing = workplace.writing(FLEET, consents)(FLEET.members[0])
    assert writing.journal == str(tmp_path / FLEET.members[0].organization)
    assert (writing.consents, writing.lock_timeout) == (("deletes",), 5)
    assert FleetWorkplace(5, Path("here")).folder(FLEET) == absolute(Path("here"))
    assert FleetWorkplace(5).folder(FLEET).is_relative_to(FLEET.base)


def test_workers_elsewhere_need_a_journal_that_all_share() -> None:
    elsewhere = Scheduler("tls://10.0.0.9:8786", Path("ca"), Path("cert"), Path("key"))
    FleetWorkplace(0, Path("/shared")).check(elsewhere)
    FleetWorkplace(0).check(Scheduler("local"))
    FleetWorkplace(0).check(None)
    with pytest.raises(UsageError, match="only where all share storage"):
        FleetWorkplace(0).check(elsewhere)


def test_the_waves_of_a_selection_are_those_of_its_fleet() -> None:
    canary = Member("d", "0d9cbb5e-62a4-4f0e-8d7b-00000000000d", FLEET.members[0].position,
                    wave="canary")  # fmt: skip
    fleet = Fleet(FLEET.file, FLEET.base, (*FLEET.members, canary),
                  (Wave("canary"), Wave(None, 100)))  # fmt: skip
    turns = Selection(fleet, fleet.members).turns
    assert [turn.wave for turn in turns] == ["canary", "rest"]
