"""The session of pull on the page about life after the first apply is played, and compared."""

import os
import re
import shlex
from pathlib import Path

import pytest

from tests.commandline import Workspace, run
from tests.organization import Organization
from tests.sandbox_server import ROOT
from tests.server import environment_for
from tests.test_pull import applied, change

PAGE = ROOT / "docs" / "life.md"
SHOWN = re.compile(r"<!-- shown by tests/test_pull_session.py -->.*?<!-- end -->", re.DOTALL)
BLOCK = re.compile(r"(?<=```console\n).*?(?=```\n)", re.DOTALL)
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
    page = PAGE.read_text("utf-8")
    [part] = SHOWN.findall(page)

    def again(block: re.Match[str]) -> str:
        asked = [line[2:] for line in block[0].splitlines() if line.startswith("$ ")]
        return "".join(f"$ {command}\n{_answer(command, organization)}" for command in asked)

    played = BLOCK.sub(again, part)
    if os.environ.get("UPDATE_CASES"):
        PAGE.write_text(page.replace(part, played), "utf-8")
    assert played == part


def _answer(command: str, organization: Organization) -> str:
    program, *words = shlex.split(command)
    if program == "cat":
        return Path(words[0]).read_text()
    if program == "git":
        return ""  # there is nobody to fetch from
    said = run(*words, environment=environment_for(organization)).all
    said = re.sub(r"\([0-9a-f]{10}\)", "(3b0dd63d96)", said.replace(organization.id, "0f9ad0c6-…"))
    return re.sub(r"(?<=sha256:)\w+", "…", said)
