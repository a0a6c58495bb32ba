"""Random edits live, then `pull`, then plan is empty; whatever people wrote is still there."""

from pathlib import Path
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.server import Server
from tests.test_provenance_invariant import (
    World,
    check_kept,
    check_plan,
    check_untouched,
    meddle,
    woven,
)
from tests.test_pull import git
from tests.woven_yaml import Weaver

pytestmark = pytest.mark.slow


@woven
@example(seed=1120, overlay=False, gone=True)  # a variable that a block had which is gone
@given(seed=st.integers(0, 1_000_000), overlay=st.booleans(), gone=st.booleans())
def test_pull_brings_what_changed_live_to_where_it_came_from(
    server: Server,
    tmp_path_factory: pytest.TempPathFactory,
    seed: int,
    overlay: bool,
    gone: bool,
) -> None:
    organization = server.organization(0)
    organization.empty()
    dice, place = Random(seed), tmp_path_factory.mktemp("law")
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
