"""What may be executed: only what was approved, and ``apply`` looks again before it sends."""

import asyncio
import copy
import pickle
from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import cast

import httpx
import pytest

from reconciler.bindings import Bindings
from reconciler.client.client import ApiClient
from reconciler.client.connection import Connection
from reconciler.diagnostics import ConsentError, Position, StaleError, UsageError
from reconciler.execution import Outcome, Report, apply
from reconciler.plan.change import Action, Change, Difference, Levels
from reconciler.plan.consents import MEANINGS
from reconciler.plan.document import document_of
from reconciler.plan.model import Plan
from reconciler.plan.shape import PlanDocument
from reconciler.plan.verdicts import Broken, Verdict
from reconciler.planning.approval import ApprovedPlan, approve
from reconciler.planning.planned import Planned
from reconciler.planning.staleness import stale_against
from reconciler.values.column import JSON
from reconciler.values.sent import Pending, Sent
from tests.builders import (
    KINDS,
    ORGANIZATION,
    STACK,
    address,
    change,
    foreign_id,
    own_id,
    remembered,
    row,
)

JANE = row("contacts", own_id("contacts.jane"), first_name="Jane")
HARMLESS = change("update contacts.jane", row=JANE, first_name="Joan")
TELLING = change("update contacts.jane", row=JANE, first_name="Joan", consents=["notifies"])
SWEEPING = change("delete contacts.jane", row=JANE, consents=["deletes"])
COSTLY = change("create products.villa", consents=["billing-create", "notifies"])
TAKING = replace(
    change("delete products", id=foreign_id(1), consents=["cascade"]),
    takes=frozenset({("bookings", foreign_id(2)), ("bookings", foreign_id(3))}),
)


def planned(
    folder: Path, *changes: Change, protect: Iterable[str] = (), stack: str = STACK
) -> Planned:
    levels = tuple((one,) for one in changes)
    plan = Plan(stack, ORGANIZATION, "sha256:0", levels, 0, protect=frozenset(protect))
    return Planned(plan, remembered(Bindings(folder / "bindings" / "x.yaml", {}), stack))


@pytest.mark.parametrize(
    ("changes", "given", "let_through"),
    [
        ([], [], []),
        ([HARMLESS], [], []),
        ([TELLING], [], ["notifies"]),  # told, and not asked for
        ([SWEEPING], ["deletes"], ["deletes"]),
        (
            [COSTLY, SWEEPING],
            ["billing-create", "deletes"],
            ["deletes", "billing-create", "notifies"],
        ),
        ([COSTLY, SWEEPING], ["billing-create,deletes"], ["deletes", "billing-create", "notifies"]),
        ([SWEEPING], "deletes", ["deletes"]),
        ([HARMLESS], ["deletes", "cascade"], []),
    ],
)
def test_what_is_approved_names_what_it_let_through(
    changes: list[Change], given: list[str], let_through: list[str], tmp_path: Path
) -> None:
    approved = approve(planned(tmp_path, *changes), KINDS, consents=given)
    assert [need.name for need in approved.let_through] == let_through


MEANING = {name: f"{name}: {MEANINGS[name]}" for name in MEANINGS}
KEEP = "keep the blocks, without $absent, or take them out of reconciler: protect:"
TAKEN = f"bookings[{foreign_id(2)}], bookings[{foreign_id(3)}]"


@pytest.mark.parametrize(
    ("changes", "given", "protect", "says", "hint"),
    [
        (
            [SWEEPING],
            [],
            [],
            f"the plan needs consent ({MEANING['deletes']}); nothing was changed",
            "add --allow deletes",
        ),
        (
            [COSTLY],
            ["deletes"],
            [],
            f"the plan needs consent ({MEANING['billing-create']}); nothing was changed",
            "add --allow billing-create",
        ),
        (
            [COSTLY, SWEEPING],
            [],
            [],
            "the plan needs consent"
            f" ({MEANING['deletes']}; {MEANING['billing-create']}); nothing was changed",
            "add --allow deletes,billing-create",
        ),
        (
            [SWEEPING],
            ["deletes"],
            ["contacts"],
            "protected, and never deleted: contacts.jane; nothing was changed",
            KEEP,
        ),
        (
            [SWEEPING, TAKING],
            ["deletes", "cascade"],
            ["contacts.jane"],
            "protected, and never deleted: contacts.jane,"
            f" products[{foreign_id(1)}] (with {TAKEN}); nothing was changed",
            KEEP,
        ),
    ],
)
def test_what_is_refused(
    changes: list[Change],
    given: list[str],
    protect: list[str],
    says: str,
    hint: str,
    tmp_path: Path,
) -> None:
    with pytest.raises(ConsentError) as error:
        approve(planned(tmp_path, *changes, protect=protect), KINDS, consents=given)
    assert (error.value.message, error.value.hint) == (says, hint)
    assert error.value.exit_code == 4


