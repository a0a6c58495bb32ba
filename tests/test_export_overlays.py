"""Export into a folder that is planned with overlays: every value goes where it came from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

import reconciler
from reconciler.values.column import JSON
from tests.commandline import Finished, run
from tests.organization import Organization
from tests.server import environment_for

BASE = """\
# both organizations
reconciler: {stack: houses-7f3a}
contacts:
  ann: # the first
    email: ann@example.com
    first_name: Ann   # as she says
    city: Oslo
  bob: {email: bob@example.com, city: Bergen}
  eve: {email: eve@example.com}
services:
  cleaning: {label: {default: Cleaning}, type: checkbox}
products:
  villa: {name: {default: Villa}, rent_period: nightly, timezone: UTC}
product_services:
  - {product_id: villa, service_id: cleaning}
"""
OVERLAY = """\
# {name}
contacts:
  ann:
    city: {city}   # ours
  guest: {{email: guest@{name}.example.com, city: '{city}'}}
"""
CITIES = {"staging": "Test", "production": "Rome"}


@dataclass(frozen=True, slots=True)
class Side:
    """One organization of the two: the overlay and its file."""

    name: str
    folder: Path
    organization: Organization
    options: tuple[str, ...] = ()

    @property
    def overlay(self) -> Path:
        return self.folder.parent / self.name

    @property
    def file(self) -> Path:
        return self.overlay / "all.yaml"

    def run(self, command: str, *options: str | Path) -> Finished:
        more = (*options, *self.options)
        environment = environment_for(self.organization)
        return run(command, self.folder, self.overlay, *more, environment=environment)

    def export(self, *options: str | Path, code: int = 0) -> Finished:
        done = run(
            "export", "--out", self.folder, "--overlay", self.overlay, *options, *self.options,
            environment=environment_for(self.organization),
        )  # fmt: skip
        assert done.code == code, done.all
        return done

    def in_line(self) -> bool:
        done = self.run("plan", "--detailed-exitcode")
        assert done.code in (0, 2), done.all
        return done.code == 0

    def contact(self, name: str) -> JSON:
        return self.organization.one("contacts", f"email=like.{name}@*")["id"]

    def change(self, name: str, **values: JSON) -> None:
        self.organization.change("contacts", self.contact(name), **values)


@pytest.fixture
def sides(
    organization: Organization, other_organization: Organization, tmp_path: Path
) -> tuple[Side, Side]:
    """Staging and production of one folder, applied."""
    folder = tmp_path / "houses"
    folder.mkdir()
    (folder / "bookingmood.yaml").write_text(BASE)
    pairs = zip(CITIES.items(), (organization, other_organization), strict=True)
    both = tuple(make_side(folder, name, city, there) for (name, city), there in pairs)
    assert len(both) == 2
    return both


def make_side(
    folder: Path, name: str, city: str, organization: Organization, options: tuple[str, ...] = ()
) -> Side:
    side = Side(name, folder, organization, options)
    side.overlay.mkdir()
    side.file.write_text(OVERLAY.format(name=name, city=city))
    done = side.run("apply", "--auto-approve", "--allow", "billing-create")
    assert done.code == 0, done.all
    side.export()  # what the organization has besides
    return side


def texts(folder: Path) -> dict[str, str]:
    return {str(path): path.read_text() for path in sorted(_yaml(folder))}


def _yaml(folder: Path) -> Iterator[Path]:
    return (p for p in folder.rglob("*.yaml") if "bindings" not in p.parts)


def replaced(text: str, changes: Mapping[str, str]) -> str:
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    return text


def test_each_value_goes_back_to_the_path_that_gives_it(sides: tuple[Side, Side]) -> None:
    staging, production = sides
    base, before = texts(staging.folder), {side.name: texts(side.overlay) for side in sides}
    staging.change("ann", city="Here", first_name="Anna")
    staging.change("guest", city="There")
    production.change("bob", city="Milan")
    production.organization.remove("contacts", production.contact("eve"))
    links = production.organization.rows("product_services")
    production.organization.remove("product_services", links[0]["id"])
    assert "2 changed" in staging.export().out
    assert "1 changed, 2 removed" in production.export().out
    assert texts(staging.folder) == base
    assert staging.file.read_text() == replaced(
        before["staging"][str(staging.file)],
        {
            "city: Test   # ours": "first_name: Anna\n    city: Here   # ours",
            "city: 'Test'": "city: 'There'",
        },
    )
    written = production.file.read_text()
    assert "  bob:\n    city: Milan\n" in written
    assert "  eve:\n    $absent: true\n" in written
    assert (
        "product_services:\n  - {product_id: villa, service_id: cleaning, $absent: true}\n"
        in texts(production.overlay)[str(production.overlay / "product_services.yaml")]
    )
    for side in sides:
        assert side.in_line()
        now = texts(side.overlay)
        assert "Nothing changed live" in side.export().out
        assert (texts(side.overlay), texts(side.folder)) == (now, base)


def test_into_the_folder_changes_it_for_all(sides: tuple[Side, Side]) -> None:
    staging, production = sides
    before = texts(staging.overlay)
    staging.change("ann", first_name="Anna", city="Here")
    staging.organization.remove("contacts", staging.contact("eve"))
    staging.organization.insert("contacts", email="new@example.com")
    done = staging.export("--into", staging.folder)
    assert "1 changed, 1 added, 1 removed" in done.out
    text = (staging.folder / "bookingmood.yaml").read_text()
    assert "first_name: Anna   # as she says" in text
    assert "  eve:" not in text
    assert text.count("    email: new@example.com\n") == 1
    assert staging.file.read_text() == replaced(
        before[str(staging.file)], {"city: Test   # ours": "city: Here   # ours"}
    )
    assert staging.in_line()
    assert not production.in_line()


def test_new_rows_go_into_the_last_overlay_be_it_a_file(
    sides: tuple[Side, Side], tmp_path: Path
) -> None:
    staging, _ = sides
    base, before = texts(staging.folder), texts(staging.overlay)
    local = tmp_path / "local.yaml"
    local.write_text("# only here\ncontacts:\n  bob: {city: Local}\n")
    staging.change("bob", city="Live")
    staging.organization.insert("contacts", email="new@example.com")
    staging.organization.insert("taxes", label={"default": "VAT"}, percentage=9)
    assert "1 changed, 2 added" in staging.export("--overlay", local).out
    assert (texts(staging.folder), texts(staging.overlay)) == (base, before)
    text = local.read_text()
    assert text.startswith("# only here\ncontacts:\n  bob: {city: Live}\n  ")
    assert "\ntaxes:\n" in text
    assert staging.run("plan", local, "--detailed-exitcode").code == 0


def test_a_block_that_only_an_overlay_gives_goes_from_there(sides: tuple[Side, Side]) -> None:
    staging, _ = sides
    staging.organization.remove("contacts", staging.contact("guest"))
    assert "1 removed" in staging.export().out
    assert "guest" not in staging.file.read_text()
    assert staging.in_line()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--into", "elsewhere"], "--into elsewhere is none of the paths given"),
        (["--overlay", "nowhere"], "nowhere"),
    ],
    ids=["into-another-path", "no-such-overlay"],
)
def test_what_cannot_be_meant_is_refused(
    sides: tuple[Side, Side], options: list[str], says: str
) -> None:
    assert says in sides[0].export(*options, code=1).err


WITH_VARIABLES = """\
reconciler: {stack: houses-7f3a}
taxes:
  high: {label: {default: High}, percentage: "${VAT}"} # by law
