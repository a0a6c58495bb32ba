"""``export`` as people use it: what it writes, what it refuses, and that it stops cleanly."""

import os
import re
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.exporting import writing
from reconciler.sync import files as edited_files
from reconciler.values.column import JSON
from tests.commandline import Finished, Workspace, failed_inside, run
from tests.organization import Organization
from tests.sandbox_server import ROOT
from tests.server import environment_for

LARGEST = 30_000
"""Bytes that a file may have where the disk is as good as full."""


def export(workspace: Workspace, *options: str, code: int = 0, out: str = "") -> Finished:
    folder = workspace.folder / out if out else workspace.folder
    done = run("export", "--out", folder, *options, environment=workspace.environment)
    assert done.code == code, done.all
    assert not failed_inside(done.all)
    return done


def export_on_full_disk(workspace: Workspace, *options: str) -> Finished:
    """Run it where no file can become large, as on a disk that is full."""

    def fill() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, LARGEST))

    done = subprocess.run(
        [sys.executable, "-m", "reconciler", "export", "--out", workspace.folder, *options],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, **workspace.environment, "PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=fill,
    )
    return Finished(done.returncode, done.stdout, done.stderr)


def files(folder: Path) -> dict[str, bytes]:
    return dict(_files(folder))


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield str(path.relative_to(folder)), path.read_bytes()


def contact(organization: Organization, email: str, **more: JSON) -> str:
    return str(organization.insert("contacts", email=email, **more)["id"])


# -- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--where", "contacts"], "is not KIND:COLUMN=OPERATOR.VALUE"),
        (["--where", "contacts:email=jane"], "is not KIND:COLUMN=OPERATOR.VALUE"),
        (["--where", "contacts:emial=eq.x"], "there is no column contacts.emial"),
        (["--where", "guests:email=eq.x"], "there is no column guests.email"),
        (["--where", "contacts:email=equals.x"], "failed to parse filter"),
        (["--where", "webhooks:signing_secret=eq.x"], "webhooks.signing_secret is a secret"),
        (["--kinds", "contact"], "did you mean contacts?"),
        (["--readable-keys", "contact"], "did you mean contacts?"),
        (["--readable-keys", "contacts", "--redact"], "contradict each other"),
        (["--stack", "Villa Marina"], "--stack takes a name of 2 to 63"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    workspace: Workspace, options: list[str], says: str
) -> None:
    done = export(workspace, *options, code=1)
    assert says in done.err
    assert files(workspace.folder) == {}


def test_a_folder_of_other_yaml_is_left_alone(workspace: Workspace) -> None:
    (workspace.folder / "other.yaml").write_text("a: b\n")
    assert "holds the `reconciler:` block" in export(workspace, code=1).err
    assert files(workspace.folder) == {"other.yaml": b"a: b\n"}


def test_a_folder_inside_that_of_another_stack_is_refused(workspace: Workspace) -> None:
    workspace.write("")
    done = export(workspace, code=1, out="inner")
    assert "holds a `reconciler:` block already; nothing was changed" in done.err
    assert list(files(workspace.folder)) == ["bookingmood.yaml"]


@pytest.mark.parametrize("option", [["--redact"], ["--stack", "other"]], ids=" ".join)
def test_some_options_are_for_new_folders(workspace: Workspace, option: list[str]) -> None:
    export(workspace)
    before = files(workspace.folder)
    assert f"{option[0]} is for new folders" in export(workspace, *option, code=1).err
    assert files(workspace.folder) == before


# -- what is chosen -------------------------------------------------------------------------------


def test_rows_are_chosen_with_what_they_refer_to(
    workspace: Workspace, organization: Organization
) -> None:
    jane, _ = contact(organization, "jane@example.com"), contact(organization, "john@example.com")
    fields: dict[str, JSON] = {"currency": "EUR", "display_currency": "EUR", "exchange_rate": 1}
    stay = organization.insert("bookings", reference="A", **fields)
    organization.insert("contact_bookings", contact_id=jane, booking_id=stay["id"])
    chosen = ["--where", f"contact_bookings:contact_id=eq.{jane}"]
    export(workspace, *chosen, out="alone")
    alone = workspace.folder / "alone"
    assert sorted(p.name for p in alone.glob("*.yaml")) == [
        "bookingmood.yaml",
        "contact_bookings.yaml",
    ]
    export(workspace, *chosen, "--with-references", out="closed")
    closed = (workspace.folder / "closed" / "contacts.yaml").read_text()
    assert ("jane@example.com" in closed, "john@example.com" in closed) == (True, False)
    for name in ("alone", "closed"):
        done = workspace.run("plan", "--detailed-exitcode", path=workspace.folder / name)
        assert done.code == 0, done.all


