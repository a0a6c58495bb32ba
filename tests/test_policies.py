"""Policies at work: validate, plan, apply and policy test, on the command line and from Python."""

import shutil
from pathlib import Path
from typing import cast

import pytest

import reconciler
from reconciler.render.formats import FORMATS
from tests.commandline import Document, Workspace, run
from tests.policy_files import needs_engine, text_of
from tests.sandbox_server import ROOT

pytestmark = needs_engine
EXAMPLES = ROOT / "examples" / "policies"
YAML = """
bookings:
  stay: {reference: VM-1, currency: EUR, display_currency: EUR, exchange_rate: 1, silent: true}
contacts:
  jane: {first_name: Jane, email: jane@example.com, notes: 4111 1111 1111 1111}
"""
LONG = 'kind != "bookings" || size(after.reference) > 10'


def policy(workspace: Workspace, text: str, name: str = "policies") -> Path:
    folder = workspace.folder.parent / "given" if name == "given" else workspace.folder / name
    folder.mkdir(exist_ok=True)
    (folder / "rule.yaml").write_text(text, "utf-8")
    return folder


def verdicts(plan: Document) -> dict[str, int]:
    found = cast("list[dict[str, int]]", plan.get("policies", []))
    return {str(one["name"]): one["total"] for one in found}


def test_validate_judges_resources_and_their_lines(workspace: Workspace) -> None:
    workspace.write(YAML)
    policy(workspace, text_of(LONG, about="resource", message="a reference is long"))
    done = workspace.run("validate")
    assert done.code == 1
    assert "bookingmood.yaml:4:3: error: bookings.stay: a reference is long [policy-broken]" in (
        done.out
    )
    policy(workspace, text_of(LONG, about="resource", severity="warning"))
    done = workspace.run("validate")
    assert (done.code, "1 warning" in done.out) == (0, True)


def test_validate_judges_no_row_that_waits_for_a_variable(workspace: Workspace) -> None:
    workspace.write(YAML.replace("VM-1", '"${REFERENCE}"'))
    policy(workspace, text_of(LONG, about="resource"))
    done = workspace.run("validate")
    assert (done.code, "warning: bookings.stay: the policy rule cannot" in done.out) == (0, True)
    assert workspace.run("validate", "--var", "REFERENCE=VM-1").code == 1


def test_validate_judges_no_row_whose_related_rows_wait(workspace: Workspace) -> None:
    order = 'product_services:\n- {product_id: villa, service_id: s, order: "${ORDER}"}\n'
    workspace.write(f"{order}products: {{villa: {{}}}}\nservices: {{s: {{}}}}\n", "shop.yaml")
    workspace.write(YAML)
    rule = 'kind != "products" || related.product_services.all(s, s.order > 1)'
    policy(workspace, text_of(rule, about="resource"))
    done = workspace.run("validate")
    assert (done.code, "a variable is not set here" in done.out) == (0, True), done.all
    assert workspace.run("validate", "--var", "ORDER=2").code == 0
    assert workspace.run("validate", "--var", "ORDER=1").code == 1


def test_plan_shows_and_apply_refuses(workspace: Workspace) -> None:
    workspace.write(YAML)
    before = workspace.plan()
    policy(workspace, text_of(LONG, message="a reference is long"))
    after = workspace.plan()
    assert verdicts(after) == {"rule": 1}
    assert after["digest"] == before["digest"]
    assert {k: v for k, v in after.items() if k != "policies"} == before
    for form in FORMATS:
        shown = workspace.run("plan", "--format", form)
        assert (shown.code, "a reference is long" in shown.out) == (0, True), form
        assert "bookings.stay" in shown.out
    refused = workspace.apply(code=4)
    assert "policy rule: a reference is long: bookings.stay" in refused.err
    policy(workspace, text_of(LONG, severity="warning"))
    workspace.apply()


def test_a_reviewed_plan_is_judged_anew(workspace: Workspace, tmp_path: Path) -> None:
    workspace.write(YAML)
    file = tmp_path / "plan.json"
    workspace.run("plan", "--out", file)
    policy(workspace, text_of(LONG))
    assert workspace.run("apply", "--plan", file).code == 4
    policy(workspace, text_of("true"))
    workspace.run("plan", "--out", file)
    shown = run("show", file, environment={})
    assert (shown.code, "Policies: 1 kept, 0 broken." in shown.out) == (0, True)
    assert workspace.run("apply", "--plan", file).code == 0


