"""Every folder in ``tests/bad`` is wrong; ``expected.txt`` is everything that is said about it.

``UPDATE_CASES=1 pytest`` on this file writes the files anew: read the diff.
"""

import os
from pathlib import Path

import pytest

from reconciler.catalogue import load_kinds
from reconciler.configuration.load import load
from reconciler.configuration.validate import validate
from reconciler.configuration.validate.excerpt import Excerpts
from reconciler.diagnostics import Problem
from reconciler.diagnostics.explanations import areas

BAD = Path(__file__).parent.parent / "bad"
CASES = sorted(folder.name for folder in BAD.iterdir() if folder.is_dir())

# Areas and codes whose problems need no live rows.
OFFLINE = {"files", "yaml", "settings", "resources", "values", "variables", "templates"}
REFERENCES = {"unknown-reference", "absent-reference", "bad-lookup", "reference-cycle"}

# These need files that git cannot hold, or a kind that there is not; other tests make them.
ELSEWHERE = {"bad-catalogue", "loosened-catalogue", "more-problems",
    "unreadable", "directory-loop", "link-outside", "too-large", "not-utf8", "not-unique",
    "unfinished-export",
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_is_said_about_a_bad_folder(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(BAD / case)
    paths = Path("paths.txt")
    said = report([Path(line) for line in paths.read_text().split()] if paths.exists() else ["."])
    expected = Path("expected.txt")
    if os.environ.get("UPDATE_CASES"):
        expected.write_text(said, encoding="utf-8")
    assert said == expected.read_text(encoding="utf-8")
    assert " error " in said
    assert "jane@example.com" not in said
    assert "Zq-Hidden" not in said


def test_every_code_is_shown_by_a_case() -> None:
    said = "\n".join((BAD / case / "expected.txt").read_text(encoding="utf-8") for case in CASES)
    offline = {one.code for area in areas() if area.name in OFFLINE for one in area.codes}
    missing = {code for code in offline | REFERENCES if f" {code}\n" not in said}
    assert missing == ELSEWHERE


def report(paths: "list[Path] | list[str]") -> str:
    kinds = load_kinds()
    environment = {"RECONCILER_VAR_GUEST": "joe", "RECONCILER_VAR_TOKEN": "Zq-Hidden", "PHONE": "5"}
    given = {"METHOD": "Zq-Hidden", "EMPTY": "", "EMPTY_SECRET": ""}
    loaded = load([Path(path) for path in paths], variables=given, environment=environment)
    configuration, problems = validate(loaded, kinds, unset_is_error=True)
    assert configuration is None
    excerpts = Excerpts(loaded, kinds)
    return "\n".join(text(problem, excerpts) for problem in problems)


def text(problem: Problem, excerpts: Excerpts) -> str:
    lines = [f"{problem.position or '-'} {problem.severity} {problem.code}"]
    excerpt = excerpts.of(problem)
    if excerpt:
        lines += [f"  | {excerpt.text}", "  | " + " " * (excerpt.caret - 1) + "^"]
    lines += [f"  {problem.address}:" if problem.address else "", f"  {problem.message}"]
    lines += [f"  -> {problem.hint}" if problem.hint else ""]
    return "\n".join(line.rstrip() for line in lines if line) + "\n"
