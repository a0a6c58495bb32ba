"""Export, then plan, is empty: for any rows that the server takes, in all kinds at once."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.commandline import run
from tests.conftest import Server, environment_for
from tests.random_rows import fill

thorough = settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@thorough
@given(data=st.data())
def test_export_then_plan_is_empty(
    server: Server, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    organization = server.organization(0)
    fill(organization, data.draw)
    folder = tmp_path_factory.mktemp("law") / "villa"
    environment = environment_for(organization)
    before = organization.state()
    done = run("export", "--out", folder, environment=environment)
    assert done.code == 0, done.all
    planned = run("plan", folder, "--detailed-exitcode", environment=environment)
    assert planned.code == 0, planned.all
    assert organization.state() == before
