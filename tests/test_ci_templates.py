"""The CI templates: linted by their own tools, and their shell run by bash against the sandbox."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import jq  # type: ignore[import-not-found]
import psycopg
import pytest
import yaml

from reconciler.fleet.keys import read_sources
from reconciler.sandbox.cluster import running_cluster
from tests.ci.github import GitHub
from tests.ci.gitlab import TOKEN, GitLab, gitlab_project
from tests.ci.machine import GIT, Machine, Repository, git
from tests.node import node, package
from tests.organization import Organization
from tests.sandbox_server import ROOT, running_sandbox
from tests.server import PATIENT, Server

TEMPLATES = ROOT / "examples" / "ci"
GITHUB = TEMPLATES / "github"
WORKFLOWS = sorted(GITHUB.glob("*.yml"))
OURS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
HOOKS = ROOT / ".pre-commit-hooks.yaml"
GITLAB = TEMPLATES / "gitlab" / "gitlab-ci.yml"
GITLABS = (GITLAB, GITLAB.with_name("fleet.gitlab-ci.yml"))
FIRST, SECOND = "c1000000-0000-4000-8000-000000000001", "c1000000-0000-4000-8000-000000000002"
READ_KEY, WRITE_KEY, OTHER_KEY = "key-that-reads", "key-that-writes", "key-of-another"
NEWER_THAN_ACTIONLINT = 'unknown permission scope "attestations"'
each_workflow = pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)

VILLA = """\
reconciler: {stack: villa-7f3a}
contacts:
  jane: {first_name: Jane, email: jane@example.com}
bookings:
  summer: {reference: BM-1, currency: EUR, display_currency: EUR, exchange_rate: 1, silent: true}
contact_bookings:
  - {contact_id: jane, booking_id: summer}
"""
HOUSE = """\
products:
  house: {name: {default: House}, timezone: Europe/Amsterdam, rent_period: nightly}
"""
JOHN = "contacts:\n  john: {first_name: John, email: john@example.com}\n"


@pytest.fixture(scope="module")
def api() -> Iterator[Server]:
    """A sandbox with two organizations, and a key that may only read."""
    options = ["--organization", f"{FIRST}={WRITE_KEY}", "--organization", f"{SECOND}={OTHER_KEY}"]
    options += ["--key", f"{READ_KEY}={FIRST}:read"]
    with (
        running_cluster(None) as url,
        running_sandbox("--database-url", url, *options) as sandbox,
        psycopg.connect(url, autocommit=True) as database,
        httpx.Client(trust_env=False, limits=PATIENT) as http,
    ):
        yield Server(sandbox, database, http)


@pytest.fixture
def organization(api: Server) -> Organization:
    """The organization that the templates are for, empty."""
    return api.organization(0)


@pytest.fixture
def other_organization(api: Server) -> Organization:
    """Another one."""
    return api.organization(1)


# --- linted -----------------------------------------------------------------------------------


def tool(name: str, *words: str | Path, where: Path = ROOT) -> str:
    """Run a linter of the libraries; answers its words where it is not content."""
    program = Path(sys.executable).with_name(name)
    if not program.exists():
        pytest.skip(f"no {name} here: pip install -e '.[dev]'")
    done = subprocess.run([program, *words], cwd=where, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("vendor.github-workflows", WORKFLOWS + OURS),
        ("custom.github-workflows-require-timeout", WORKFLOWS),
        ("vendor.dependabot", [ROOT / ".github" / "dependabot.yml"]),
        ("vendor.gitlab-ci", [*GITLABS]),
    ],
)
def test_a_template_fits_its_schema(schema: str, files: list[Path]) -> None:
    assert tool("check-jsonschema", "--builtin-schema", schema, *files) == ""


def test_the_workflows_pass_actionlint() -> None:
    linter = package("actionlint") / "node.mjs"
    code = f"""
        import {{ createLinter }} from {json.dumps(linter.as_uri())};
        import {{ readFileSync }} from "node:fs";
        const lint = await createLinter();
        for (const file of process.argv.slice(1))
            for (const found of lint(readFileSync(file, "utf8"), file))
                console.log(`${{file}}:${{found.line}}: ${{found.message}}`);
    """
    words = [node(), "--input-type=module", "--eval", code, *map(str, WORKFLOWS + OURS)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    told = [line for line in done.stdout.splitlines() if NEWER_THAN_ACTIONLINT not in line]
    assert (done.returncode, told) == (0, []), done.stderr


STRICT = ("--offline", "--no-progress", "--no-config", "--persona", "auditor")


def test_the_workflows_pass_zizmor(tmp_path: Path) -> None:
    shutil.copytree(ROOT / ".github", tmp_path / "ours" / ".github")
    shutil.copytree(GITHUB, tmp_path / "theirs" / ".github" / "workflows")
    assert tool("zizmor", *STRICT, tmp_path / "ours", tmp_path / "theirs") == ""


@pytest.mark.parametrize(
    ("good", "bad", "audit"),
    [
        ("@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1", "@v7.0.1", "unpinned-uses"),
        ("persist-credentials: false", "persist-credentials: true", "artipacked"),
        ("permissions: {}", "permissions: write-all", "excessive-permissions"),
    ],
)
def test_zizmor_would_find_it(good: str, bad: str, audit: str, tmp_path: Path) -> None:
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    text = (ROOT / ".github" / "workflows" / "test.yml").read_text()
    assert good in text
    (folder / "test.yml").write_text(text.replace(good, bad))
    assert f"[{audit}]" in tool("zizmor", *STRICT, tmp_path)


def test_each_action_has_one_pin() -> None:
    """One commit and one version for each, in our workflows and in the templates."""
    uses = re.compile(r"uses: ([\w./-]+)@([0-9a-f]{40} # v[\d.]+)$", re.MULTILINE)
    found = {pin for file in WORKFLOWS + OURS for pin in uses.findall(file.read_text())}
    assert len(found) == len({action for action, _ in found}) == 6


def gitlab_jobs(file: Path) -> dict[str, Any]:
    """Read the jobs of a file of GitLab's."""
    whole = yaml.safe_load(file.read_text())
    words = {"variables", "default", "stages"}
    return {name: job for name, job in whole.items() if name not in words}


