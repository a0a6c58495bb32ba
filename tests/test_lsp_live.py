"""The live organization in an editor: only where the command that starts the server says so."""

from collections.abc import Callable
from pathlib import Path

import pytest

from .commandline import Workspace
from .front import Forward, Reply, Request, front
from .language_client import editor
from .organization import Organization

TEXT = """\
contacts:
  jane: {email: jane@example.com, first_name: Jane, notes: likes tea}
  joe: {email: joe@example.com, first_name: Joe}
services:
  tea: {label: {default: Tea}, order: 1, type: checkbox}
"""
DIFFERS = "differs-from-live"


@pytest.fixture
def villa(workspace: Workspace, organization: Organization) -> Path:
    """A folder that was applied; then somebody changed two rows."""
    path = workspace.write(TEXT)
    assert workspace.run("apply", "--auto-approve").code == 0
    jane = organization.one("contacts", "email=eq.jane@example.com")
    organization.change("contacts", jane["id"], first_name="Janet")
    organization.change("services", organization.one("services")["id"], order=7)
    return path


@pytest.mark.parametrize(
    ("options", "shown"), [((), "(personal)"), (("--show-personal-data",), "Janet")]
)
def test_what_differs_is_marked_and_told(
    villa: Path, workspace: Workspace, options: tuple[str, ...], shown: str
) -> None:
    arguments = ("--live", *options)
    with editor(villa.parent, arguments=arguments, environment=workspace.environment) as one:
        uri = one.open(villa)
        marks = one.marked(uri, DIFFERS)
        assert [mark["message"] for mark in marks] == [
            "differs from live: first_name",
            "differs from live: order",
        ]
        assert {mark["severity"] for mark in marks} == {3}
        jane, joe, tea = (
            one.at("textDocument/hover", uri, line, 3)["contents"]["value"] for line in (2, 3, 5)
        )
        assert f"| first_name | {shown} |" in jane.replace("\\", "")
        assert "as it is here" in joe
        assert "| order | 7 | 1 |" in tea
        assert "All else that is given here is live as it stands." in tea
        assert one.log == []
        assert one.leave() == 0


def test_without_the_option_nothing_is_asked(villa: Path, workspace: Workspace) -> None:
    asked: list[str] = []
    evil = {"live": True, "api_url": "set below", "show_personal_data": True}
    with front(_noting(asked)) as url:
        block = f"reconciler:\n  stack: {workspace.stack}\n  live: true\n  api_url: {url}\n"
        villa.write_text(villa.read_text().replace(villa.read_text().splitlines()[0] + "\n", block))
        environment = {**workspace.environment, "BOOKINGMOOD_API_URL": url}
        with editor(villa.parent, options={**evil, "api_url": url}, environment=environment) as one:
            uri = one.open(villa)
            one.diagnostics(uri)
            one.tell("textDocument/didSave", {"textDocument": {"uri": uri}})
            one.settled()
            assert one.leave() == 0
    assert asked == []


def test_the_folder_does_not_say_where_to_look(villa: Path, workspace: Workspace) -> None:
    asked: list[str] = []
    with front(_noting(asked)) as url:
        (villa.parent / ".env").write_text(f"BOOKINGMOOD_API_URL={url}\n")
        options = {"api_url": url, "live": {"api_url": url}}
        with editor(
            villa.parent, arguments=("--live",), options=options, environment=workspace.environment
        ) as one:
            one.marked(one.open(villa), DIFFERS)
            assert one.leave() == 0
    assert asked == []


def test_what_cannot_be_looked_at_is_one_line_without_values(villa: Path) -> None:
    environment = {"BOOKINGMOOD_API_URL": "http://127.0.0.1:9", "BOOKINGMOOD_API_KEY": "secret-key"}
    with editor(villa.parent, arguments=("--live",), environment=environment) as one:
        one.open(villa)
        one.until(lambda: bool(one.log))
        assert one.log == [
            "reconciler: the live organization cannot be looked at: `reconciler plan` tells why"
        ]


def _noting(asked: list[str]) -> Callable[[Request, Forward], Reply]:
    def note(request: Request, _: Forward) -> Reply:
        asked.append(request.target)
        return Reply(500)

    return note
