"""How rows are created where the server refuses some, loses answers, or takes few at once."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from reconciler.plan.change import Change
from tests.builders import KINDS, ORGANIZATION, change, own_id, row
from tests.executing import bindings_in, execute, words
from tests.unruly import BAD, GOOD, SILENT, UNREACHABLE, Step, Unruly, loses, refuses

UNIQUE = "23505"


def creates(names: str) -> list[Change]:
    """Create contacts: ``a b`` with a first name, ``c!`` with one that is refused."""
    return [
        change(f"create contacts.{name[0]}", first_name=BAD if name.endswith("!") else name)
        for name in names.split()
    ]


def there(*names: str, first_name: str | None = None) -> Callable[[Unruly], None]:
    """Have somebody make the rows of contacts, as they are sent or with another name."""

    def make(api: Unruly) -> None:
        for name in names:
            values = row("contacts", own_id(f"contacts.{name}"), first_name=first_name or name)
            api.put("contacts", values)

    return make


def sizes(api: Unruly) -> list[int]:
    """Count the rows of each create."""
    return [len(rows) for _, rows in api.sent if isinstance(rows, list)]


def test_rows_are_sent_with_id_organization_and_values(tmp_path: Path) -> None:
    api = Unruly()
    done = execute(api, tmp_path, creates("a b"))
    bodies = [
        {"id": own_id(f"contacts.{key}"), "organization_id": ORGANIZATION, "first_name": key}
        for key in "ab"
    ]
    assert api.sent == [("create contacts", bodies)]
    assert words(done) == ["done a", "done b"]
    assert [one.id for one in done.report.outcomes] == [own_id("contacts.a"), own_id("contacts.b")]
    assert done.answers == ["done", "done"]
    assert [dict(entry.after) for entry in done.journal.entries] == bodies
    assert done.bound == {}  # their ids can be computed


def test_the_journal_remembers_what_the_server_made_of_a_row(tmp_path: Path) -> None:
    api = Unruly()
    done = execute(api, tmp_path, creates("a"))
    [entry] = done.journal.entries
    stored = api.rows["contacts"][own_id("contacts.a")]
    expected = {**stored, "fts": None}
    del expected["first_name"], expected["organization_id"]  # as they were sent: known already
    assert {**(entry.stored or {}), "fts": None} == expected


def test_a_value_that_is_stored_otherwise_is_remembered(tmp_path: Path) -> None:
    api = Unruly()
    api.stores = lambda row: {**row, "first_name": str(row["first_name"]).lower()}
    done = execute(api, tmp_path, [change("create contacts.a", first_name="Jane")])
    [entry] = done.journal.entries
    assert (entry.stored or {})["first_name"] == "jane"
    assert words(done) == [
        "done a first_name is stored as another value than was sent, by the form lower"
    ]
    [column] = done.report.stored
    assert (column.column, str(column.form), column.first) == (
        "contacts.first_name",
        "lower",
        "contacts.a",
    )


@pytest.mark.parametrize(
    ("names", "script", "ends", "sent"),
    [
        pytest.param("a b c d!", [], ["done a", "done b", "done c", "failed d … text [22000]"],
                     [4, 2, 2, 1, 1], id="a bad row is found by halving"),
        pytest.param("a!", [], ["failed a … text [22000]"], [1], id="a bad row alone"),
        pytest.param("a b", [refuses("42501", 403)], ["failed a no [42501]", "failed b no [42501]"],
                     [2], id="what is not about a row fails whole"),
        pytest.param("a b c", [refuses(None, 413), refuses(None, 413)],
                     ["failed a no", "done b", "done c"], [3, 1, 2], id="too large"),
        pytest.param("a b", [refuses("40001", 500)] * 2, ["done a", "done b"], [2, 2, 2],
                     id="rolled back"),
        pytest.param("a", [refuses("40001", 500)] * 9, ["failed a no [40001]"], [1] * 5,
                     id="rolled back again and again"),
        pytest.param("a b", [loses(done=True)], ["done a", "done b"], [2], id="lost, and done"),
        pytest.param("a b", [loses(done=False)], ["done a", "done b"], [2, 2],
                     id="lost, and not done"),
        pytest.param("a b", [loses(done=False)] * 9, ["failed a no answer", "failed b no answer"],
                     [2] * 5, id="lost again and again"),
        pytest.param("a b", [SILENT], ["done a", "done b"], [2], id="the server does not say"),
        pytest.param("a b", [refuses(None, 500)], ["done a", "done b"], [2, 2],
                     id="nobody knows, and not done"),
    ],
)  # fmt: skip
def test_what_becomes_of_rows(
    names: str, script: Sequence[Step], ends: list[str], sent: list[int], tmp_path: Path
) -> None:
    api = Unruly({"create contacts": script})
    done = execute(api, tmp_path, creates(names))
    assert [end.replace("a bad", "…") for end in words(done)] == ends
    assert sizes(api) == sent
    made = {one.change.id for one in done.report.outcomes if one.state.value == "done"}
    assert api.rows.get("contacts", {}).keys() == made
    assert done.report.wrote is bool(made or any("no answer" in end for end in ends))


@pytest.mark.parametrize(
    ("script", "answers"),
    [
        ([loses(done=False)], ["lost", "done"]),
        ([refuses("22003")], ["refused"]),
        ([refuses(None, 502)], ["lost", "done"]),
        ([SILENT], ["done"]),
    ],
)
def test_the_journal_says_how_each_request_ended(
    script: list[Step], answers: list[str], tmp_path: Path
) -> None:
    done = execute(Unruly({"create contacts": script}), tmp_path, creates("a"))
    assert done.answers == answers


@pytest.mark.parametrize(
    ("names", "others", "script", "ends", "sent"),
    [
        pytest.param("a", there("a"), [], ["done a was there already"], [1], id="as it was sent"),
        pytest.param("a b c", there("b"), [],
                     ["done b was there already", "done a", "done c"], [3, 2],
                     id="one of three is there already"),
        pytest.param("a", there("a", first_name="other"), [], ["failed a taken [23505]"], [1],
                     id="with other values"),
        pytest.param("a b", there("a", first_name="other"), [],
                     ["failed a taken [23505]", "done b"], [2, 1, 1],
                     id="one of two has other values"),
        pytest.param("a b", there("b"), [loses(done=False)],
                     ["done b", "done a"], [2, 1], id="it came before the lost answer"),
    ],
)  # fmt: skip
def test_an_id_that_is_taken_is_looked_at(
    names: str,
    others: Callable[[Unruly], None],
    script: list[Step],
    ends: list[str],
    sent: list[int],
    tmp_path: Path,
) -> None:
    api = Unruly({"create contacts": script})
    others(api)
    done = execute(api, tmp_path, creates(names))
    order = [end.replace(f" (Key (id)=({own_id('contacts.a')}) already exists.)", "")
             for end in words(done)]  # fmt: skip
    assert sorted(order) == sorted(ends)
    assert sizes(api) == sent


def test_where_no_id_was_taken_they_are_looked_at_once_only(tmp_path: Path) -> None:
    """Another unique value is taken: each half is sent without a look at its ids before."""
    taken = refuses(UNIQUE, 409, "taken")
    api = Unruly({"create contacts": [taken, taken, GOOD, GOOD, GOOD]})
    done = execute(api, tmp_path, creates("a b c d"))
    assert words(done) == ["done a", "done b", "done c", "done d"]
    assert sizes(api) == [4, 2, 1, 1, 2]
    assert [name for name, _ in api.reads] == ["contacts"]
    api = Unruly({"create contacts": [taken, GOOD, taken, GOOD, GOOD]})
    assert execute(api, tmp_path, creates("a b c d")).report.complete
    assert sizes(api) == [4, 2, 2, 1, 1]
    assert [name for name, _ in api.reads] == ["contacts"]
    alone = Unruly({"create contacts": [taken, taken]})
    done = execute(alone, tmp_path, creates("a b"))
    assert words(done) == ["failed a taken [23505]", "done b"]
    assert [name for name, _ in alone.reads] == ["contacts"] * 2  # a single row is looked at again


def test_what_can_neither_be_known_nor_read_is_said_to_be_unknown(tmp_path: Path) -> None:
    api = Unruly({"create contacts": [loses(done=True)], "look contacts": [UNREACHABLE]})
    done = execute(api, tmp_path, creates("a b"))
    unknown = "no answer, and it cannot be looked at: no connection"
    assert words(done) == [f"failed a {unknown}", f"failed b {unknown}"]
    assert {one.hint for one in done.report.outcomes} == {"plug it in"}
    api = Unruly({"create contacts": [loses(done=False)] * 9})
    assert {one.hint for one in execute(api, tmp_path, creates("a")).report.outcomes} == {"look"}


def test_what_was_done_before_stays_done_where_the_rest_is_unknown(tmp_path: Path) -> None:
    api = Unruly({"create contacts": [GOOD, loses(done=False)],
                  "look contacts": [GOOD, UNREACHABLE]})  # fmt: skip
    there("a")(api)
    done = execute(api, tmp_path, creates("a b"))
    assert words(done) == [
        "done a was there already",
        "failed b no answer, and it cannot be looked at: no connection",
    ]
    again = Unruly({"create contacts": [GOOD, *[loses(done=False)] * 9]})
    there("a")(again)
    assert words(execute(again, tmp_path, creates("a b"))) == [
        "done a was there already",
        "failed b no answer",
    ]


def test_the_search_for_bad_rows_ends_when_it_has_cost_enough(tmp_path: Path) -> None:
    many = [change(f"create contacts.k{n}", first_name=BAD) for n in range(120)]
    api = Unruly()
    done = execute(api, tmp_path, many)
    states = [one.state.value for one in done.report.outcomes]
    assert {"failed", "skipped"} == set(states)
    assert len(api.sent) == 201  # the first, and two for each of 100 splits
    assert any("of which at least one is bad" in end for end in done.ends)


def test_how_many_rows_the_server_takes_is_learned(tmp_path: Path) -> None:
    api = Unruly()
    api.most_rows = 3
    done = execute(api, tmp_path, creates("a b c d e f g"), creates("h i j k"))
    assert done.report.complete
    assert sizes(api) == [7, 3, 4, 2, 2, 2, 2]
    api = Unruly({"create contacts": [refuses(None, 413)] * 2})
    execute(api, tmp_path, creates("a"), creates("b c"))
    assert sizes(api) == [1, 2, 1, 1]


def test_a_run_that_is_stopped_sends_no_more(tmp_path: Path) -> None:
    api = Unruly({"create contacts": [refuses("22003")]})
    done = execute(api, tmp_path, creates("a b"), creates("c"), stop=lambda: len(api.sent) > 0)
    assert words(done) == [f"skipped {key} the run was stopped before" for key in "abc"]
    assert (done.report.stopped, done.report.wrote, done.report.in_vain) == (True, False, True)
    assert (done.journal.ended, done.journal.stopped) == (True, True)
    assert {one.hint for one in done.report.outcomes} == {"apply again to go on"}


def test_ids_that_the_server_chooses_are_kept(tmp_path: Path) -> None:
    api = Unruly()
    api.stores = lambda row: {name: value for name, value in row.items() if name != "id"}
    done = execute(api, tmp_path, creates("a b"), bindings=bindings_in(tmp_path))
    made = {one.change.name: (str(one.id), "owned") for one in done.report.outcomes}
    assert done.bound == made
    assert {row_id for row_id, _ in made.values()} == set(api.rows["contacts"])
    assert KINDS["contacts"].server_chooses_id is False
