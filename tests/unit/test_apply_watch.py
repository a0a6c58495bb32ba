"""What a run sees of the values that the server stores, and how often it tries again."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest

from reconciler.bindings import Bindings
from reconciler.client.filters import Locks, RowLock
from reconciler.diagnostics import ApiError
from reconciler.execution import splitting
from reconciler.execution.splitting import Budget, is_about_rows, is_about_size
from reconciler.execution.watch import StoredOtherwise, Watch, differs, to_answer
from reconciler.values.column import JSON
from reconciler.values.sent import Row
from reconciler.values.stored import Form
from tests.builders import KINDS, change

LOWER = Form("lower")
HOOK = change("update webhooks.w")


def watching(**stored: Form) -> Watch:
    """Watch with the forms that are known, by column of ``webhooks``."""
    known = {f"webhooks.{name}": form for name, form in stored.items()}
    return Watch(Bindings(Path("bindings.yaml"), {}, known))


@pytest.mark.parametrize(
    ("known", "sent", "stored", "says", "learned"),
    [
        (None, "A", "A", None, None),
        (None, "A", "a", 'description is stored as "a", not "A", by the form lower', LOWER),
        (None, "A", "b", 'description is stored as "b", not "A", by no form that is known', None),
        (LOWER, "A", "a", None, LOWER),
        (LOWER, "a", "a", None, LOWER),  # it says nothing about the form
        (LOWER, "A", "A", None, None),  # the server takes values as they are, after all
        (LOWER, "A", "b", 'description is stored as "b", not "A", by no form that is known', LOWER),
        (LOWER, " a", "a", 'description is stored as "a", not " a", by no form that is known',
         LOWER),
        (None, "x", "y" * 58, f'description is stored as "{"y" * 58}", not "x", by no form that is'
         " known", None),
        (None, "x", "y" * 59, f'description is stored as "{"y" * 59}…, not "x", by no form that is'
         " known", None),
    ],
)  # fmt: skip
def test_a_value_that_is_stored_otherwise_is_said_and_its_form_learned(
    known: Form | None, sent: str, stored: str, says: str | None, learned: Form | None
) -> None:
    watch = watching(**({"description": known} if known else {}))
    row: Row = {"description": stored, "endpoint": "other"}
    assert watch.look(KINDS["webhooks"], HOOK, {"description": sent}, row) == says
    assert watch.bindings.stored == ({"webhooks.description": learned} if learned else {})
    form = None if known else learned
    place = "webhooks.description"
    assert watch.seen == (
        {(place, form): StoredOtherwise(place, form, "webhooks.w")} if says else {}
    )


def test_the_first_change_of_each_form_is_kept() -> None:
    watch = watching()
    for name in ("webhooks.a", "webhooks.b"):
        watch.look(KINDS["webhooks"], change(f"update {name}"), {"source": "A"}, {"source": "b"})
    assert [one.first for one in watch.seen.values()] == ["webhooks.a"]


def test_a_personal_value_is_not_said() -> None:
    jane = change("update contacts.jane")
    says = watching().look(KINDS["contacts"], jane, {"email": "A@x"}, {"email": "a@x"})
    assert says == "email is stored as another value than was sent, by the form lower"


@pytest.mark.parametrize(
    ("sent", "row", "other"),
    [
        ({"description": "a"}, {"description": "a"}, False),
        ({"description": "a"}, {"description": "b"}, True),
        ({"description": "a"}, {}, False),
        ({"strange": "a"}, {"strange": "b"}, False),
        ({"source": "a", "description": "a"}, {"source": "a", "description": "b"}, True),
    ],
)
def test_a_row_that_holds_another_value_differs(
    sent: Mapping[str, JSON], row: Row, other: bool
) -> None:
    assert differs(KINDS["webhooks"], sent, row) is other


ONE = RowLock((("id", "1"),), (("updated_at", "x"),))
WORD = RowLock((("id", "1"),), (("order", "x"),))
SHORT = len("/webhooks?id=eq.1&updated_at=eq.x&select=id,source")


@pytest.mark.parametrize(
    ("locks", "values", "bound", "answered"),
    [
        ((ONE,), {"source": "a"}, SHORT, ("id", "source")),
        ((ONE,), {"source": "a"}, SHORT - 1, ()),
        ((ONE,), {}, 8000, ()),
        ((ONE,), {"signing_secret": "a"}, 8000, ()),
        ((ONE, ONE), {"source": "a"}, 8000, ()),
        ((WORD,), {"source": "a"}, 8000, ()),
    ],
)
def test_a_row_is_answered_where_the_filter_still_fits_it(
    locks: Locks, values: Mapping[str, JSON], bound: int, answered: tuple[str, ...]
) -> None:
    assert to_answer(KINDS["webhooks"], locks, values, bound) == answered


# -- what is tried again --------------------------------------------------------------------------


def test_a_batch_is_split_and_tried_again_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    naps: list[tuple[int, float]] = []

    async def nap(tries: int, shortest: float) -> None:
        naps.append((tries, shortest))

    monkeypatch.setattr(splitting, "nap", nap)

    async def tries() -> list[bool]:
        budget = Budget()
        first = [await budget.another_try(), await budget.another_try_after_loss()]
        return first + [await budget.another_try() for _ in range(3)]

    assert asyncio.run(tries()) == [True, True, True, True, False]
    assert naps == [(2, 0.05), (3, 0.1), (4, 0.05), (5, 0.05)]
    budget = Budget()
    assert [budget.split() for _ in range(102)] == [True] * 100 + [False] * 2


@pytest.mark.parametrize(
    ("status", "code", "rows", "size"),
    [
        (400, None, False, True),
        (400, "PGRST100", False, False),
        (401, None, False, False),
        (409, "23505", True, False),
        (400, "22003", True, False),
        (400, "P0001", True, False),
        (500, "40001", False, False),
        (413, None, False, True),
        (414, None, False, True),
        (431, "x", False, True),
        (None, None, False, False),
    ],
)
def test_what_a_refusal_is_about(
    status: int | None, code: str | None, rows: bool, size: bool
) -> None:
    error = ApiError("no", method="POST", path="/x", status=status, code=code)
    assert (is_about_rows(error), is_about_size(error)) == (rows, size)