def scripts() -> Iterator[tuple[str, str]]:
    for file in WORKFLOWS:
        for job in yaml.safe_load(file.read_text())["jobs"].values():
            for step in job["steps"]:
                if "run" in step:
                    yield f"{file.name} {step['name']}", step["run"]
    for file in GITLABS:
        for name, job in gitlab_jobs(file).items():
            for part in ("before_script", "script"):
                if job.get(part):
                    yield f"{file.name} {name} {part}", "\n".join(job[part])


@pytest.mark.parametrize(("name", "script"), list(scripts()), ids=lambda value: value[:40])
def test_the_shell_is_safe(name: str, script: str, tmp_path: Path) -> None:
    file = tmp_path / "script.sh"
    file.write_text(f"#!/usr/bin/env bash\n{script}\n")
    assert tool("shellcheck", file) == ""
    if len(script.splitlines()) > 1:
        assert script.startswith("set -euo pipefail\n")
    assert "set -x" not in script
    assert "${{" not in script  # what a pull request says would become shell


@each_workflow
def test_a_workflow_may_only_what_it_needs(file: Path) -> None:
    workflow = yaml.safe_load(file.read_text())
    assert workflow["permissions"] == {}
    may = {
        f"{name}: {right}: {level}"
        for name, job in workflow["jobs"].items()
        for right, level in job["permissions"].items()
        if level != "read"
    }
    expected = {
        "plan.yml": {"comment: pull-requests: write"},
        "apply.yml": {"apply: contents: write"},
        "drift.yml": set(),
        "fleet.yml": {"apply: contents: write"},
        "fleet-vault.yml": {"drift: id-token: write"},
    }
    assert may == expected[file.name]


@each_workflow
def test_a_secret_is_in_the_one_step_that_needs_it(file: Path) -> None:
    workflow = yaml.safe_load(file.read_text())
    jobs = workflow["jobs"].items()
    steps = [(name, step) for name, job in jobs for step in job["steps"]]
    holding = [(name, s["name"]) for name, s in steps if "secrets." in str(s.get("env"))]
    expected = {
        "plan.yml": [("plan", "Plan")],
        "apply.yml": [("apply", "Apply")],
        "drift.yml": [("drift", "Compare")],
        "fleet.yml": [("plan", "Plan"), ("apply", "Apply"), ("drift", "Compare")],
        "fleet-vault.yml": [],
    }
    assert holding == expected[file.name]
    assert str(workflow).count("secrets.") == sum(
        str(step.get("env")).count("secrets.") for _, step in steps
    )
    assert "pull_request_target" not in str(workflow)


