"""Random edits live, then `pull`, then plan is empty; whatever people wrote is still there."""

from pathlib import Path
from random import Random

import pytest
from hypothesis import example

from tests.organization import Organization
from tests.server import Server
from tests.test_provenance_invariant import (
    World,
    check_kept,
    check_plan,
    check_untouched,
    drawn,
    meddle,
    woven,
)
from tests.test_pull import git
from tests.woven_yaml import Weaver


@woven(1)
@example(seed=1120, overlay=False, gone=True)  # a variable that a block had which is gone
@drawn
def test_pull_brings_what_changed_live_to_where_it_came_from(
    server: Server,
    tmp_path_factory: pytest.TempPathFactory,
    seed: int,
    overlay: bool,
    gone: bool,
) -> None:
    pull_once(server.organization(0), tmp_path_factory.mktemp("law"), seed, overlay, gone)


@pytest.mark.slow
@woven(8)
@drawn
def test_pull_brings_what_changed_live_more_often(
    server: Server,
    tmp_path_factory: pytest.TempPathFactory,
    seed: int,
    overlay: bool,
    gone: bool,
) -> None:
    pull_once(server.organization(0), tmp_path_factory.mktemp("law"), seed, overlay, gone)


def pull_once(
    organization: Organization, place: Path, seed: int, overlay: bool, gone: bool
) -> None:
    organization.empty()
    dice = Random(seed)
    world = World(organization, place, Weaver(dice).weave(), overlay)
    applied = world.run("apply", "--auto-approve")
    assert applied.code == 0, applied.all
    commit(place, organization.id)
    before = world.texts()
    changed, removed = meddle(organization, dice, gone=gone)
    done = world.run("pull", "--update-var-file", world.file)
    assert done.code == 0, done.all
    after = world.texts()
    check_plan(world, done)
    check_kept(world, before, after, removed)
    check_untouched(world, after, changed | removed)
    again = world.run("pull", "--update-var-file", world.file)
    assert again.code == 0, again.all
    assert world.texts() == after


def commit(place: Path, organization: str) -> None:
    """Keep what was applied, as CI does."""
    git(place, "init", "-q")
    git(place, "add", "-A")
    git(place, "commit", "-q", "-m", "x")
    git(place, "tag", f"applied/{organization}")
