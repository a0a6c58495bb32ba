"""What is measured: one line a row of the table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.speed import data
from tests.benchmarks.speed.process import Taken
from tests.benchmarks.speed.stage import Stage
from tests.benchmarks.speed.versions import Version

Measure = Callable[[Stage, Version], Taken]


@dataclass(frozen=True, slots=True)
class Case:
    """A row: what is run in which state, and what of the floor it cannot do without.

    ``floor`` is a mode of floor.py; what reads YAML in another place than the stage's names it.
    """

    what: str
    state: str
    measure: Measure
    floor: str
    reads: Callable[[Stage], Path] = lambda stage: stage.yaml


def validate(stage: Stage, version: Version) -> Taken:
    return stage.run([*version.command("validate", stage.yaml.name)])


def check_format(stage: Stage, version: Version) -> Taken:
    # 1: the old commit would have other columns first
    return stage.run([*version.command("fmt", "--check", stage.yaml.name)], 1)


def plan(stage: Stage, version: Version) -> Taken:
    return stage.run([*version.command("plan", stage.yaml.name)])


def plan_nothing(stage: Stage, version: Version) -> Taken:
    return stage.run([*version.command("plan", stage.yaml.name, "--detailed-exitcode")])


def create(stage: Stage, version: Version) -> Taken:
    return stage.apply(version, stage.folder("created", stage.yaml))


def delete(stage: Stage, version: Version) -> Taken:
    folder = data.write_nothing(stage.folder("deleted"))
    return stage.apply(version, folder)


def export(stage: Stage, version: Version) -> Taken:
    folder = stage.folder(f"export-{version.name}")
    return stage.run([*version.command("export", "--out", folder.name, "--stack", data.STACK)])


def plan_export(stage: Stage, version: Version) -> Taken:
    folder = stage.home / f"export-{version.name}"
    if not folder.exists():
        export(stage, version)
    return stage.run([*version.command("plan", folder.name, "--detailed-exitcode")])


CASES: Mapping[str, Case] = {
    "validate": Case("validate", "", validate, "events"),
    "fmt": Case("fmt --check", "", check_format, "events"),
    "plan-create": Case("plan, all to create", "empty", plan, "both"),
    "create": Case("apply, all to create", "empty", create, "both"),
    "plan": Case("plan, nothing to do", "live", plan_nothing, "both"),
    "export": Case("export", "live", export, "fetch"),
    "plan-export": Case(
        "plan of an export", "live", plan_export, "both", lambda stage: stage.home / "export-here"
    ),
    "delete": Case("apply, all to delete", "live", delete, "fetch"),
}
