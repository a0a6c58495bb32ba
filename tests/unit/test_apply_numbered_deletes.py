"""Rows that are deleted by an action which takes only an id: each is compared just before."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.builders import ORGANIZATION, change, foreign_id
from tests.executing import bindings_in, execute, ids, made, only
from tests.unruly import GOOD, UNREACHABLE, Step, Unruly, loses, refuses

JANE, JOHN = foreign_id(21), foreign_id(22)


STILL = "the row is still there after the delete"


def renamed(api: Unruly) -> None:
    made(5, "Hut")(api)


def gone(api: Unruly) -> None:
    api.rows["products"].clear()


@pytest.mark.parametrize(
    ("meanwhile", "script", "end", "requests"),
    [
        pytest.param(None, {}, ("done", None, None), 1, id="deleted"),
        pytest.param(gone, {}, ("done", "was so already", None), 0, id="gone before"),
        pytest.param(renamed, {}, ("stale", "the row was changed since the plan",
                                   "run plan again and look at it"), 0, id="changed"),
        pytest.param(None, {"delete products": [Step(done=False)]},
                     ("failed", STILL, "run apply again"), 1, id="the server leaves it"),
        pytest.param(None, {"delete products": [refuses("23503", 409)]},
                     ("failed", "no [23503]", "theirs"), 1, id="refused"),
        pytest.param(None, {"delete products": [Step(refuses("x").error, first=gone)]},
                     ("done", "was so already", None), 1, id="refused, as it is gone"),
        pytest.param(None, {"delete products": [loses(done=True)]}, ("done", None, None), 1,
                     id="lost, and done"),
        pytest.param(None, {"delete products": [loses(done=False)]},
                     ("failed", "no answer", "look"), 1, id="lost, and not done"),
        pytest.param(None, {"look products": [UNREACHABLE]},
                     ("failed", "no connection", "plug it in"), 0, id="it cannot be read before"),
        pytest.param(None, {"look products": [GOOD, UNREACHABLE]},
                     ("failed", "the delete was sent, and it cannot be looked at: no connection",
                      "plug it in"), 1, id="nor afterwards"),
        pytest.param(None, {"look products": [GOOD, UNREACHABLE],
                            "delete products": [loses(done=True)]},
                     ("failed", "no answer, and it cannot be looked at: no connection",
                      "plug it in"), 1, id="lost, and not read"),
    ],
)  # fmt: skip
def test_a_product_is_deleted_only_as_the_plan_saw_it(
    meanwhile: Callable[[Unruly], None] | None,
    script: dict[str, list[Step]],
    end: tuple[str, str | None, str | None],
    requests: int,
    tmp_path: Path,
) -> None:
    api = Unruly(script)
    made(5)(api)
    bound = (foreign_id(5), "owned")
    bindings = bindings_in(tmp_path, products__villa=bound, products__hut=(foreign_id(6), "owned"))
    one = change(
        "delete products.villa", id=foreign_id(5), row=dict(api.rows["products"][foreign_id(5)])
    )
    if meanwhile:
        meanwhile(api)
    done = execute(api, tmp_path, [one], bindings=bindings)
    assert only(done) == end
    assert api.sent == [("delete products", [foreign_id(5)])] * requests
    rest = {"products.hut": (foreign_id(6), "owned")}
    assert done.bound == (rest if end[0] == "done" else {"products.villa": bound, **rest})
    assert [(e.action.value, e.id, dict(e.after)) for e in done.journal.entries] == [
        ("delete", foreign_id(5), {})] * requests  # fmt: skip


def test_a_row_without_a_name_is_deleted_too(tmp_path: Path) -> None:
    api = Unruly()
    api.put("members", {"id": foreign_id(5), "user_id": JANE, "organization_id": ORGANIZATION})
    api.put("members", {"id": foreign_id(6), "user_id": JOHN})
    one = change("delete members", id=foreign_id(5), row=dict(api.rows["members"][foreign_id(5)]))
    done = execute(api, tmp_path, [one])
    assert only(done) == ("done", None, None)
    assert ids(api, "members") == [foreign_id(6)]
