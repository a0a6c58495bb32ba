"""The session of pull on the page about life after the first apply is played, and compared."""

import re
import shlex
from pathlib import Path

import pytest

from tests.commandline import Workspace, run
from tests.organization import Organization
from tests.played import check_played
from tests.server import environment_for
from tests.test_pull import applied, change

YAML = """\
reconciler: {stack: villa-7f3a}
contacts:
  jane: # comes every year
    email: jane@example.com
    first_name: "Jane"
    last_name: Doe # as in her passport
services:
  cleaning: {label: {default: Cleaning}, type: statement}
"""


def test_what_the_page_shows_is_what_happens(
    workspace: Workspace, organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.write(YAML)
    applied(workspace, organization)
    change(organization, "jane@example.com", first_name="Janet", last_name="Dough")
    workspace.write(YAML.replace("Jane", "Joan").replace("Cleaning", "Cleaning up"))
    monkeypatch.chdir(workspace.folder.parent)
    check_played("test_pull_session", lambda command: _answer(command, organization))


def _answer(command: str, organization: Organization) -> str:
    program, *words = shlex.split(command)
    if program == "cat":
        return Path(words[0]).read_text()
    if program == "git":
        return ""  # there is nobody to fetch from
    said = run(*words, environment=environment_for(organization)).all
    said = re.sub(r"\([0-9a-f]{10}\)", "(3b0dd63d96)", said.replace(organization.id, "0f9ad0c6-…"))
    return re.sub(r"(?<=sha256:)\w+", "…", said)
