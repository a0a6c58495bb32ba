"""Rows whose ids the server chooses: made by an action of their own, and bound."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.plan.change import Change
from reconciler.values.column import JSON
from reconciler.values.sent import Pending, Sent
from tests.builders import KINDS, address, change, foreign_id, row
from tests.executing import bindings_in, execute, ids, made, only
from tests.unruly import GOOD, SILENT, UNREACHABLE, Step, Unruly, loses, refuses

VILLA: dict[str, JSON] = {"default": "Villa"}
FIRST: dict[str, Sent] = {"name": {"default": "Villa"}, "rent_period": "daily", "timezone": "UTC"}
JANE, JOHN = foreign_id(21), foreign_id(22)
CANNOT = "nobody could look whether another run made it too: no connection"
LOOK = "look whether the row exists, then apply again"


def product(key: str = "villa", /, **more: Sent) -> Change:
    """Make a product; the server chooses its id."""
    name: Sent = {"default": key.capitalize()}
    one = change(f"create products.{key}", name=name, rent_period="daily", timezone="UTC")
    more_columns = change("create products.x", **more).columns  # type: ignore[arg-type]
    return replace(one, id=None, columns={**one.columns, **more_columns})


def member(email: Sent = "jane@example.net") -> Change:
    """Invite somebody."""
    one = change("create members.jane")
    return replace(one, id=None, inputs={"email": email, "name": "Jane"})


# -- created, then changed ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "requests"),
    [
        ({}, ["create products"]),
        ({"cta": {"a": 1}, "cooldown_time": 4}, ["create products", "update products"]),
    ],
)
def test_a_product_is_made_with_few_columns_and_then_gets_the_rest(
    more: dict[str, Sent], requests: list[str], tmp_path: Path
) -> None:
    api = Unruly()
    one = product(**more)
    done = execute(api, tmp_path, [one])
    [row_id] = ids(api)
    assert only(done) == ("done", None, None)
    [outcome] = done.report.outcomes
    assert (outcome.change, outcome.id) == (one, row_id)
    assert [name for name, _ in api.sent] == requests
    assert api.sent[0][1] == [FIRST]
    assert [given for _, given in api.sent[1:]] == ([[row_id, more]] if more else [])
    assert {name: api.rows["products"][row_id][name] for name in (*FIRST, *more)} == {
        **FIRST,
        **more,
    }
    assert done.bound == {"products.villa": (row_id, "owned")}
    assert done.events == ["started products.villa", "done products.villa"]


def test_the_journal_says_of_both_steps_what_they_were(tmp_path: Path) -> None:
    api = Unruly()
    done = execute(api, tmp_path, [product(cooldown_time=4)])
    [row_id] = ids(api)
    first, second = done.journal.entries
    assert (first.action.value, first.id, first.before, dict(first.after)) == (
        "create", None, None, dict(FIRST))  # fmt: skip
    assert (first.stored or {})["id"] == row_id
    assert (second.action.value, second.id, dict(second.after)) == (
        "update", row_id, {"cooldown_time": 4})  # fmt: skip
    assert (second.before or {})["name"] == VILLA
    assert done.answers == ["done", "done"]
    assert (first.matching, second.matching) == (frozenset(), frozenset())


@pytest.mark.parametrize(
    ("script", "state", "says"),
    [
        ([refuses("22003")], "failed", "no [22003]"),
        ([Step(done=False)], "failed", "the server left the row as it was, and gave no reason"),
        ([Step(first=lambda api: api.put(
            "products", {**next(iter(api.rows["products"].values())), "cooldown_time": 9}))],
         "stale", "the row was changed since the plan"),
    ],
)  # fmt: skip
def test_a_product_that_does_not_get_the_rest_is_bound_all_the_same(
    script: list[Step], state: str, says: str, tmp_path: Path
) -> None:
    api = Unruly({"update products": script})
    one = product(cooldown_time=4)
    done = execute(api, tmp_path, [one])
    assert only(done)[:2] == (state, f"the row was created, but not all of it was set: {says}")
    [row_id] = ids(api)
    [outcome] = done.report.outcomes
    assert (outcome.change, outcome.id) == (one, row_id)
    assert done.bound == {"products.villa": (row_id, "owned")}


def test_what_the_server_stores_otherwise_is_said_of_both_steps(tmp_path: Path) -> None:
    def lower(row: Mapping[str, JSON]) -> Mapping[str, JSON]:
        return {n: v.lower() if isinstance(v, str) and n != "id" else v for n, v in row.items()}

    api = Unruly()
    api.stores = lower
    first = 'rent_period is stored as "daily", not "Daily", by the form lower'
    assert only(execute(api, tmp_path / "a", [product(rent_period="Daily")]))[:2] == ("done", first)
    both = f'{first}; currency is stored as "eur", not "EUR", by the form lower'
    api = Unruly()
    api.stores = lower
    assert only(execute(api, tmp_path / "b", [product(rent_period="Daily", currency="EUR")]))[
        :2
    ] == ("done", both)
    api = Unruly({"look products": [GOOD, UNREACHABLE]})
    api.stores = lower
    assert only(execute(api, tmp_path / "c", [product(rent_period="Daily")]))[:2] == (
        "done",
        f"{CANNOT}; {first}",
    )


@pytest.mark.parametrize(
    ("script", "end", "rows", "answers"),
    [
        pytest.param({"create products": [loses(done=True)]}, ("done", None, None), 1,
                     ["done"], id="lost, and done"),
        pytest.param({"create products": [loses(done=False)]}, ("failed", "no answer", LOOK), 0,
                     ["lost"], id="lost, and not done: it is never sent twice"),
        pytest.param({"create products": [SILENT]}, ("done", None, None), 1, ["done"],
                     id="the server does not say which"),
        pytest.param({"create products": [Step(done=False, shows=False)]},
                     ("failed", "the server did not say which row it created", LOOK), 0, ["done"],
                     id="nor is there one"),
        pytest.param({"create products": [refuses("22003")]}, ("failed", "no [22003]", "theirs"), 0,
                     ["refused"], id="refused"),
        pytest.param({"create products": [loses(done=True)], "look products": [GOOD, UNREACHABLE]},
                     ("failed", "no answer, and it cannot be looked at: no connection",
                      "plug it in"), 1, ["lost"], id="lost, and not read"),
        pytest.param({"create products": [SILENT], "look products": [GOOD, UNREACHABLE]},
                     ("failed", "the server did not say which row it created, and it cannot be"
                      " looked at: no connection", "plug it in"), 1, ["done"], id="silent"),
        pytest.param({"look products": [GOOD, UNREACHABLE]}, ("done", CANNOT, None), 1, ["done"],
                     id="nobody can look for another one"),
        pytest.param({"look products": [UNREACHABLE]}, ("failed", "no connection", "plug it in"), 0,
                     [], id="nobody can look whether it is there"),
    ],
)  # fmt: skip
def test_what_becomes_of_a_product(
    script: dict[str, list[Step]],
    end: tuple[str, str | None, str | None],
    rows: int,
    answers: list[str],
    tmp_path: Path,
) -> None:
    api = Unruly(script)
    done = execute(api, tmp_path, [product()])
    assert only(done) == end
    assert len(ids(api)) == rows
    assert done.answers == answers
    bound = {"products.villa": (ids(api)[0], "owned")} if end[0] == "done" else {}
    assert done.bound == bound
    assert len(api.sent) <= 1
    if bound:
        [entry] = done.journal.entries
        assert (entry.stored or {"id": None})["id"] == ids(api)[0]


def test_a_product_of_that_name_that_came_since_the_plan_is_not_made_again(tmp_path: Path) -> None:
    api = Unruly()
    made(8)(api)
    made(7)(api)
    done = execute(api, tmp_path, [product()])
    says = f"a row like it came since the plan: {foreign_id(7)}, {foreign_id(8)}"
    assert only(done)[:2] == ("stale", says)
    assert api.sent == []


def test_a_product_of_that_name_that_is_bound_is_another_one(tmp_path: Path) -> None:
    api = Unruly()
    made(7)(api)
    bindings = bindings_in(tmp_path, products__old=(foreign_id(7), "adopted"))
    done = execute(api, tmp_path, [product()], bindings=bindings)
    assert only(done) == ("done", None, None)
    [new] = set(ids(api)) - {foreign_id(7)}
    assert done.bound == {
        "products.old": (foreign_id(7), "adopted"),
        "products.villa": (new, "owned"),
    }
    [entry] = done.journal.entries
    assert entry.matching == {foreign_id(7)}
    # one that is bound does not hide one that is not
    made(8)(api)
    del api.rows["products"][new]
    again = execute(
        api,
        tmp_path,
        [product()],
        bindings=bindings_in(tmp_path, products__old=(foreign_id(7), "adopted")),
    )
    assert only(again)[:2] == ("stale", f"a row like it came since the plan: {foreign_id(8)}")


def test_a_product_that_is_only_marked_as_deleted_is_none(tmp_path: Path) -> None:
    api = Unruly()
    api.put(
        "products", row("products", foreign_id(7), name=VILLA, deleted_at="2026-01-01T00:00:00Z")
    )
    assert only(execute(api, tmp_path, [product()])) == ("done", None, None)


@pytest.mark.parametrize(
    ("step", "message", "hint", "ours"),
    [
        pytest.param(Step(first=made(7)),
                     "there are 2 rows of it now: {both}; this run made {ours}, another run"
                     " the rest",
                     "delete all but one in the Bookingmood app; to keep another than {ours},"
                     " `reconciler import` that one afterwards", True, id="this run knows its own"),
        pytest.param(Step(loses(done=True).error, first=made(7)),
                     "there are 2 rows of it now: {both}; this run made one of them, another run"
                     " the rest", "delete all but one in the Bookingmood app", False,
                     id="it does not"),
    ],
)  # fmt: skip
def test_a_product_that_was_made_twice_is_for_a_person_to_settle(
    step: Step, message: str, hint: str, ours: bool, tmp_path: Path
) -> None:
    api = Unruly({"create products": [step]})
    done = execute(api, tmp_path, [product()], [product("hut")])
    [mine] = [one for one in ids(api) if one != foreign_id(7)]
    words = {"both": ", ".join(ids(api)), "ours": mine}
    first, second = done.report.outcomes
    assert (first.state.value, first.message, first.hint) == (
        "failed", message.format(**words), hint.format(**words))  # fmt: skip
    assert first.id == (mine if ours else None)
    assert done.bound == ({"products.villa": (mine, "owned")} if ours else {})
    assert (second.state.value, second.message) == ("skipped", "products.villa was made twice")
    assert len(api.sent) == 1


def test_several_products_are_made_one_by_one(tmp_path: Path) -> None:
    api = Unruly()
    done = execute(api, tmp_path, [product(), product("hut")])
    assert [name for name, _ in api.sent] == ["create products"] * 2
    assert set(done.bound) == {"products.villa", "products.hut"}


def test_what_refers_to_a_product_gets_the_id_that_the_server_chose(tmp_path: Path) -> None:
    api = Unruly()
    one = change(
        "create external_calendars.a", product_id=Pending(address("products.villa")), name="a"
    )
    done = execute(api, tmp_path, [product()], [one])
    assert done.report.complete
    [product_id] = ids(api)
    [calendar] = api.rows["external_calendars"].values()
    assert calendar["product_id"] == product_id


def test_a_product_without_a_name_is_like_no_other(tmp_path: Path) -> None:
    api = Unruly()
    made(7)(api)
    done = execute(api, tmp_path, [product(name={"en": "Villa"})])
    assert only(done) == ("done", None, None)
    assert api.reads == []


def test_ids_that_are_known_only_now_stand_in_both_steps(tmp_path: Path) -> None:
    api = Unruly()
    jane = Pending(address("contacts.jane"))
    first = change("create contacts.jane", first_name="Jane")
    one = product(name={"default": jane}, services=[jane])
    assert execute(api, tmp_path, [first], [one]).report.complete
    [jane_id], [row_id] = ids(api, "contacts"), ids(api)
    assert api.sent[1][1] == [{**FIRST, "name": {"default": jane_id}}]
    assert api.sent[2][1] == [row_id, {"services": [jane_id]}]


# -- invited --------------------------------------------------------------------------------------


def user(api: Unruly, user_id: str, email: str | None) -> None:
    profile = KINDS["user_profiles"].id_column
    api.put("user_profiles", {profile: user_id, "user_id": user_id, "email": email})


def people(script: dict[str, list[Step]] | None = None) -> Unruly:
    """Have users, and a server that makes a member of whom it is told the e-mail address."""
    api = Unruly(script)
    user(api, JANE, "other@example.net")
    user(api, JOHN, "john@example.net")
    api.stores = lambda row: {"user_id": JANE, "role": "owner"}
    return api


def test_a_member_is_invited_with_the_inputs(tmp_path: Path) -> None:
    api = people()
    user(api, JANE, "jane@example.net")
    one = member()
    done = execute(api, tmp_path, [one])
    assert only(done) == ("done", None, None)
    assert api.sent == [("create members", [{"email": "jane@example.net", "name": "Jane"}])]
    assert done.bound == {"members.jane": (ids(api, "members")[0], "owned")}


def test_an_input_may_hold_an_id_that_is_known_only_now(tmp_path: Path) -> None:
    api = people()
    one = member(Pending(address("contacts.jane")))
    execute(api, tmp_path, [change("create contacts.jane", first_name="Jane")], [one])
    [contact] = ids(api, "contacts")
    assert api.sent[-1][1] == [{"email": contact, "name": "Jane"}]


@pytest.mark.parametrize(
    ("email", "profile", "stale"),
    [
        ("jane@example.net", "jane@example.net", True),
        ("Jane@Example.net ", "jane@example.net", True),  # as people write it
        ("jane@example.net", "other@example.net", False),
        ("jane@example.net", None, False),
    ],
)
def test_who_is_a_member_already_is_found_by_the_address_of_the_user(
    email: str, profile: str | None, stale: bool, tmp_path: Path
) -> None:
    api = people()
    user(api, JANE, profile)
    api.put(
        "members", {"id": foreign_id(7), "user_id": JANE}, {"id": foreign_id(8), "user_id": JOHN}
    )
    done = execute(api, tmp_path, [member(email)])
    if stale:
        assert only(done)[:2] == ("stale", f"a row like it came since the plan: {foreign_id(7)}")
    assert len(api.sent) == (0 if stale else 1)
    if profile is None:
        assert ("members", ("*",)) not in api.reads  # who is no user can be no member


@pytest.mark.parametrize(
    ("script", "state"),
    [([loses(done=True)], "done"), ([SILENT], "done"), ([loses(done=False)], "failed")],
)
def test_a_member_whose_answer_is_lost_is_looked_for(
    script: list[Step], state: str, tmp_path: Path
) -> None:
    api = people({"create members": script})
    user(api, JANE, "jane@example.net")
    done = execute(api, tmp_path, [member()])
    assert only(done)[0] == state
    assert len(done.bound) == (state == "done")