@pytest.mark.parametrize(
    ("may_allow", "allow", "code"),
    [
        ("false", (), 4),
        ("false", ("--allow", "policy:rule"), 4),
        ("true", (), 4),
        ("true", ("--allow", "policy:rule"), 0),
        ("true", ("--allow", "policy:other"), 1),
    ],
)
def test_only_a_policy_from_elsewhere_may_be_let_pass(
    may_allow: str, allow: tuple[str, ...], code: int, workspace: Workspace
) -> None:
    workspace.write(YAML)
    folder = policy(workspace, text_of(LONG, may_allow=may_allow), "given")
    policy(workspace, text_of("true"))  # the same name in the repository weakens nothing
    workspace.apply("--policies", str(folder), *allow, code=code)


def test_a_policy_that_says_so_in_the_repository_is_refused(workspace: Workspace) -> None:
    workspace.write(YAML)
    policy(workspace, text_of(LONG, may_allow="true"))
    assert "no policy of the repository can say" in workspace.refusal("plan")
    assert "no policy of the repository can say" in workspace.refusal("apply", "--auto-approve")


def test_card_numbers_are_found_by_the_policy_from_elsewhere_alone(workspace: Workspace) -> None:
    workspace.write(YAML)
    trusted = EXAMPLES / "trusted"
    assert workspace.run("validate", "--policies", trusted).code == 1
    assert verdicts(workspace.plan("--policies", trusted)) == {"no-card-numbers": 1}
    shutil.copytree(trusted, workspace.folder / "policies")
    rule = workspace.folder / "policies" / "no-card-numbers.yaml"
    rule.write_text(rule.read_text().replace("may_allow", "# may_allow"))
    done = workspace.run("validate")
    assert (done.code, "no policy of the repository sees notes" in done.out) == (0, True)


def test_a_broken_policy_refuses_from_python_too(workspace: Workspace) -> None:
    workspace.write(YAML)
    policy(workspace, text_of(LONG))
    connection = reconciler.Connection(
        workspace.environment["BOOKINGMOOD_API_URL"], workspace.environment["BOOKINGMOOD_API_KEY"]
    )
    configuration = reconciler.load_configuration(workspace.folder)
    planned = reconciler.make_plan(configuration, connection)
    with pytest.raises(reconciler.ConsentError, match="policy rule"):
        reconciler.approve(planned)


def test_an_undo_is_judged_too(workspace: Workspace) -> None:
    workspace.write(YAML)
    workspace.apply()
    policy(workspace, text_of('kind != "bookings" || action != "delete"'))
    refused = workspace.run("undo", "--auto-approve")
    assert (refused.code, "policy rule: rule is broken: bookings.stay" in refused.err) == (4, True)
    policy(workspace, text_of("false", about="resource"))  # an undo is not about the YAML
    assert workspace.run("undo", "--auto-approve", "--allow", "deletes").code == 0


def test_the_day_is_that_of_the_configuration(workspace: Workspace) -> None:
    workspace.write("reconciler: {stack: villa-7f3a, timezone: Pacific/Kiritimati}\n" + YAML)
    rule = text_of('timestamp(today + "T00:00:00Z") > timestamp("2026-01-01T00:00:00Z")')
    policy(workspace, rule)
    assert verdicts(workspace.plan()) == {"rule": 0}
    workspace.write("reconciler: {stack: villa-7f3a, timezone: Europe/Amsterdm}\n" + YAML)
    assert "did you mean Europe/Amsterdam?" in workspace.refusal("plan")


@pytest.mark.parametrize("words", [["policy", "test", EXAMPLES]])
def test_the_examples_find_what_they_should(words: list[str | Path]) -> None:
    done = run(*words, environment={})
    assert (done.code, done.out) == (0, "5 policies, 20 cases: all as expected.\n")


def test_a_case_that_fails_is_told_with_its_place(tmp_path: Path) -> None:
    case = "cases: [{expect: broken, kind: taxes}, {case: wrong, expect: fine, kind: taxes}]"
    (tmp_path / "rule.yaml").write_text(f"{text_of('after.name.x == 1')}\n{case}\n")
    done = run("policy", "test", "--policies", tmp_path, environment={})
    assert done.code == 1
    assert f"{tmp_path}/rule.yaml:6:9: rule, case 1: expected broken, found error" in done.out
    assert "rule, wrong: expected fine, found error" in done.out


def test_nobody_pays_for_policies_who_has_none(tmp_path: Path) -> None:
    from subprocess import run as start
    from sys import executable

    (tmp_path / "a.yaml").write_text("reconciler: {stack: villa-7f3a}\n")
    code = (
        "import sys\nfrom reconciler.cli import main\n"
        f"sys.argv = ['reconciler', 'validate', {str(tmp_path)!r}]\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print([m for m in sys.modules if m.startswith('reconciler.policies') or m == 'cel'])\n"
    )
    out = start([executable, "-c", code], capture_output=True, text=True, check=True).stdout
    few = ["reconciler.policies", "reconciler.policies.folders", "reconciler.policies.policing"]
    assert out.splitlines()[-1] == str(few)
