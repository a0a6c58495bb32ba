"""Policies for tests: written, read and judged in few words."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import pytest

from reconciler.bindings import Bindings
from reconciler.catalogue import Kind
from reconciler.configuration.resource import Configuration
from reconciler.plan.change import Change
from reconciler.plan.model import Plan
from reconciler.plan.verdicts import Verdict
from reconciler.planning.planned import Planned
from reconciler.policies.folders import PolicyFolder
from reconciler.policies.judge import judged
from reconciler.policies.policy import Policy
from reconciler.policies.read import Policies, read_folders
from tests.builders import KINDS, ORGANIZATION, STACK, remembered

needs_engine = pytest.mark.skipif(
    find_spec("cel") is None, reason="nothing judges policies here: pip install -e '.[dev]'"
)
FRIDAY = datetime(2026, 11, 27, 12, tzinfo=UTC)

NUMBERS = "[" + ",".join(map(str, range(60))) + "]"
SLOW = f"{NUMBERS}.all(a, {NUMBERS}.all(b, {NUMBERS}.all(c, {NUMBERS}.all(d, a + b + c + d >= 0))))"
"""An expression that takes longer than one may."""


def text_of(expression: str, name: str = "rule", **more: str) -> str:
    """Write a policy; ``about`` is a change where nothing is said."""
    fields = {"name": name, "message": f"{name} is broken", "about": "change", **more}
    lines = [f"{field}: {value}" for field, value in fields.items()]
    return "\n".join([*lines, "expression: |", *(f"  {line}" for line in expression.split("\n"))])


def read(
    folder: Path, *texts: str, trusted: bool = False, kinds: Mapping[str, Kind] = KINDS
) -> Policies:
    """Read policies out of files in a folder."""
    place = folder / ("given" if trusted else "policies")
    place.mkdir()
    for number, text in enumerate(texts):
        (place / f"{number}.yaml").write_text(text + "\n", "utf-8")
    return read_folders([PolicyFolder(place, trusted)], kinds)


def policies(
    folder: Path, *texts: str, trusted: bool = False, kinds: Mapping[str, Kind] = KINDS
) -> tuple[Policy, ...]:
    """Read policies that have nothing wrong with them but what is warned of."""
    found = read(folder, *texts, trusted=trusted, kinds=kinds)
    assert not found.are_wrong, found.problems
    return found.all


def planned(folder: Path, *changes: Change, names: Mapping[str, str] | None = None) -> Planned:
    """Make a plan of changes."""
    levels = tuple((one,) for one in changes)
    plan = Plan(STACK, ORGANIZATION, "sha256:0", levels, 0, names=names or {})
    return Planned(plan, remembered(Bindings(folder / "bindings" / "x.yaml", {})))


def verdicts(
    folder: Path,
    texts: Iterable[str],
    configuration: Configuration,
    changes: Iterable[Change] = (),
    *,
    trusted: bool = False,
    names: Mapping[str, str] | None = None,
    kinds: Mapping[str, Kind] = KINDS,
) -> tuple[Verdict, ...]:
    """Judge policies on a Friday, all in one process."""
    plan = planned(folder, *changes, names=names)
    rules = policies(folder, *texts, trusted=trusted, kinds=kinds)
    return judged(plan, rules, configuration, kinds, now=FRIDAY).plan.verdicts


def verdict(
    folder: Path,
    text: str,
    configuration: Configuration,
    changes: Iterable[Change] = (),
    *,
    trusted: bool = False,
    names: Mapping[str, str] | None = None,
    kinds: Mapping[str, Kind] = KINDS,
) -> Verdict:
    """Judge one policy on a Friday."""
    [found] = verdicts(
        folder, [text], configuration, changes, trusted=trusted, names=names, kinds=kinds
    )
    return found