def test_keys_stay_when_rows_come_and_go(workspace: Workspace, organization: Organization) -> None:
    def keys(out: str) -> dict[str, str]:
        export(workspace, "--kinds", "contacts", "--readable-keys", "contacts", out=out)
        [file] = (workspace.folder / out / "bindings").iterdir()
        lines = (line.partition(": {id: ") for line in file.read_text().splitlines())
        return {rest[:36]: name for name, found, rest in lines if found}

    jane = [contact(organization, f"{n}@x.org", first_name="Jane") for n in range(3)]
    zoe = contact(organization, "zoe@x.org", first_name="Zoë")
    before = keys("before")
    organization.remove("contacts", jane[0])
    contact(organization, "4@x.org", first_name="Jane")
    after = keys("after")
    assert {row: after[row] for row in (jane[1], jane[2], zoe)} == {
        row: before[row] for row in (jane[1], jane[2], zoe)
    }


# -- redacted -------------------------------------------------------------------------------------

PERSONAL = ("Xanthippe", "Quillfeather", "xanthippe@quill.example", "+31 6 1234", "Zwaanstraat 1")
REDACTED = ("contacts", "bookings", "coupons", "services", "taxes", "webhooks")


def test_redacted_files_hold_nothing_personal_and_still_plan(
    workspace: Workspace, organization: Organization, other_organization: Organization
) -> None:
    first, last, email, phone, street = PERSONAL
    contact(organization, email, first_name=first, last_name=last, phone=phone, street=street)
    contact(organization, email, last_name=last, notes=f"{first} again")
    money: dict[str, JSON] = {"currency": "EUR", "display_currency": "EUR", "exchange_rate": 1}
    organization.insert("bookings", reference=f"{first} {last}", **money)
    organization.insert("coupons", code=email, description=f"for {first.upper()}, at {street}")
    organization.insert("services", label={"default": f"Breakfast for {first}"}, type="checkbox")
    organization.insert("taxes", label={f"{first} {last}": f"<b>{last}</b>"}, percentage=9)
    organization.insert("webhooks", endpoint=f"https://x.org/?to={email}", source="api")
    export(workspace, "--redact", "--stack", "shared", out="shared")
    folder = workspace.folder / "shared"
    written = "\n".join(f"{name}\n{data.decode()}" for name, data in files(folder).items()).lower()
    for text in PERSONAL:
        assert text.lower() not in written
    emails = re.findall(r"email: (.*)", (folder / "contacts.yaml").read_text())
    assert len(set(emails)) == 1, "a double stays a double"
    there = Workspace(folder, environment_for(other_organization))
    kinds = {action.partition(".")[0] for action in there.actions()}
    assert kinds >= {f"create {kind}" for kind in REDACTED}


# -- a folder that people edited ------------------------------------------------------------------

NAMES = ("ann", "bob", "zoe")
EDITED = """\
# our guests
contacts:
  ann:   # the first
    email: ann@example.com
    city: &city Oslo
  bob: {email: bob@example.com, city: *city}
  zoe:
    city: *city
    email: zoe@example.com
"""


def test_only_what_changed_live_is_changed(
    workspace: Workspace, organization: Organization
) -> None:
    file = workspace.write(EDITED)
    workspace.apply()
    before = file.read_text()
    bob = organization.one("contacts", "email=eq.bob@example.com")
    organization.change("contacts", bob["id"], city="Bergen")
    assert "1 changed" in export(workspace).out
    assert file.read_text() == before.replace("com, city: *city", "com, city: Bergen")


def test_an_anchor_changes_nothing_that_was_not_looked_at(
    workspace: Workspace, organization: Organization
) -> None:
    file = workspace.write(EDITED)
    workspace.apply()
    before = file.read_text()
    ann = organization.one("contacts", "email=eq.ann@example.com")
    organization.change("contacts", ann["id"], city="Bergen")
    export(workspace, "--where", "contacts:city=eq.Bergen")
    assert file.read_text() == before.replace("&city Oslo", "Bergen").replace(
        "bob@example.com, city: *city", "bob@example.com, city: &city Oslo"
    )
    assert "Nothing changed live" in export(workspace, "--kinds", "contacts").out