@pytest.mark.parametrize("file", [GITHUB / "fleet-vault.yml", GITLABS[1]], ids=lambda f: f.name)
def test_the_keys_of_a_fleet_are_named_by_commands(file: Path, tmp_path: Path) -> None:
    [words] = re.findall(r"'(\[\.organizations.*?\| add)'", file.read_text())
    report = {"organizations": [{"name": "amalfi", "state": "done"}, {"name": "lake-como"}]}
    given = {"program": "/tmp/key-at", "token": "/tmp/vault-token", "keys": "https://vault/read/"}
    (tmp_path / "keys.yaml").write_text(jq.compile(words, args=given).input_value(report).text())
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    sources = read_sources(tmp_path / "keys.yaml", tmp_path / "repository")
    assert {name: (one.sort, one.words[0], one.words[-1]) for name, one in sources.items()} == {
        "amalfi": ("command", "/tmp/key-at", "https://vault/read/amalfi"),
        "lake-como": ("command", "/tmp/key-at", "https://vault/read/lake-como"),
    }


# --- GitHub, from the pull request to the night after the merge ------------------------------


@pytest.fixture
def github(organization: Organization, tmp_path: Path) -> GitHub:
    repository = Repository.begin(tmp_path, {"README.md": "nothing yet\n"})
    machine = Machine(tmp_path / "machine", {"BOOKINGMOOD_API_URL": organization.url})
    facts = {
        "run": "1",
        "github.repository": "somebody/villa",
        "github.event.pull_request.head.repo.full_name": "somebody/villa",
        "github.event.pull_request.number": "7",
        "github.event.repository.default_branch": "main",
        "github.ref_name": "main",
        "github.token": "a-token-of-github",
        "inputs.allow": "",
        "env.ORGANIZATION": organization.id,
        "secrets.BOOKINGMOOD_READ_KEY": READ_KEY,
        "secrets.BOOKINGMOOD_WRITE_KEY": organization.key,
    }
    return GitHub(tmp_path, repository, machine, facts)


def propose(github: GitHub, text: str, branch: str = "change", **facts: str) -> bool:
    """Open a pull request or push to it: the workflow plans it."""
    head = github.repository.commit({"villa/bookingmood.yaml": text}, branch)
    github.facts["run"] = str(github.runs + 1)
    went_well = github.run(GITHUB / "plan.yml", branch, **facts)
    if went_well:
        github.keep("runs.json", {**github.known("runs.json"), head: github.runs})
    return went_well


def merge(github: GitHub, branch: str = "change", **facts: str) -> bool:
    """Merge the pull request: the workflow applies its plan."""
    head = git(github.repository.clone, "rev-parse", branch)
    commit = github.repository.merge(branch)
    github.keep("pulls.json", {commit: [{"head": {"sha": head}}]})
    return github.run(GITHUB / "apply.yml", commit, **facts)


def test_from_the_pull_request_to_the_night_after(
    github: GitHub, organization: Organization
) -> None:
    assert propose(github, VILLA), github.machine.log
    [comment] = github.known("comments.json")
    assert comment["body"].startswith("### Plan: 3 to create")
    assert "jane@example.com" not in comment["body"]
    assert github.repository.has("refs/heads/change")
    assert organization.rows("contacts") == []

    assert propose(github, VILLA + HOUSE), github.machine.log
    [comment] = github.known("comments.json")  # the same one, brought up to date
    assert comment["body"].startswith("### Plan: 4 to create")

    assert not merge(github)  # the house changes the subscription
    assert github.failed == ["Apply: 4"]
    assert "add --allow billing-create" in github.machine.log
    assert organization.rows("contacts") == []
    applied = f"refs/tags/applied/{organization.id}"
    assert not github.repository.has(applied)
    git(github.repository.clone, "push", "origin", "HEAD:refs/tags/applied")  # of old templates

    apply = GITHUB / "apply.yml"
    assert github.run(apply, "main", **{"inputs.allow": "billing-create"}), github.machine.log
    assert len(organization.rows("contact_bookings")) == 1
    assert "[skip ci]" in github.repository.show("refs/heads/main", "--format=%s")
    changed = github.repository.show("refs/heads/main", "--name-only", "--format=")
    assert changed == f"villa/bindings/{organization.id}.yaml"
    assert github.repository.has(applied)
    assert github.repository.show(applied, "--format=%H") == github.repository.show(
        "refs/heads/main", "--format=%H"
    )

    assert github.run(apply, "main"), github.machine.log  # nothing is left to do
    assert "No changes" in github.machine.log

    drift = GITHUB / "drift.yml"
    assert github.run(drift, "main"), github.machine.log
    assert github.summary.startswith("### Plan: no changes")

    jane = organization.one("contacts")
    organization.change("contacts", jane["id"], first_name="Janet")
    assert not github.run(drift, "main")
    assert github.failed == ["Compare: 2"]
    assert github.summary.startswith("### Plan: 1 to update")

    secrets = [READ_KEY, organization.key, "a-token-of-github", "jane@example.com"]
    assert [one for one in secrets if one in github.machine.log] == []


