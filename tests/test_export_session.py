"""The session of two organizations on the page about life after the first apply is played."""

import re
import shlex
from pathlib import Path

import pytest

from tests.commandline import run
from tests.organization import Organization
from tests.played import check_played
from tests.server import environment_for

FILES = {
    "houses/bookingmood.yaml": """\
reconciler: {stack: houses-7f3a}
taxes:
  high: {label: {default: VAT}, percentage: "${VAT_HIGH}"} # by law
services:
  cleaning: {label: {default: Cleaning}, type: statement}
contacts:
  office: {email: office@example.com, city: Oslo} # of all houses
""",
    "staging/contacts.yaml": "contacts:\n  office: {first_name: Test} # only here\n",
    "production/contacts.yaml": "contacts:\n  office: {first_name: Jane}\n",
    "staging.env": "export VAT_HIGH='21' # since 2012\n",
    "production.env": "VAT_HIGH=21\n",
}


def test_what_the_page_shows_is_what_happens(
    organization: Organization,
    other_organization: Organization,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    sides = {"staging": organization, "production": other_organization}
    for name, text in FILES.items():
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(text)
    for name, there in sides.items():
        _run(f"apply houses/ {name}/ --var-file {name}.env --auto-approve", there)
        _run(f"export --out houses/ --overlay {name}/ --var-file {name}.env", there)
    tax, office = (
        organization.one("taxes")["id"],
        organization.one("contacts", "first_name=eq.Test"),
    )
    organization.change("taxes", tax, percentage=22)
    organization.change("contacts", office["id"], first_name="Tess", city="Bergen")
    organization.remove("services", organization.one("services")["id"])
    check_played("test_export_session", lambda command: _answer(command, sides))
    assert Path("houses/bookingmood.yaml").read_text() == FILES["houses/bookingmood.yaml"]


def _answer(command: str, sides: dict[str, Organization]) -> str:
    program, *words = shlex.split(command)
    if program == "cat":
        return Path(words[0]).read_text()
    there = sides["production" if "production/" in words else "staging"]
    said = _run(" ".join(words), there).replace(there.id, f"{there.id[:8]}-…")
    return re.sub(r"(?<=sha256:)\w+", "…", said)  # its owner has another id each time


def _run(words: str, organization: Organization) -> str:
    done = run(*shlex.split(words), environment=environment_for(organization))
    assert done.code == 0, done.all
    return done.all