MADE = """\
templates:
  guest:
    parameters: {name: {type: string}}
    contacts:
      ${key}: {email: "${name}@example.com", city: Oslo}
defaults: {contacts: {province: Here}}
guest:
  ann: {name: ann}
  bob: {name: bob}
contacts:
  zoe: {email: zoe@example.com}
"""


def test_what_a_template_makes_is_overridden_for_the_one_that_differs(
    workspace: Workspace, organization: Organization
) -> None:
    file = workspace.write(MADE)
    workspace.apply()
    before = file.read_text()
    ids = {n: organization.one("contacts", f"email=eq.{n}@example.com")["id"] for n in NAMES}
    organization.change("contacts", ids["ann"], city="Bergen")
    organization.change("contacts", ids["zoe"], province="There")
    organization.remove("contacts", ids["bob"])
    assert "2 changed" in (done := export(workspace)).out
    assert "1 removed" in done.out
    assert file.read_text() == before.replace(
        "{name: ann}", "{name: ann, $with: {contacts: {ann: {city: Bergen}}}}"
    ).replace("  bob: {name: bob}\n", "").replace(
        "zoe@example.com}", "zoe@example.com, province: There}"
    )
    assert workspace.run("plan", "--detailed-exitcode").code == 0


def test_null_in_one_language_is_a_value_like_any_other(
    workspace: Workspace, organization: Organization, other_organization: Organization
) -> None:
    label: dict[str, JSON] = {"default": "Breakfast", "nl-NL": None}
    tax = organization.insert("taxes", label=label, percentage=9)
    assert "left out" not in export(workspace, "--kinds", "taxes").all
    file = workspace.folder / "taxes.yaml"
    assert "label: {default: Breakfast, nl-NL: null}" in file.read_text()
    assert workspace.run("plan", "--detailed-exitcode").code == 0
    there = Workspace(workspace.folder, environment_for(other_organization))
    there.apply()
    assert other_organization.one("taxes", "percentage=eq.9")["label"] == label
    organization.change("taxes", tax["id"], label={"default": None, "nl-NL": "Ontbijt"})
    assert "1 changed" in export(workspace).out
    assert "label: {default: null, nl-NL: Ontbijt}" in file.read_text()
    assert workspace.run("plan", "--detailed-exitcode").code == 0


def test_a_block_goes_where_the_journal_knows_that_its_row_was_there(
    workspace: Workspace, organization: Organization
) -> None:
    two = "contacts:\n  ann: {email: ann@example.com}\n  bob: {email: bob@example.com} # new\n"
    file = workspace.write(two)
    workspace.apply()
    file.write_text(f"{file.read_text()}  eve: {{email: eve@example.com}}\n")
    before = file.read_text()
    bob = organization.one("contacts", "email=eq.bob@example.com")
    organization.remove("contacts", bob["id"])
    journal = workspace.folder / ".reconciler" / "journal"
    journal.rename(workspace.folder / "elsewhere")
    done = export(workspace)
    assert "not there: contacts.bob, contacts.eve (2 in all)" in done.err
    assert file.read_text() == before
    (workspace.folder / "elsewhere").rename(journal)
    done = export(workspace)
    assert "not there: contacts.eve (1 in all)" in done.err
    assert file.read_text() == before.replace("  bob: {email: bob@example.com} # new\n", "")
    (journal / "damaged.jsonl").write_text("no journal\n")
    assert "damaged.jsonl is damaged: blocks without a row stay" in export(workspace).err


# -- a disk that is full --------------------------------------------------------------------------


def test_a_new_folder_stays_empty_where_the_disk_is_full(
    workspace: Workspace, organization: Organization
) -> None:
    for number in range(20):
        contact(organization, f"{number}@example.com", notes="word " * 150)
        organization.insert("taxes", label={"default": "tax " * 150}, percentage=number)
    done = export_on_full_disk(workspace, "--single-file")
    assert (done.code, "cannot be written: File too large" in done.err) == (1, True), done.all
    assert list(workspace.folder.iterdir()) == []


