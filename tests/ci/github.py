"""GitHub as far as our workflows go: jobs, steps, artifacts, and the program ``gh``."""

import json
import re
import shlex
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.ci.machine import Machine, Repository

EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
STEPS = {"actions/checkout", "actions/setup-python", "actions/upload-artifact",
         "actions/download-artifact"}  # fmt: skip


@dataclass(slots=True)
class GitHub:
    """A repository with workflows; ``facts`` are what expressions such as ``secrets.X`` mean."""

    folder: Path
    repository: Repository
    machine: Machine
    facts: dict[str, str]
    summary: str = ""
    failed: list[str] = field(default_factory=list)
    runs: int = 0

    def __post_init__(self) -> None:
        """Put a ``gh`` on the machine that answers from files."""
        (self.state / "artifacts").mkdir(parents=True)
        self.keep("comments.json", [])
        self.keep("pulls.json", {})
        self.keep("runs.json", {})
        program = Path(__file__).with_name("fake_gh.py")
        words = shlex.join([sys.executable, str(program), str(self.state)])
        self.machine.program("gh", f'#!/bin/sh\nexec {words} "$@"\n')

    @property
    def state(self) -> Path:
        """Where everything is kept that GitHub knows."""
        return self.folder / "github"

    def keep(self, name: str, value: object) -> None:
        """Let GitHub know something."""
        (self.state / name).write_text(json.dumps(value))

    def known(self, name: str) -> Any:
        """Read what GitHub knows."""
        return json.loads((self.state / name).read_bytes())

    def run(self, file: Path, ref: str, **facts: str) -> bool:
        """Run a workflow on a ref, its jobs in turn; tells whether all went well."""
        self.runs += 1
        self.failed.clear()
        workflow = yaml.safe_load(file.read_text())
        facts = {**self.facts, **facts}
        ended: dict[str, bool] = {}
        for name, job in workflow["jobs"].items():
            ready = "needs" not in job or ended.get(job["needs"], False)
            if ready and self._is_true(job.get("if"), facts):
                ended[name] = _Job(self, name, job, workflow.get("env", {}), facts, ref).run()
        return all(ended.values())

    @staticmethod
    def _is_true(condition: str | None, facts: Mapping[str, str]) -> bool:
        if condition is None:
            return True
        left, right = condition.split(" == ")
        return facts[left] == facts[right]


@dataclass(slots=True)
class _Job:
    github: GitHub
    name: str
    job: Mapping[str, Any]
    environment: Mapping[str, str]
    facts: dict[str, str]
    ref: str

    def run(self) -> bool:
        place = self.github.folder / f"run-{self.github.runs}-{self.name}"
        workspace, temporary = place / "work", place / "temp"
        temporary.mkdir(parents=True)
        went_well = True
        for step in self.job["steps"]:
            if not self._wanted(step.get("if"), went_well=went_well):
                continue
            if "uses" in step:
                self._use(step["uses"].partition("@")[0], step.get("with", {}), workspace)
                continue
            workspace.mkdir(exist_ok=True)
            code = self._script(step, workspace, temporary)
            outcome = "success" if code == 0 else "failure"
            self.facts[f"steps.{step.get('id', '')}.outcome"] = outcome
            if code:
                self.github.failed.append(f"{step['name']}: {code}")
                went_well = False
        return went_well

    def _wanted(self, condition: str | None, *, went_well: bool) -> bool:
        if condition is None:
            return went_well
        assert condition == "${{ always() && steps.apply.outcome != 'skipped' }}"
        return self.facts.get("steps.apply.outcome", "skipped") != "skipped"

    def _use(self, action: str, options: Mapping[str, Any], workspace: Path) -> None:
        assert action in STEPS
        kept = self.github.state / "artifacts" / str(self.facts["run"]) / str(options.get("name"))
        if action.endswith("checkout"):
            ref = self._filled(str(options.get("ref", self.ref)))
            self.github.repository.checkout(workspace, ref)
        elif action.endswith("upload-artifact"):
            kept.mkdir(parents=True)
            for name in options["path"].split():
                shutil.copy(workspace / name, kept)
        elif action.endswith("download-artifact"):
            shutil.copytree(kept, workspace)

    def _script(self, step: Mapping[str, Any], workspace: Path, temporary: Path) -> int:
        assert EXPRESSION.search(step["run"]) is None, "expressions in scripts can be injected"
        summary = temporary / "summary.md"
        summary.touch()
        variables = {**self.environment, **step.get("env", {})}
        code = self.github.machine.run(
            ["bash", "-e"],  # what GitHub uses where no shell is named
            step["run"],
            workspace,
            GITHUB_REF_NAME="main",
            GITHUB_WORKSPACE=str(workspace),
            GITHUB_STEP_SUMMARY=str(summary),
            RUNNER_TEMP=str(temporary),
            **{name: self._filled(str(value)) for name, value in variables.items()},
        )
        self.github.summary = summary.read_text()
        return code

    def _filled(self, text: str) -> str:
        return EXPRESSION.sub(lambda match: self.facts[match[1]], text)