services:
  cleaning:
    label: {default: "${WORD}", nl-NL: Schoon} # two
    type: checkbox
"""


def test_a_variable_is_never_replaced_by_its_value(
    organization: Organization, tmp_path: Path
) -> None:
    folder = tmp_path / "houses"
    folder.mkdir()
    (folder / "bookingmood.yaml").write_text(WITH_VARIABLES)
    options = ("--var", "VAT=21", "--var", "WORD=Clean")
    side = Side("staging", folder, organization, options)
    side.overlay.mkdir()
    assert side.run("apply", "--auto-approve").code == 0
    side.export()
    tax = organization.one("taxes")
    organization.change("taxes", tax["id"], percentage=22)
    service = organization.one("services")
    organization.change("services", service["id"], label={"default": "Clean", "nl-NL": "Netjes"})
    done = side.export("--into", folder)
    text = (folder / "bookingmood.yaml").read_text()
    assert text == WITH_VARIABLES.replace("Schoon", "Netjes")
    says = "taxes.high is left as it is: percentage is 22 live, and ${VAT} (given by hand) gives it"
    assert says in done.err
    organization.change("services", service["id"], label={"default": "Dust", "nl-NL": "Stof"})
    done = side.export()
    says = (
        "services.cleaning is left as it is: label is Dust live, and ${WORD} (given by hand) gives"
    )
    assert says in done.err
    written = texts(side.overlay)[str(side.overlay / "services.yaml")]
    assert "    label: {default: '${WORD}', nl-NL: Stof}\n" in written
    assert (folder / "bookingmood.yaml").read_text() == text


ENVIRONMENT = """\
# values of {name}
export VAT = '21'   # by law
WORD="Clean" # the {name} word
TITLE=Villa
SECOND=Villa
"""
VARIED = """\
reconciler: {stack: houses-7f3a}
taxes:
  high: {label: {default: High}, percentage: "${VAT}"} # by law