def test_what_changed_since_the_review_is_refused(
    github: GitHub, organization: Organization
) -> None:
    assert propose(github, VILLA)
    assert merge(github), github.machine.log
    assert propose(github, VILLA.replace("name: Jane", "name: Joan"))
    jane = organization.one("contacts")
    organization.change("contacts", jane["id"], last_name="Doe")
    assert not merge(github)
    assert github.failed == ["Apply: 3"]
    assert organization.one("contacts")["first_name"] == "Jane"


def test_what_nobody_reviewed_is_refused(github: GitHub, organization: Organization) -> None:
    github.repository.commit({"villa/bookingmood.yaml": VILLA})
    apply = GITHUB / "apply.yml"
    assert not github.run(apply, "main")
    assert github.failed == ["Get the reviewed plan: 1"]

    assert propose(github, VILLA + HOUSE)
    assert merge(github, **{"inputs.allow": "billing-create"}), github.machine.log
    github.repository.merge("main")
    github.repository.commit({"villa/john.yaml": JOHN})  # past every review
    assert not github.run(apply, "main")
    assert github.failed == ["Apply: 3"]
    assert len(organization.rows("contacts")) == 1


def test_bindings_that_cannot_be_pushed_are_not_lost(
    github: GitHub, organization: Organization
) -> None:
    assert propose(github, VILLA + HOUSE)
    refuse = github.repository.origin / "hooks" / "update"
    head = git(github.repository.clone, "rev-parse", "change")
    commit = github.repository.merge("change")
    github.keep("pulls.json", {commit: [{"head": {"sha": head}}]})
    refuse.write_text('#!/bin/sh\n[ "$1" != refs/heads/main ]\n')
    refuse.chmod(0o755)
    assert not github.run(GITHUB / "apply.yml", commit, **{"inputs.allow": "billing-create"})
    assert github.failed == ["Keep the bindings: 1"]
    assert "::error title=Bindings::" in github.machine.log
    assert str(organization.one("products")["id"]) in github.machine.log


def test_a_branch_is_not_applied_by_hand(github: GitHub, organization: Organization) -> None:
    assert propose(github, VILLA)
    before = len(github.machine.log)
    assert github.run(GITHUB / "apply.yml", "change", **{"github.ref_name": "change"})
    assert len(github.machine.log) == before
    assert organization.rows("contacts") == []


def test_a_pull_request_of_a_fork_has_no_plan_to_apply(
    github: GitHub, organization: Organization
) -> None:
    fork = {"github.event.pull_request.head.repo.full_name": "stranger/villa"}
    assert propose(github, VILLA, **fork)
    assert not merge(github)
    assert github.failed == ["Get the reviewed plan: 1"]
    assert "::error title=No plan::it came from a fork" in github.machine.log
    assert organization.rows("contacts") == []


def test_a_key_of_another_organization_is_refused(
    github: GitHub, organization: Organization, other_organization: Organization
) -> None:
    assert propose(github, VILLA)
    before = other_organization.state()
    assert not merge(github, **{"secrets.BOOKINGMOOD_WRITE_KEY": other_organization.key})
    assert github.failed == ["Apply: 1"]
    assert other_organization.state() == before


def test_a_fork_is_validated_and_gets_no_plan(github: GitHub) -> None:
    fork = {"github.event.pull_request.head.repo.full_name": "stranger/villa"}
    none = {"secrets.BOOKINGMOOD_READ_KEY": "", "secrets.BOOKINGMOOD_WRITE_KEY": ""}
    assert propose(github, VILLA, **fork, **none)
    assert "Valid: 3 resources in 3 kinds." in github.machine.log
    assert "reconciler plan" not in github.machine.log


def test_what_is_wrong_is_marked_in_the_pull_request(github: GitHub) -> None:
    assert not propose(github, VILLA.replace("jane,", "jnae,"))
    assert github.failed == ["Validate: 1"]
    assert "::error file=villa/bookingmood.yaml,line=7" in github.machine.log
    assert github.known("comments.json") == []


# --- GitLab ----------------------------------------------------------------------------------