def test_what_a_killed_export_left_is_taken_away(workspace: Workspace) -> None:
    left = workspace.folder / ".export-x7f3a"
    (left / "files").mkdir(parents=True)
    (left / "files" / "contacts.yaml").write_text("contacts:\n")
    export(workspace)
    assert not left.exists()


def test_an_edited_folder_stays_as_it_was_where_the_disk_is_full(
    workspace: Workspace, organization: Organization
) -> None:
    jane = contact(organization, "jane@example.com")
    workspace.write(
        f"contacts:\n  jane: {{email: jane@example.com, notes: ''}}\n#{'x' * LARGEST}\n"
    )
    organization.change("contacts", jane, notes="new")
    before = files(workspace.folder)
    done = export_on_full_disk(workspace)
    assert (done.code, "nothing was changed" in done.err) == (1, True), done.all
    assert files(workspace.folder) == before


# -- what is written beside it --------------------------------------------------------------------

BESIDE = (".gitignore", ".vscode/settings.json", ".reconciler/schema.json")


def test_a_new_folder_begins_as_init_begins_one(workspace: Workspace) -> None:
    made = workspace.folder.parent / "made"
    assert run("init", made, environment={}).code == 0
    export(workspace)
    for name in BESIDE:
        assert (workspace.folder / name).read_bytes() == (made / name).read_bytes()
    first_lines = {
        (folder / "bookingmood.yaml").read_text().splitlines()[0]
        for folder in (made, workspace.folder)
    }
    assert first_lines == {"# yaml-language-server: $schema=.reconciler/schema.json"}


@pytest.mark.parametrize("name", BESIDE)
def test_what_is_there_stays(workspace: Workspace, name: str) -> None:
    theirs = workspace.folder / name
    theirs.parent.mkdir(parents=True, exist_ok=True)
    theirs.write_text("theirs")
    export(workspace)
    assert theirs.read_text() == "theirs"
    assert all((workspace.folder / other).exists() for other in BESIDE)


def test_a_link_beside_the_yaml_is_left_alone(workspace: Workspace) -> None:
    elsewhere = workspace.folder.parent / "elsewhere"
    elsewhere.mkdir()
    workspace.folder.mkdir(exist_ok=True)
    (workspace.folder / ".vscode").symlink_to(elsewhere)
    export(workspace)
    assert [*elsewhere.iterdir()] == []
    assert (workspace.folder / ".gitignore").exists()


# -- what one would commit ------------------------------------------------------------------------


def test_a_large_kind_is_cut_up_in_its_order_and_grows_at_its_end(
    workspace: Workspace, organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (writing, edited_files):
        monkeypatch.setattr(module, "FULL", 4000)
    for number in reversed(range(40)):
        contact(organization, f"{number}@x.org", first_name=f"Guest {number}")
    export(workspace)
    names = ["contacts.yaml", *(f"contacts-{number}.yaml" for number in range(2, 9))]
    before = files(workspace.folder)
    texts = [before[name].decode() for name in names if name in before]
    assert len(texts) > 3
    found = re.findall("first_name: Guest (.*)", "".join(texts))
    assert found == [str(number) for number in range(40)]
    assert "Nothing changed live" in export(workspace).out
    assert files(workspace.folder) == before
    contact(organization, "new@x.org", first_name="Anna")
    export(workspace)
    after = files(workspace.folder)
    [changed] = {name for name in after if after[name] != before.get(name)} & {*names}
    assert after[changed].startswith(before.get(changed, b""))
    assert "Nothing changed live" in export(workspace).out
    assert files(workspace.folder) == after
    assert workspace.run("plan", "--detailed-exitcode").code == 0


def test_texts_begin_with_the_one_for_everybody_and_no_mark_is_written(
    workspace: Workspace, organization: Organization
) -> None:
    name: JSON = {"nl-NL": "Huis", "default": "House", "a": "b"}
    organization.insert("products", name=name, rent_period="nightly", timezone="UTC")
    organization.insert("coupons", code="C")
    export(workspace)
    assert "name: {default: House, a: b, nl-NL: Huis}" in text_of(workspace, "products")
    assert "deleted_at" not in text_of(workspace, "products") + text_of(workspace, "coupons")


def text_of(workspace: Workspace, kind: str) -> str:
    return (workspace.folder / f"{kind}.yaml").read_text()
