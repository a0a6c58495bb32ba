"""Rows that a killed run made and did not live to bind: the next run knows them as its own."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.diagnostics import ReconcilerError
from reconciler.plan.change import Action, Change
from tests.builders import KINDS, change, foreign_id, row
from tests.executing import bindings_in, execute
from tests.unruly import GOOD, SILENT, UNREACHABLE, Step, Unruly, refuses

VILLA, HUT, JANE = foreign_id(7), foreign_id(8), foreign_id(21)


class Killed(BaseException):
    """The process is gone: nothing after this is written."""


DIES = Step(Killed())
DIES_BEFORE = Step(Killed(), done=False)


def product(name: str = "Villa") -> Change:
    key = name.lower()
    one = change(f"create products.{key}", name={"default": name}, rent_period="daily")
    return replace(one, id=None)


def killed(api: Unruly, folder: Path, *changes: Change, stack: str = "villa-7f3a") -> None:
    """Run until the process is gone; the bindings do not know what was made."""
    with pytest.raises(Killed):
        execute(api, folder, changes, stack=stack)
    (folder / "bindings.yaml").unlink(missing_ok=True)


def adopt(name: str, row_id: str, kind: str = "products") -> Change:
    """Adopt the row that was found."""
    there = row(kind, row_id)
    return replace(change(f"adopt {kind}.{name}", id=row_id, row=there), binding="adopted")


def origins(api: Unruly, folder: Path, *changes: Change) -> dict[str, str]:
    """Adopt, and tell whose the rows are."""
    done = execute(api, folder, changes)
    assert done.report.complete
    assert all(done.bound[one.change.name][0] == one.id for one in done.report.outcomes)
    return {name: origin for name, (_, origin) in done.bound.items()}


@pytest.mark.parametrize(
    "script",
    [
        pytest.param({"create products": [DIES]}, id="before the answer"),
        pytest.param({"look products": [GOOD, DIES]}, id="before it was bound"),
    ],
)
@pytest.mark.parametrize("block", ["villa", "renamed"])
def test_a_row_that_a_killed_run_made_is_owned(
    script: dict[str, list[Step]], block: str, tmp_path: Path
) -> None:
    api = Unruly(script)
    killed(api, tmp_path, product())
    [made] = api.rows["products"]
    assert origins(api, tmp_path, adopt(block, made)) == {f"products.{block}": "owned"}


def made_before(api: Unruly, folder: Path) -> None:
    """Die while a product is made beside one of that name, which another block has."""
    api.put("products", row("products", VILLA, name={"default": "Villa"}))
    bound = bindings_in(folder, products__old=(VILLA, "adopted"))
    with pytest.raises(Killed):
        execute(api, folder, [product()], bindings=bound)
    (folder / "bindings.yaml").unlink(missing_ok=True)


def nothing(api: Unruly, folder: Path) -> None:
    """Have a row that nobody of us made."""
    api.put("products", row("products", VILLA, name={"default": "Villa"}))


def other_name(api: Unruly, folder: Path) -> None:
    """Die while another product is made."""
    killed(api, folder, product("Hut"))
    nothing(api, folder)


def other_stack(api: Unruly, folder: Path) -> None:
    """Die in another stack."""
    killed(api, folder, product(), stack="other-1111")
    [made] = api.rows["products"]
    api.put("products", {**api.rows["products"].pop(made), "id": VILLA})


def ended_since(api: Unruly, folder: Path) -> None:
    """Die, and come to an end later: what was found then is bound or is not ours."""
    killed(api, folder, product())
    [made] = api.rows["products"]
    api.put("products", {**api.rows["products"].pop(made), "id": VILLA})
    execute(api, folder, [change("create contacts.a", first_name="a")])


def refused(api: Unruly, folder: Path) -> None:
    """Be refused, then die elsewhere."""
    with pytest.raises(Killed):
        execute(api, folder, [product()], [change("create contacts.a", first_name="a")])
    nothing(api, folder)


@pytest.mark.parametrize(
    ("before", "script"),
    [
        (nothing, {}),
        (made_before, {"create products": [DIES_BEFORE]}),
        (other_name, {"create products": [DIES]}),
        (other_stack, {"create products": [DIES]}),
        (ended_since, {"create products": [DIES]}),
        (refused, {"create products": [refuses("22003")],
                   "create contacts": [DIES]}),
    ],
)  # fmt: skip
def test_a_row_that_nothing_explains_is_adopted(
    before: Callable[[Unruly, Path], None], script: dict[str, list[Step]], tmp_path: Path
) -> None:
    api = Unruly(script)
    before(api, tmp_path)
    assert origins(api, tmp_path, adopt("villa", VILLA))["products.villa"] == "adopted"


def test_each_row_is_judged_on_its_own(tmp_path: Path) -> None:
    api = Unruly({"create products": [GOOD, DIES]})
    with pytest.raises(Killed):
        execute(api, tmp_path, [product("Hut")], [product()])
    (tmp_path / "bindings.yaml").unlink(missing_ok=True)
    by_name = {str(one["name"]): key for key, one in api.rows["products"].items()}
    hut, villa = by_name["{'default': 'Hut'}"], by_name["{'default': 'Villa'}"]
    api.put("products", row("products", HUT, name={"default": "Barn"}))
    api.put("contacts", row("contacts", JANE, first_name="Jane"))
    found = origins(
        api, tmp_path, adopt("hut", hut), adopt("villa", villa), adopt("barn", HUT),
        adopt("jane", JANE, "contacts"),
    )  # fmt: skip
    assert found == {
        "products.hut": "owned",
        "products.villa": "owned",
        "products.barn": "adopted",
        "contacts.jane": "adopted",
    }


def test_only_who_adopts_such_a_row_asks_for_it(tmp_path: Path) -> None:
    api = Unruly({"create products": [DIES]})
    killed(api, tmp_path, product())
    [made] = api.rows["products"]
    api.put("contacts", row("contacts", JANE, first_name="Jane"))
    api.put("members", {"id": foreign_id(9), "user_id": JANE})
    for one in (
        adopt("jane", JANE, "contacts"),  # an id that is computed is never in doubt
        adopt("jane", foreign_id(9), "members"),  # another kind
        replace(adopt("villa", made), action=Action.UPDATE),
    ):
        api.reads.clear()
        execute(api, tmp_path / one.kind, [one])
        assert api.reads == []
    api.reads.clear()
    origins(api, tmp_path, adopt("villa", made))
    assert api.reads == [("products", ("*",))]


def test_where_it_cannot_be_looked_at_nothing_is_done(tmp_path: Path) -> None:
    api = Unruly({"create products": [DIES], "look products": [GOOD, UNREACHABLE]})
    killed(api, tmp_path, product())
    [made] = api.rows["products"]
    with pytest.raises(ReconcilerError, match="no connection"):
        execute(api, tmp_path, [adopt("villa", made)])
    assert not (tmp_path / "bindings.yaml").exists()


def test_a_member_that_a_killed_run_invited_is_owned(tmp_path: Path) -> None:
    """The inputs of an invitation are no columns: the row is found by the user's address."""
    api = Unruly({"create members": [DIES]})
    profile = KINDS["user_profiles"].id_column
    api.put("user_profiles", {profile: JANE, "user_id": JANE, "email": "jane@example.net"})
    api.stores = lambda _: {"user_id": JANE}
    invited = replace(change("create members.jane"), id=None, inputs={"email": "Jane@example.net"})
    killed(api, tmp_path, invited)
    [made] = api.rows["members"]
    assert origins(api, tmp_path, adopt("jane", made, "members")) == {"members.jane": "owned"}


def test_a_row_that_the_server_did_not_name_is_known_by_what_was_sent(tmp_path: Path) -> None:
    api = Unruly({"create products": [SILENT], "look products": [GOOD, DIES]})
    killed(api, tmp_path, product())
    [made] = api.rows["products"]
    assert origins(api, tmp_path, adopt("villa", made)) == {"products.villa": "owned"}
