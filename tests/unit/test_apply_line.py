"""The line that applies a plan: what was given, quoted for a shell, and no value of a variable."""

from pathlib import Path

import pytest

from reconciler.commands.plan import command
from reconciler.render.apply_line import line_for, line_of


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (["villa"], "reconciler apply villa"),
        (["my villa", "--format", "html", "-v"], "reconciler apply 'my villa'"),
        (["--target", "taxes.v", "a", "b", "--target", "taxes.w"],
         "reconciler apply a b --target taxes.v --target taxes.w"),
        (["a", "--var", "PRICE=se$cret", "--var-file", "x y.env"],
         "reconciler apply a --var PRICE=\"${PRICE:?}\" --var-file 'x y.env'"),
        (["a", "--kinds", "taxes,seasons", "--policies", "$rules", "--api-key-file", "~k"],
         "reconciler apply a --api-key-file '~k' --kinds taxes,seasons --policies '$rules'"),
        (["it's"], "reconciler apply 'it'\"'\"'s'"),
        (["a", "--detailed-exitcode", "--unmanaged", "--compact", "--show-personal-data"],
         "reconciler apply a"),
    ],
)  # fmt: skip
def test_what_was_given_is_given_again(given: list[str], line: str) -> None:
    with command.make_context("plan", [*given]) as ctx:
        assert line_of(ctx, None) == line


def test_a_saved_plan_is_named() -> None:
    with command.make_context("plan", ["villa", "--out", "the plan.json"]) as ctx:
        line = "reconciler apply villa --plan 'the plan.json'"
        assert line_of(ctx, Path("the plan.json")) == line
    assert line_for(Path("villa"), Path("the plan.json")) == line
