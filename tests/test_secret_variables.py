"""A variable of a secret column is in no output, wherever it comes from."""

from pathlib import Path

import orjson
import pytest

from tests.commandline import Workspace
from tests.front import Forward, Reply, Request, front
from tests.organization import Organization

SECRET = 'https://ical.example.test/s3cret"é".ics'
ROW = (
    "products:\n  barn: {name: {default: Barn}, timezone: Europe/Oslo, rent_period: daily}\n"
    "external_calendars:\n"
    "  feed: {product_id: barn, name: 'NAME', ical_url: '${FEED}', time_offset: 0}\n"
)
VIEWS = ("text", "json", "markdown", "html")


@pytest.fixture
def feed(workspace: Workspace) -> Workspace:
    workspace.environment["RECONCILER_VAR_FEED"] = SECRET
    return workspace


def test_a_secret_in_another_column_of_a_row_is_not_shown(feed: Workspace, tmp_path: Path) -> None:
    feed.write(ROW.replace("NAME", "see ${OTHER}"))
    feed.apply("--allow", "billing-create", "--var", f"OTHER={SECRET}")
    feed.write(ROW.replace("NAME", "Feed"))
    out = tmp_path / "plan.json"
    texts = [feed.run("plan", "--format", form, "--out", out).all for form in VIEWS]
    shown = orjson.loads(texts[1])["changes"][0]["columns"]
    assert shown == {"name": {"hidden": "secret"}}
    assert not [text for text in (*texts, out.read_text()) if "s3cret" in text]
    applied = feed.run("apply", "--plan", out)
    assert (applied.code, "s3cret" in applied.all) == (0, False)


def test_a_secret_that_the_server_quotes_is_not_shown(
    feed: Workspace, organization: Organization
) -> None:
    def quoting(request: Request, forward: Forward) -> Reply:
        if request.kind != "organizations":
            return forward(request)
        words = {"message": f"no {SECRET}", "details": SECRET, "hint": SECRET}
        return Reply(400, orjson.dumps(words))

    feed.write(ROW.replace("NAME", "Feed"))
    with front(quoting, organization.url) as url:
        for command, *options in (["plan"], ["apply", "--auto-approve"]):
            done = feed.run(command, *options, "--api-url", url)
            assert done.code == 1
            assert "no (secret)" in done.err
            assert "s3cret" not in done.all