def test_a_consent_that_is_only_told_is_asked_for_where_the_caller_says_so(tmp_path: Path) -> None:
    plan = planned(tmp_path, TELLING)
    with pytest.raises(ConsentError, match="notifies"):
        approve(plan, KINDS, advisory=frozenset())
    approve(plan, KINDS, consents=["notifies"], advisory=frozenset()).check()


def test_what_was_approved_is_approved_again(tmp_path: Path) -> None:
    approved = approve(planned(tmp_path, SWEEPING, TELLING), KINDS, consents=["deletes"])
    approved.check()
    assert approved.consents == {"deletes"}


@pytest.mark.parametrize("given", [["everything"], "delete", ["deletes", "all"]])
def test_a_consent_that_is_none_is_refused(given: list[str], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no consent called"):
        approve(planned(tmp_path, HARMLESS), KINDS, consents=given)


def reviewed(folder: Path, *changes: Change, stack: str = STACK) -> PlanDocument:
    return document_of(planned(folder, *changes, stack=stack).plan, KINDS)


def test_a_reviewed_plan_must_be_what_would_be_done(tmp_path: Path) -> None:
    fresh = planned(tmp_path, HARMLESS)
    assert approve(fresh, KINDS, reviewed=reviewed(tmp_path, HARMLESS)).plan is fresh.plan
    for other in (reviewed(tmp_path), reviewed(tmp_path, HARMLESS, stack="other-1a2b")):
        with pytest.raises(StaleError) as error:
            approve(fresh, KINDS, reviewed=other)
        assert error.value.message == "the plan is not what would be done now; nothing was changed"
        assert error.value.hint == "plan again, and review that"
        assert error.value.reasons == stale_against(other, fresh.plan, KINDS) != ()


def test_a_reviewed_plan_of_another_organization_is_refused(tmp_path: Path) -> None:
    document = reviewed(tmp_path, HARMLESS)
    document["organization"] = foreign_id(3)
    with pytest.raises(UsageError, match="the plan is for organization") as error:
        approve(planned(tmp_path, HARMLESS), KINDS, reviewed=document)
    assert error.value.hint == "use the key of the organization that was planned for"


def test_nobody_else_makes_an_approved_plan(tmp_path: Path) -> None:
    for seal in (None, object()):
        with pytest.raises(TypeError, match=r"^an ApprovedPlan is made by approve\(\) alone$"):
            ApprovedPlan(
                planned(tmp_path, SWEEPING),
                frozenset({"deletes"}),
                frozenset(),
                (),
                seal,  # type: ignore[arg-type]
            )


# --- apply looks again ------------------------------------------------------------------------


class Nowhere(httpx.AsyncBaseTransport):
    """Fails the test when anything is sent."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        raise AssertionError(f"{request.method} was sent")


class Nobody:
    def started(self, change: Change) -> None: ...

    def settled(self, outcome: Outcome) -> None: ...


def execute(approved: ApprovedPlan, folder: Path) -> Report:
    async def run() -> Report:
        connection = Connection.checked("http://127.0.0.1:1", "key")
        async with ApiClient(connection, transport=Nowhere()) as client:
            return await apply(approved, client, KINDS, folder / "journal", listener=Nobody())

    return asyncio.run(run())


def test_apply_refuses_another_plan_than_the_approved_one(tmp_path: Path) -> None:
    approved = approve(planned(tmp_path, HARMLESS), KINDS)
    for other in (SWEEPING, HARMLESS):
        smuggled = replace(approved, planned=planned(tmp_path, other))
        with pytest.raises(UsageError) as error:
            execute(smuggled, tmp_path)
        assert error.value.message == (
            "this is not the plan that was approved; nothing was changed"
        )
        assert error.value.hint == "approve the plan that is to be executed"
    assert not (tmp_path / "journal").exists()


def test_apply_asks_for_the_consents_again(tmp_path: Path) -> None:
    approved = approve(planned(tmp_path, SWEEPING), KINDS, consents=["deletes"])
    with pytest.raises(ConsentError, match="needs consent"):
        execute(replace(approved, consents=frozenset()), tmp_path)
    assert not (tmp_path / "journal").exists()


def test_apply_looks_at_what_is_protected_again(tmp_path: Path) -> None:
    approved = approve(planned(tmp_path, SWEEPING), KINDS, consents=["deletes"])
    changed = replace(approved.plan, protect=frozenset({"contacts"}))
    with pytest.raises(UsageError, match="not the plan that was approved"):
        execute(replace(approved, planned=replace(approved.planned, plan=changed)), tmp_path)


def test_bindings_that_cannot_be_written_end_it_before_anything_is_sent(tmp_path: Path) -> None:
    (tmp_path / "bindings").write_text("a file where a folder must be")
    binding = replace(HARMLESS, binding="adopted")
    with pytest.raises(UsageError, match="bindings"):
        execute(approve(planned(tmp_path, binding), KINDS), tmp_path)
    assert not (tmp_path / "journal").exists()


def test_an_empty_plan_sends_nothing(tmp_path: Path) -> None:
    report = execute(approve(planned(tmp_path), KINDS), tmp_path)
    assert report.complete
    assert report.outcomes == ()


# --- what was approved is executed once, as it was ---------------------------------------------


def _other_value(approved: ApprovedPlan) -> ApprovedPlan:
    columns = cast("dict[str, Difference]", approved.plan.changes[0].columns)
    columns["first_name"] = Difference("Jane", "Smuggled")
    return approved


def _one_more_column(approved: ApprovedPlan) -> ApprovedPlan:
    cast("dict[str, Difference]", approved.plan.changes[0].columns)["x"] = Difference(None, 1)
    return approved


def _other_lock(approved: ApprovedPlan) -> ApprovedPlan:
    cast("dict[str, JSON]", approved.plan.changes[0].row)["updated_at"] = "2030-01-01T00:00:00Z"
    return approved


def _other_bindings(approved: ApprovedPlan) -> ApprovedPlan:
    elsewhere = replace(
        approved.planned, remembered=remembered(Bindings(Path("elsewhere.yaml"), {}))
    )
    return replace(approved, planned=elsewhere)


@pytest.mark.parametrize(
    "change_it", [_other_value, _one_more_column, _other_lock, _other_bindings]
)
def test_apply_refuses_a_plan_that_was_changed_after_it_was_approved(
    change_it: Callable[[ApprovedPlan], ApprovedPlan], tmp_path: Path
) -> None:
    mine = replace(HARMLESS, columns=dict(HARMLESS.columns), row=dict(JANE))
    approved = approve(planned(tmp_path, mine), KINDS)
    approved.check()
    with pytest.raises(UsageError, match="this is not the plan that was approved"):
        execute(change_it(approved), tmp_path)
    assert not (tmp_path / "journal").exists()


def test_an_approved_plan_is_good_for_one_run(tmp_path: Path) -> None:
    approved = approve(planned(tmp_path), KINDS)
    shallow = copy.copy(approved)
    assert execute(approved, tmp_path).complete
    for again in (approved, shallow):
        with pytest.raises(UsageError, match="executed already") as error:
            execute(again, tmp_path)
        assert error.value.hint == "plan again, and approve that"


def test_a_run_that_could_not_begin_leaves_the_approval(tmp_path: Path) -> None:
    (tmp_path / "journal").write_text("a file where a folder must be")
    approved = approve(planned(tmp_path), KINDS)
    with pytest.raises(UsageError, match="journal"):
        execute(approved, tmp_path)
    (tmp_path / "journal").unlink()
    assert execute(approved, tmp_path).complete


@pytest.mark.parametrize("double", [copy.deepcopy, pickle.dumps])
def test_an_approval_cannot_be_doubled(
    double: Callable[[ApprovedPlan], object], tmp_path: Path
) -> None:
    with pytest.raises(TypeError, match="good for one run"):
        double(approve(planned(tmp_path, HARMLESS), KINDS))


def test_what_a_program_prints_holds_no_value(tmp_path: Path) -> None:
    approved = approve(
        planned(tmp_path, change("update contacts.jane", row=JANE, first_name="Joan")), KINDS
    )
    assert "first_name" in repr(approved)
    assert "Joan" not in repr(approved)
    assert "Jane" not in repr(approved)


def _deep_inside(approved: ApprovedPlan) -> None:
    names = cast("dict[str, JSON]", approved.plan.changes[0].columns["name"].after)
    names["nl"] = "Gesmokkeld"


def _another_input(approved: ApprovedPlan) -> None:
    cast("dict[str, JSON]", approved.plan.changes[0].inputs)["email"] = "smuggled@example.com"


def _another_type(approved: ApprovedPlan) -> None:
    cast("dict[str, JSON]", approved.plan.changes[0].row)["name"] = True


def _another_change(approved: ApprovedPlan) -> None:
    cast("list[Change]", approved.plan.levels[0])[0] = SWEEPING


@pytest.mark.parametrize(
    "change_it", [_deep_inside, _another_input, _another_type, _another_change]
)
@pytest.mark.parametrize("width", [Decimal("1.50"), 2**70])
def test_what_can_be_altered_in_a_plan_is_looked_at_all_the_way_down(
    change_it: Callable[[ApprovedPlan], None], width: Sent, tmp_path: Path
) -> None:
    odd: dict[str, Sent] = {"default": "Villa", "width": width}
    mine = Change(
        "products", Action.UPDATE, address("products.villa"), own_id("products.villa"),
        columns={"name": Difference(1, odd)}, inputs={"user": Pending(address("contacts.jane"))},
        row={"name": 1}, consents=("deletes",),
    )  # fmt: skip
    plan = Plan(STACK, ORGANIZATION, "sha256:0", cast("Levels", ([mine],)), 0)
    planned = Planned(plan, remembered(Bindings(tmp_path / "x.yaml", {})))
    approved = approve(planned, KINDS, consents="deletes")
    approved.check()
    change_it(approved)
    with pytest.raises(UsageError, match="this is not the plan that was approved"):
        approved.check()


RULE = Verdict("rule", "no", "error", "change", Position("rule.yaml", 1, 1), 1)
BROKEN = replace(RULE, total=2, broken=(Broken("contacts.jane"), Broken("contacts.joe", why="?")))
SAYS = "policy rule: no: contacts.jane, contacts.joe (?); nothing was changed"
STAYS = "change what breaks it; nothing lets these policies pass"


@pytest.mark.parametrize(
    ("verdict", "given", "says", "hint"),
    [
        (RULE, [], None, None),
        (RULE, ["policy:rule"], None, None),
        (replace(BROKEN, severity="warning"), [], None, None),
        (BROKEN, [], SAYS, STAYS),
        (BROKEN, ["policy:rule"], SAYS, STAYS),
        (replace(BROKEN, may_allow=True), ["policy:rule"], None, None),
        (
            replace(BROKEN, may_allow=True),
            [],
            SAYS,
            "change what breaks it, or add --allow policy:rule",
        ),
        (RULE, ["policy:other"], "there is no policy called other", "there are policy:rule"),
    ],
)
def test_broken_policies_are_refused(
    verdict: Verdict, given: list[str], says: str | None, hint: str | None, tmp_path: Path
) -> None:
    plan = planned(tmp_path, HARMLESS)
    judged = replace(plan, plan=replace(plan.plan, verdicts=(verdict,)))
    if says is None:
        approve(judged, KINDS, consents=given).check()
        return
    with pytest.raises((ConsentError, UsageError)) as caught:
        approve(judged, KINDS, consents=given)
    assert (caught.value.message, caught.value.hint) == (says, hint)
    assert document_of(judged.plan, KINDS)["digest"] == document_of(plan.plan, KINDS)["digest"]


@pytest.mark.parametrize(
    ("stack", "organization"), [("other-1a2b", ORGANIZATION), (STACK, foreign_id(9))]
)
def test_a_plan_goes_with_what_is_remembered_of_its_own(
    stack: str, organization: str, tmp_path: Path
) -> None:
    found = planned(tmp_path, HARMLESS)
    with pytest.raises(ValueError, match="another organization or stack"):
        replace(found, plan=replace(found.plan, stack=stack, organization=organization))
