"""What an editor is told of problems, over the protocol."""

import shutil
from pathlib import Path

import pytest

from .framing import Message
from .language_client import editor
from .sandbox_server import ROOT
from .test_lsp_sync import BLOCK, write

LINKS = ROOT / "examples" / "links"


@pytest.fixture
def links(tmp_path: Path) -> Path:
    """A copy of an example: one file, right as it is."""
    folder = tmp_path / "links"
    shutil.copytree(LINKS, folder)
    return folder / "bookingmood.yaml"


def test_a_problem_is_marked_where_it_is(links: Path) -> None:
    written = links.read_text("utf-8")
    with editor(links.parent) as one:
        uri = one.open(links)
        assert one.diagnostics(uri) == []
        one.change(uri, {"text": written.replace("booking_id: summer-stay", "booking_id: sumer")})
        first, *_ = one.diagnostics(uri)
        line = written.splitlines()[first["range"]["start"]["line"]]
        start = line.index("summer-stay")
        assert first["range"]["start"]["character"] == start
        assert first["range"]["end"]["character"] == start + len("sumer")
        assert first["code"] == "unknown-reference"
        assert first["codeDescription"]["href"].endswith("errors.md#unknown-reference")
        assert first["source"] == "reconciler"
        one.change(uri, {"text": written})
        assert one.diagnostics(uri) == []
        assert one.log == []
        assert one.leave() == 0


def _related(mark: Message) -> list[tuple[str, int]]:
    places = (one["location"] for one in mark.get("relatedInformation", ()))
    return [(one["uri"].rpartition("/")[2], one["range"]["start"]["line"]) for one in places]


RELATED: dict[str, tuple[dict[str, str], str, list[tuple[str, int]]]] = {
    "the other end of a duplicate": (
        {"a.yaml": BLOCK + "contacts: {jane: {}}\n", "b.yaml": "\ncontacts:\n  jane: {}\n"},
        "duplicate-address",
        [("a.yaml", 1)],
    ),
    "the first of two keys": (
        {"a.yaml": BLOCK, "b.yaml": "contacts:\n  jane: {}\n  jane: {}\n"},
        "duplicate-key",
        [("b.yaml", 1)],
    ),
    "who has the same address": (
        {
            "a.yaml": BLOCK + "contacts: {jane: {email: j@example.com}}\n",
            "b.yaml": "contacts: {john: {email: j@example.com}}\n",
        },
        "same-natural-key",
        [("a.yaml", 1)],
    ),
    "the template that made it": (
        {
            "a.yaml": BLOCK + "templates:\n  g:\n    contacts:\n      ${key}: {zip: [a]}\n",
            "b.yaml": "g:\n  jane: {}\n",
        },
        "wrong-type",
        [("a.yaml", 4)],
    ),
}


@pytest.mark.parametrize("name", RELATED)
def test_what_belongs_to_a_problem_is_told(name: str, tmp_path: Path) -> None:
    files, code, related = RELATED[name]
    folder = write(tmp_path / "a", files)
    with editor(folder) as one:
        (mark,) = one.diagnostics(one.open(folder / "b.yaml"))
        assert mark["code"] == code
        assert _related(mark) == related


def test_overlays_and_variables_are_looked_at(tmp_path: Path) -> None:
    block = "reconciler:\n  stack: lsp-over-7f3a\n  editor:\n    overlays: [../over.yaml]\n"
    block += "    var_files: [../values.env, ../gone.env]\n"
    files = {
        "villa/a.yaml": block + "contacts: {jane: {country_code: '${LAND}'}}\n",
        "over.yaml": "contacts: {jane: {zip: [a]}}\n",
        "values.env": "LAND=XX\nno line\n",
    }
    folder = write(tmp_path / "a", files)
    with editor(folder) as one:
        marks = one.settled()
        told = {uri.rpartition("/")[2]: [m["code"] for m in some] for uri, some in marks.items()}
        assert told == {
            "a.yaml": ["bad-variable"],
            "over.yaml": ["wrong-type"],
            "values.env": ["bad-variable"],
        }
        variables = one.open(folder / "values.env")
        one.change(variables, {"text": "LAND=XX\n"})
        told = {
            uri.rpartition("/")[2]: [m["code"] for m in some] for uri, some in one.settled().items()
        }
        assert told == {"a.yaml": ["invalid-value", "bad-variable"], "over.yaml": ["wrong-type"]}


def test_policies_are_judged_beside(tmp_path: Path) -> None:
    policy = "name: no-jane\nmessage: Jane is not wanted.\nabout: resource\n"
    policy += "expression: kind != 'contacts' || key != 'jane'\n"
    files = {"a.yaml": BLOCK + "contacts: {jane: {}}\n", "policies/jane.yaml": policy}
    folder = write(tmp_path / "a", files)
    with editor(folder) as one:
        uri = one.open(folder / "a.yaml")
        one.until(lambda: one.marks.get(uri))
        assert [mark["code"] for mark in one.marks[uri]] == ["policy-broken"]
        one.change(uri, {"text": BLOCK + "contacts: {john: {}}\n"})
        assert one.diagnostics(uri) == []


def test_policies_count_as_they_are_typed(tmp_path: Path) -> None:
    policy = "name: nobody\nmessage: Nobody is wanted.\nabout: resource\nexpression: {}\n"
    files = {"a.yaml": BLOCK + "contacts: {jane: {}}\n", "policies/p.yaml": policy.format("true")}
    folder = write(tmp_path / "a", files)
    with editor(folder) as one:
        uri = one.open(folder / "a.yaml")
        rule = one.open(folder / "policies/p.yaml", policy.format("kind != 'contacts'"))
        one.until(lambda: one.marks.get(uri))
        assert [mark["code"] for mark in one.marks[uri]] == ["policy-broken"]
        one.change(rule, {"text": policy.format("kind != ")})
        one.until(lambda: one.marks.get(rule))
        assert [mark["code"] for mark in one.marks[rule]] == ["bad-expression"]
        one.close(rule)
        one.until(lambda: not one.marks.get(rule) and not one.marks.get(uri))