services:
  cleaning:
    label: {default: "${WORD} it", nl-NL: Schoon} # two
    type: checkbox
  twice: {label: {default: "${TITLE}"}, type: checkbox}
  again: {label: {default: "${TITLE}"}, type: checkbox}
  alone: {label: {default: "${SECOND:-Villa}"}, type: checkbox}
"""


def test_a_variable_gets_the_live_value_in_its_file(
    organization: Organization, other_organization: Organization, tmp_path: Path
) -> None:
    folder = tmp_path / "houses"
    folder.mkdir()
    (folder / "bookingmood.yaml").write_text(VARIED)
    sides = []
    for name, there in (("staging", organization), ("production", other_organization)):
        file = tmp_path / f"{name}.env"
        file.write_text(ENVIRONMENT.format(name=name))
        side = Side(name, folder, there, ("--var-file", str(file)))
        side.overlay.mkdir()
        assert side.run("apply", "--auto-approve").code == 0
        side.export()
        sides.append(side)
    staging, production = sides
    base, before = texts(folder), texts(staging.overlay)
    update = ("--update-var-file", tmp_path / "staging.env")
    tax = organization.one("taxes")
    organization.change("taxes", tax["id"], percentage=22)
    by_label = {str(row["label"]): row["id"] for row in organization.rows("services")}
    cleaning = next(row for label, row in by_label.items() if "Clean" in label)
    organization.change("services", cleaning, label={"default": "Scrub it", "nl-NL": "Schoon"})
    assert "staging.env writes it there" in staging.export().err
    done = staging.export(*update)
    assert "2 changed" in done.out
    assert (texts(folder), texts(staging.overlay)) == (base, before)
    edited = ENVIRONMENT.format(name="staging").replace("'21'", "'22'").replace("Clean", "Scrub")
    assert (tmp_path / "staging.env").read_text() == edited
    assert staging.in_line()
    assert production.in_line()
    assert "Nothing changed live" in staging.export(*update).out
    villas = [row["id"] for row in organization.rows("services") if "Villa" in str(row["label"])]
    for row in villas[:2]:
        organization.change("services", row, label={"default": "Hut"})
    done = staging.export(*update)
    assert (tmp_path / "staging.env").read_text() in (
        edited,
        edited.replace("SECOND=Villa", "SECOND=Hut"),
    )
    assert "it would need different values" in done.err


def test_only_a_file_that_is_read_can_be_updated(sides: tuple[Side, Side]) -> None:
    done = sides[0].export("--update-var-file", "elsewhere.env", code=1)
    assert "elsewhere.env is to be updated, and is none of the files of variables" in done.err


def test_python_programs_export_with_the_same_options(sides: tuple[Side, Side]) -> None:
    staging, _ = sides
    file = staging.folder.parent / "staging.env"
    file.write_text("CITY=Bergen # of bob\n")
    (staging.overlay / "bob.yaml").write_text('contacts:\n  bob: {city: "${CITY}"}\n')
    staging.change("bob", city="Voss")
    base = texts(staging.folder)
    organization = staging.organization
    done = reconciler.export(
        staging.folder,
        reconciler.Connection(organization.url, organization.key),
        overlays=[staging.overlay],
        var_files=[file],
        update_var_file=file,
    )
    assert isinstance(done, reconciler.Updated)
    assert (done.changed, done.notes) == (1, ())
    assert file.read_text() == "CITY=Voss # of bob\n"
    assert texts(staging.folder) == base