@pytest.fixture
def gitlab(organization: Organization, tmp_path: Path) -> Iterator[GitLab]:
    helper = "merge_request.py"
    files = {f".gitlab/{helper}": GITLAB.with_name(helper).read_text()}
    repository = Repository.begin(tmp_path, files)
    variables = {
        "BOOKINGMOOD_API_URL": organization.url,
        "ORGANIZATION": organization.id,
        "BOOKINGMOOD_READ_KEY": READ_KEY,
        "BOOKINGMOOD_WRITE_KEY": WRITE_KEY,
    }
    with gitlab_project(tmp_path, GITLAB, repository, variables) as running:
        yield running


def request_merge(gitlab: GitLab, text: str) -> None:
    """Open a merge request or push to it: its pipeline runs."""
    gitlab.repository.commit({"villa/bookingmood.yaml": text}, "change")
    for job in ("validate", "plan", "comment"):
        assert gitlab.run(job, "change") == 0, gitlab.machine.log


def test_from_the_merge_request_to_the_night_after(
    gitlab: GitLab, organization: Organization
) -> None:
    request_merge(gitlab, VILLA)
    request_merge(gitlab, VILLA + HOUSE)
    [note] = gitlab.notes  # the same one, brought up to date
    assert note["body"].startswith("### Plan: 4 to create")

    gitlab.merged[gitlab.repository.merge("change")] = 7
    assert gitlab.run("apply", "main") == 4
    assert "add --allow billing-create" in gitlab.machine.log
    applied = f"refs/tags/applied/{organization.id}"
    assert not gitlab.repository.has(applied)
    git(gitlab.repository.clone, "push", "origin", "HEAD:refs/tags/applied")  # of old templates

    assert gitlab.run("apply", "main", ALLOW="billing-create") == 0, gitlab.machine.log
    assert len(organization.rows("contact_bookings")) == 1
    changed = gitlab.repository.show("refs/heads/main", "--name-only", "--format=")
    assert changed == f"villa/bindings/{organization.id}.yaml"
    assert gitlab.repository.has(applied)

    assert gitlab.run("drift", "main") == 0, gitlab.machine.log
    organization.remove("contact_bookings", organization.one("contact_bookings")["id"])
    assert gitlab.run("drift", "main") == 2
    assert "see drift.html" in gitlab.machine.log
    assert [key for key in (READ_KEY, WRITE_KEY, TOKEN) if key in gitlab.machine.log] == []


def test_what_nobody_reviewed_is_refused_on_gitlab(
    gitlab: GitLab, organization: Organization
) -> None:
    gitlab.repository.commit({"villa/bookingmood.yaml": VILLA})
    assert gitlab.run("apply", "main") == 1
    assert "nobody reviewed a plan for it" in gitlab.machine.log
    assert organization.rows("contacts") == []


# --- pre-commit ------------------------------------------------------------------------------


def test_the_hooks_are_as_pre_commit_wants_them() -> None:
    assert tool("pre-commit", "validate-manifest", ROOT / ".pre-commit-hooks.yaml") == ""
    assert tool("pre-commit", "validate-config", TEMPLATES / "pre-commit-config.yaml") == ""


def test_the_hooks_stop_a_commit(tmp_path: Path) -> None:
    """The hooks of the example, but from here: to install them would need the forge."""
    hooks = {hook["id"]: hook for hook in yaml.safe_load(HOOKS.read_text())}
    [chosen] = yaml.safe_load((TEMPLATES / "pre-commit-config.yaml").read_text())["repos"]
    local = [{**hooks[one["id"]], **one, "language": "system"} for one in chosen["hooks"]]
    config = {"repos": [{"repo": "local", "hooks": local}]}
    files = {
        ".pre-commit-config.yaml": yaml.safe_dump(config),
        "villa/bookingmood.yaml": VILLA,
        "elsewhere.yaml": "a:   1\n",
    }
    clone = Repository.begin(tmp_path, files).clone
    machine = Machine(tmp_path / "machine", GIT)
    machine.program("pre-commit", f'#!/bin/sh\nexec {sys.executable} -m pre_commit "$@"\n')
    script = "pre-commit run --all-files"
    if not Path(sys.executable).with_name("pre-commit").exists():
        pytest.skip("no pre-commit here: pip install -e '.[dev]'")

    assert machine.run(["bash"], script, clone) == 0, machine.log
    (clone / "villa" / "john.yaml").write_text("contacts:\n    john: {zip: x, emial: y}\n")
    git(clone, "add", "--all")
    assert machine.run(["bash"], script, clone) == 1
    assert "contacts has no column 'emial'" in machine.log
    assert (clone / "villa" / "john.yaml").read_text() == (
        "contacts:\n  john: {zip: x, emial: y}\n"
    )
    assert (clone / "elsewhere.yaml").read_text() == "a:   1\n"
