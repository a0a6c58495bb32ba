"""The forms for issues are as GitHub documents them."""

import subprocess
import sys

import pytest

from tests.sandbox_server import ROOT

FORMS = ROOT / ".github" / "ISSUE_TEMPLATE"


@pytest.mark.parametrize(
    ("schema", "names"),
    [
        ("vendor.github-issue-forms", ["bug.yml", "idea.yml"]),
        ("vendor.github-issue-config", ["config.yml"]),
    ],
)
def test_forms_are_as_github_reads_them(schema: str, names: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *names],
        cwd=FORMS, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_form_is_checked() -> None:
    assert sorted(file.name for file in FORMS.iterdir()) == ["bug.yml", "config.yml", "idea.yml"]
