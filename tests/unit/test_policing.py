"""The policies that hold for a configuration: none are loaded where there are none."""

from pathlib import Path

import pytest

from reconciler.bindings import Bindings
from reconciler.diagnostics import ConfigurationError
from reconciler.plan.model import Plan
from reconciler.planning.planned import Planned
from reconciler.policies.policing import policing_in
from reconciler.policies.read import folders_to_try
from tests.builders import KINDS, ORGANIZATION, STACK, configuration, remembered
from tests.policy_files import text_of


def test_without_policies_a_plan_is_as_it_was(tmp_path: Path) -> None:
    policing = policing_in(tmp_path, [], KINDS).checked()
    plan = Plan(STACK, ORGANIZATION, "sha256:0", (), 0)
    planned = Planned(plan, remembered(Bindings.of("", tmp_path / "bindings.yaml")))
    assert policing.judged(planned, configuration()) is planned
    assert policing.judged_back(planned, configuration()) is planned
    read = configuration()
    assert policing.judge(read) == (read, ())
    assert policing.judge(None) == (None, ())


def test_policies_that_are_wrong_are_not_relied_on(tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "rule.yaml").write_text(text_of("true", about="nothing"))
    policing = policing_in(tmp_path, [], KINDS)
    assert policing.are_wrong
    with pytest.raises(ConfigurationError) as raised:
        policing.checked()
    assert raised.value.problems == policing.problems
    assert policing.judge(configuration()) == (None, policing.problems)


def test_a_configuration_is_tried_with_its_policies_or_a_folder_of_them(tmp_path: Path) -> None:
    rules = tmp_path / "villa" / "policies"
    rules.mkdir(parents=True)
    (rules / "rule.yaml").write_text(text_of("true"))
    assert [(one.path, one.trusted) for one in folders_to_try([tmp_path / "villa"], [])] == [
        (rules, False)
    ]
    assert [(one.path, one.trusted) for one in folders_to_try([rules], [])] == [(rules, True)]
    assert [one.path for one in folders_to_try([], [rules])] == [rules]
