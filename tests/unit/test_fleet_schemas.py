"""The schemas of a fleet say what the tool takes and writes."""

import re
from pathlib import Path

import orjson
import pytest
import yaml
from jsonschema import Draft7Validator, Draft202012Validator

from reconciler.diagnostics import ConfigurationError, Position, Problem
from reconciler.fleet.document import read_fleet
from reconciler.fleet.members import Member
from reconciler.fleet.results import FleetReport, Result, failed, not_begun, told, unexpected
from reconciler.fleet.tasks import Access, Task, Yaml
from reconciler.render.fleet.json import fleet_json
from tests.sandbox_server import ROOT
from tests.unit.test_fleet_document import WRONG, folder

ID = "0d9cbb5e-62a4-4f0e-8d7b-00000000000a"
PAGE = (ROOT / "docs" / "fleet.md").read_text("utf-8")
[EXAMPLE] = re.findall(r"```yaml\n(fleet:.*?)```", PAGE, re.DOTALL)
ALONE = {  # what a schema cannot say: paths, and what two entries are together
    "base is a file", "twice the same key", "twice the same organization", "a link out", "empty",
    "through a link", "not there", "unknown wave", "empty wave", "rest twice", "base here",
    "hidden", "hidden behind a link", "in a hidden folder", "the wave of the rest",
}  # fmt: skip


def schema_of(name: str) -> dict[str, object]:
    schema: dict[str, object] = orjson.loads(
        (ROOT / "schemas" / f"{name}.schema.json").read_bytes()
    )
    return schema


@pytest.mark.parametrize("name", sorted(WRONG.keys() - ALONE))
def test_an_editor_marks_what_the_tool_refuses(name: str) -> None:
    text, _ = WRONG[name]
    assert not Draft7Validator(schema_of("fleet")).is_valid(yaml.safe_load(text))


def test_the_example_of_the_page_is_taken(tmp_path: Path) -> None:
    here = folder(tmp_path)
    (here / "orgs" / "amalfi").mkdir()
    (here / "orgs" / "amalfi.env").write_text("A=1\n")
    (here / "fleet.yaml").write_text(EXAMPLE)
    assert [one.name for one in read_fleet(here).members] == ["amalfi", "bergen"]
    Draft7Validator(schema_of("fleet")).validate(yaml.safe_load(EXAMPLE))


def test_a_report_is_as_documented() -> None:
    task = Task("apply", "a", ID, "canary", Yaml("/b"), Access("", 0, 0, 0), "/")
    problem = Problem("bad-fleet", "wrong", Position("f", 1, 2), hint="mend it")
    results = (
        Result("a", ID, 0, "done", "canary", counts={"create": 1}, warnings=(told(problem),)),
        failed(task, ConfigurationError((problem,))),
        unexpected(task, "it failed", wrote=True),
        not_begun(Member("b", ID, Position("f", 1, 1)), "rest", interrupted=True),
    )
    text = "".join(fleet_json(FleetReport(results, "apply", "r"), lambda name: None, None))
    Draft202012Validator(schema_of("fleet-report")).validate(orjson.loads(text))
    assert [one["code"] for one in orjson.loads(text)["organizations"]] == [0, 1, 5, 130]
