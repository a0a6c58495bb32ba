"""What is written for people says of a place where it cannot be written what to do there."""

from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.diagnostics import UsageError
from reconciler.fleet.planfile import write_fleet_plan
from reconciler.plan.saved import write_plan
from tests.render_cases import nothing


def of_fleet(path: Path) -> None:
    write_fleet_plan(path, [], lambda name: None)


def of_one(path: Path) -> None:
    write_plan(path, nothing())


@pytest.mark.parametrize("write", [of_one, of_fleet])
@pytest.mark.parametrize(
    ("file", "why", "hint"),
    [
        (
            "not there/plan.json",
            "No such file or directory",
            "its folder is not there; make it: mkdir -p '{folder}'",
        ),
        ("file/plan.json", "Not a directory", "{folder} is not a folder; name another place"),
        ("link", "it is a symbolic link", "fix that, or name another place"),
    ],
    ids=["no folder", "a file", "a link"],
)
def test_a_plan_that_cannot_be_written_says_what_to_do(
    write: Callable[[Path], None], file: str, why: str, hint: str, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "link").symlink_to("link")
    path = tmp_path / file
    with pytest.raises(UsageError) as caught:
        write(path)
    assert f"{path} cannot be written: {why}" in caught.value.message
    assert caught.value.hint == hint.format(folder=path.parent)
