"""Rehearsals and migrations to show: some go well, and in others all that can go wrong does."""

from dataclasses import replace

from reconciler.execution import Outcome, Report
from reconciler.execution.outcome import done, failed, skipped, stale
from reconciler.plan.change import Change
from reconciler.plan.model import Plan
from reconciler.plan.shape import PlanDocument
from reconciler.rehearsal.result import Rehearsed
from reconciler.values.column import JSON
from tests.builders import ORGANIZATION, STACK, change, foreign_id
from tests.render_cases import CONFIGURATION, NASTY, everything


def _changes(text: str) -> tuple[Change, ...]:
    taxes = (
        change(f"create taxes.t{n}", percentage=n, label={"default": f"Tax {n}"}) for n in range(12)
    )
    return (
        change("create contacts.jane", email="jane@example.com"),
        *taxes,
        change("update products.villa", before={"cooldown_time": 1}, cooldown_time=2),
        change("update seasons.summer", before={"name": "S"}, name=text),
        change("create bookings.stay", reference="BM-1", currency="EUR"),
    )


def _plan(changes: tuple[Change, ...]) -> Plan:
    return Plan(
        stack=STACK, organization=ORGANIZATION, configuration=CONFIGURATION, levels=(changes,),
        unchanged=300,
    )  # fmt: skip


def rehearsed() -> Rehearsed:
    """A rehearsal that went well."""
    changes = _changes(NASTY)
    report = Report(tuple(map(done, changes)), stopped=False)
    return Rehearsed(_plan(changes), 412, report, again=_plan(()))


def failing(text: str = NASTY) -> Rehearsed:
    """A rehearsal in which changes fail, most of them alike; ``text`` is a value in it."""
    changes = _changes(text)
    return Rehearsed(_plan(changes), 412, Report(tuple(map(_outcome, changes)), stopped=False))


def refused() -> Rehearsed:
    """A rehearsal that apply would refuse."""
    reason = f"contacts.jane is protected; {NASTY}"
    return Rehearsed(_plan(_changes(NASTY)), 412, refused=reason)


def restless() -> Rehearsed:
    """A rehearsal after which a second plan is not empty."""
    return replace(rehearsed(), again=_plan(_changes(NASTY)[13:14]))


def _outcome(one: Change) -> Outcome:
    if one.kind == "taxes":
        return failed(one, f"{one.name}: 23505: the value is there already", "choose another one")
    if one.kind == "products":
        return stale(one, "the row is no longer what the plan saw")
    if one.kind == "bookings":
        return skipped(one, "taxes.t1 was not done")
    return done(one)


def migrated() -> dict[str, JSON]:
    """The report of a migration that is verified."""
    return {
        "from": "source", "to": ORGANIZATION, "verified": True,
        "kinds": {"contacts": {"created": 1200, "adopted": 3}, "products": {"created": 12}},
        "compared": {"contacts": 1203, "products": 12},
        "rows": {
            "contacts": _counted(1203), "products": _counted(12), "taxes": _counted(0),
        },
        "skipped": [{"address": "members.ola", "reason": "people are invited, not moved"}],
        "cleared": [{"address": "tasks.clean", "column": "user_id", "referred_to": "members.ola"}],
        "not_comparable": [], "decisions": [], "not_moved": {"payouts": "the API makes none"},
        "not_read": {}, "odd_in_source": [], "secrets_not_moved": ["webhooks.secret"], "errors": [],
        "missing": [], "differing": [], "conflicts": [], "ids_left": [],
        "repaired": [{"address": "contacts.jane", "column": "city"}],
    }  # fmt: skip


def undecided(text: str = NASTY) -> dict[str, JSON]:
    """The report of a migration that found all that can be wrong; ``text`` is a reason."""
    return {
        **migrated(), "verified": False,
        "decisions": [
            {"address": "products.villa", "reason": "two rows there could be it",
             "source_id": foreign_id(1), "target_ids": [foreign_id(2), foreign_id(3)]},
            {"address": "coupons.late", "reason": "it was deleted there",
             "source_id": foreign_id(4), "target_ids": [foreign_id(5)]},
            {"address": "taxes.gone", "reason": text, "source_id": None, "target_ids": []},
        ],
        "not_comparable": [{"address": "services.odd", "reason": "fee is no number"}],
        "not_read": {"reviews": "the key may not"}, "odd_in_source": ["contacts[1]: no text"],
        "errors": [{"reason": "failed: 23505", "count": 200}],
        "missing": ["taxes.vat", "taxes.low"],
        "differing": [{"address": f"contacts.c{n}", "column": "notes"} for n in range(150)],
        "conflicts": [{"address": "contacts.jane", "column": "city"},
                      {"address": "contacts.john", "column": None}],
        "ids_left": [{"address": "sites.main", "column": "html"}],
    }  # fmt: skip


def prospect() -> tuple[dict[str, JSON], PlanDocument]:
    """What is known before a migration: what would be moved, and what not."""
    report = undecided()
    known = {name: report[name] for name in ("skipped", "not_comparable", "decisions", "cleared")}
    return known, everything()


def _counted(number: int) -> JSON:
    return {
        "expected": number, "compared": number, "missing": 0, "differing": 0, "left_out": {},
    }  # fmt: skip
