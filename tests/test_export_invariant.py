"""Export, then plan, is empty: for any rows that the server takes, in all kinds at once."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.builders import KINDS
from tests.commandline import Finished, run
from tests.organization import Organization
from tests.properties import examples
from tests.random_rows import fill, meddle
from tests.server import Server, environment_for

thorough = settings(
    max_examples=examples(4),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


# which rows there are after others came and went differs from run to run: nothing is replayed
once = settings(thorough, max_examples=examples(2), database=None, phases=[Phase.generate])
some_options = st.lists(
    st.sampled_from(["--single-file", "--omit-defaults", "--with-references"]), unique=True
)
some_kinds = st.lists(
    st.sampled_from([kind.name for kind in KINDS.values() if kind.in_yaml and kind.can_list]),
    max_size=4,
)


def export(organization: Organization, folder: Path, *options: str) -> Finished:
    environment = environment_for(organization)
    done = run("export", "--out", folder, *options, environment=environment)
    assert done.code == 0, done.all
    return done


def check_plan_is_empty(organization: Organization, folder: Path) -> None:
    before = organization.state()
    planned = run("plan", folder, "--detailed-exitcode", environment=environment_for(organization))
    assert planned.code == 0, planned.all
    assert organization.state() == before


def files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*.yaml")}


def check_nothing_is_new(organization: Organization, folder: Path, *options: str) -> None:
    written = files(folder)
    assert "Nothing changed live" in export(organization, folder, *options).out
    assert files(folder) == written


def check_it_is_formatted(folder: Path) -> None:
    written = files(folder)
    done = run("fmt", folder, environment={})
    assert done.code == 0, done.all
    assert files(folder) == written


@thorough
@given(data=st.data(), options=some_options, kinds=some_kinds)
def test_export_then_plan_is_empty(
    server: Server,
    data: st.DataObject,
    options: list[str],
    kinds: list[str],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    organization = server.organization(0)
    fill(organization, data.draw)
    folder = tmp_path_factory.mktemp("law") / "villa"
    options += [f"--kinds={name}" for name in kinds]
    export(organization, folder, *options)
    check_plan_is_empty(organization, folder)
    check_nothing_is_new(organization, folder, *options)
    check_it_is_formatted(folder)


@pytest.mark.parametrize("single_file", [[], ["--single-file"], []], ids=str)
@once
@given(data=st.data())
def test_export_again_then_plan_is_empty(
    server: Server,
    data: st.DataObject,
    single_file: list[str],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    organization = server.organization(0)
    fill(organization, data.draw)
    folder = tmp_path_factory.mktemp("law") / "villa"
    export(organization, folder, *single_file)
    meddle(organization, data.draw)
    fill(organization, data.draw, most=1)
    if "YAML cannot hold" in export(organization, folder, *single_file).err:
        return  # a value is left as it was, and that is said
    check_plan_is_empty(organization, folder)
    check_nothing_is_new(organization, folder, *single_file)
