"""The views as commands give them: plan and show the same, personal data only where it is asked."""

import os
import re
import subprocess
import sys
from html import unescape
from pathlib import Path
from shlex import quote

import orjson
import pytest

from reconciler.plan.change import Action
from reconciler.plan.saved import write_plan
from reconciler.render.formats import FORMATS
from reconciler.render.graph import graph_mermaid, graph_of_plan, graph_svg
from reconciler.render.html.page import read
from reconciler.render.words import COLOURS, PAST, SYMBOLS
from tests.builders import change
from tests.commandline import Finished, Workspace, run
from tests.render_cases import document, everything

BEGINS = {
    "text": "Stack villa-7f3a in organization ",
    "json": '{\n  "format_version": 2',
    "markdown": "### Plan: ",
    "html": "<!doctype html>",
    "github": "::",
}
YAML = """
taxes:
  vat: {label: {default: VAT}, percentage: 9, type: included}
contacts:
  jane: {email: jane@example.com, country_code: NO}
"""


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A plan file."""
    write_plan(tmp_path / "plan.json", everything())
    return tmp_path / "plan.json"


def show(file: Path, *options: str) -> Finished:
    return run("show", file, *options, environment={"NO_COLOR": "1"})


def test_every_format_is_tried() -> None:
    assert set(BEGINS) == set(FORMATS)


@pytest.mark.parametrize("form", BEGINS)
def test_a_saved_plan_is_shown_in_every_format(form: str, saved: Path) -> None:
    done = show(saved, "--format", form)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(BEGINS[form])
    assert everything()["digest"] in done.out


ACTIONS = [action for action in Action if action is not Action.NO_OP]  # a plan holds none


@pytest.mark.parametrize("form", [*BEGINS, "graph"])
def test_every_action_is_shown_in_every_format(form: str, tmp_path: Path) -> None:
    row = {"id": "1", "first_name": "Jane"}
    changes = [change(f"{action} contacts.{action}", row=row, notes="x") for action in ACTIONS]
    plan = document(changes)
    if form == "graph":
        graph = graph_of_plan(plan)
        out = graph_svg(graph) + graph_mermaid(graph)
    else:
        write_plan(tmp_path / "plan.json", plan)
        done = show(tmp_path / "plan.json", "--format", form)
        assert (done.code, done.err) == (0, "")
        out = done.out
    for action in ACTIONS:
        assert (f"1 to {action}" if form == "github" else f"contacts.{action}") in out


@pytest.mark.parametrize("action", ACTIONS)
def test_every_action_has_a_sign_a_colour_and_a_word(action: Action) -> None:
    assert action in SYMBOLS.keys() & COLOURS.keys() & PAST.keys()
    assert f'{action}: "{SYMBOLS[action]}"' in read("detail.js")
    assert re.search(rf"\.{action}(, \.\w+)* \{{ color:", read("base.css"))
    assert f".box.{action} .frame" in read("graph.css")


def test_a_saved_plan_in_one_line_each(saved: Path) -> None:
    assert "  ~ update contacts.ingrid: notes, language, meta" in show(saved, "--compact").out


def test_what_is_not_a_plan_is_not_shown(tmp_path: Path, saved: Path) -> None:
    edited = saved.read_text().replace("contacts.ingrid", "contacts.ingvild")
    saved.write_text(edited)
    done = show(saved, "--format", "html")
    assert (done.code, done.out) == (1, "")
    assert "was edited" in done.err


@pytest.mark.parametrize("form", BEGINS)
def test_a_plan_is_shown_in_every_format(form: str, workspace: Workspace) -> None:
    workspace.write(YAML)
    done = workspace.run("plan", "--format", form, "--out", workspace.folder / "plan.json")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(BEGINS[form])
    assert "jane@example.com" not in done.out
    folder = str(workspace.folder)
    again = show(workspace.folder / "plan.json", "--folder", folder, "--format", form)
    assert again.out == done.out


@pytest.mark.parametrize("form", ["text", "markdown", "html", "json"])
def test_a_limited_plan_says_so(form: str, workspace: Workspace) -> None:
    workspace.write(YAML)
    for said, limits in ((False, []), (True, ["--kinds", "contacts"])):
        out = workspace.run("plan", "--format", form, *limits).out
        assert ("limited to 1 resource: nothing else is compared" in out) == said


@pytest.mark.parametrize("form", BEGINS)
def test_personal_data_is_shown_in_texts_alone(form: str, workspace: Workspace) -> None:
    workspace.write(YAML)
    plain = workspace.run("plan", "--format", form)
    done = workspace.run("plan", "--format", form, "--show-personal-data")
    assert ("jane@example.com" in done.out) == (form == "text")
    digest = orjson.loads(workspace.run("plan", "--format", "json").out)["digest"]
    assert digest in plain.out and digest in done.out  # the digest is that of the masked plan


@pytest.mark.parametrize("form", BEGINS)
def test_the_exit_code_is_the_same_in_every_format(form: str, workspace: Workspace) -> None:
    workspace.write(YAML)
    assert workspace.run("plan", "--detailed-exitcode", "--format", form).code == 2


@pytest.mark.parametrize(
    ("yaml", "code", "last", "annotations"),
    [
        (YAML, 0, "Valid: 2 resources in 2 kinds.", 0),
        ("taxes: {vat: {percentag: 1}}\n", 1, "Not valid: 1 error, 1 warning.", 2),
    ],
)
def test_validate_annotates(
    yaml: str, code: int, last: str, annotations: int, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    (tmp_path / "a.yaml").write_text("reconciler: {stack: villa-7f3a}\n" + yaml)
    monkeypatch.chdir(tmp_path)
    done = run("validate", ".", "--format", "github", environment={})
    *commands, verdict = done.out.splitlines()
    assert (done.code, verdict, len(commands)) == (code, last, annotations)
    if commands:
        assert "::error file=a.yaml,line=2,col=15,title=unknown-column::" in done.out


def test_the_line_of_a_page_applies_its_plan(workspace: Workspace) -> None:
    workspace.write(YAML.replace("percentage: 9", 'percentage: "${PERCENTAGE}"'))
    page = workspace.run("plan", "--format", "html", "--var", "PERCENTAGE=9").out
    line = unescape(re.findall(r'data-copy="([^"]*)"', page)[0])
    assert "=9" not in line
    reconciler = f"{quote(sys.executable)} -m reconciler"
    script = f"PERCENTAGE=9; {line.replace('reconciler', reconciler, 1)} --auto-approve"
    done = subprocess.run(
        ["sh", "-c", script], env={**os.environ, **workspace.environment}, check=False,
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert workspace.run("plan", "--var", "PERCENTAGE=9", "--detailed-exitcode").code == 0
