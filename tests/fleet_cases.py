"""How a fleet ended, made up: most organizations alike, a few otherwise, some wrong."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from reconciler.fleet.results import Failure, FleetReport, Result, State
from reconciler.plan.change import Change
from reconciler.plan.shape import PlanDocument
from tests.builders import ORGANIZATION, change, foreign_id
from tests.render_cases import AFTER_TEXT, BEFORE_TEXT, NASTY, at, document, everything

DIGEST = "sha256:" + "d" * 64
NO_ANSWER = "the server did not answer"


@dataclass(frozen=True)
class Report(FleetReport):
    """How all ended, with their plans."""

    plans: Mapping[str, PlanDocument] = field(default_factory=dict)

    def plan_of(self, name: str) -> PlanDocument | None:
        """Give the plan of an organization."""
        return self.plans.get(name)


def reported(results: Sequence[Result], plans: Mapping[str, PlanDocument]) -> Report:
    """Build the report of a plan."""
    return Report(tuple(results), "plan", plans=plans)


def ended(
    name: str,
    state: State = "unchanged",
    code: int = 0,
    wave: str = "rest",
    counts: Mapping[str, int] | None = None,
    message: str = "",
    hint: str | None = None,
    notes: tuple[str, ...] = (),
) -> Result:
    """Say how one organization ended."""
    error: Failure | None = {"message": message, "hint": hint, "code": code} if message else None
    return Result(name, ORGANIZATION, code, state, wave, counts=counts or {}, error=error,
                  notes=notes)  # fmt: skip


def report(
    changes: Mapping[str, Sequence[Change]], others: Sequence[Result] = (), **more: PlanDocument
) -> Report:
    """Build a report of organizations by their changes, and of some that ended otherwise."""
    plans = {name: document(some, unchanged=300) for name, some in changes.items()} | more
    made = [
        ended(name, "pending" if plan["changes"] else "unchanged", counts=counts(plan))
        for name, plan in plans.items()
    ]
    return reported([*made, *others], plans)


def counts(plan: PlanDocument) -> Mapping[str, int]:
    """Count the changes of a plan by action."""
    return Counter(one["action"] for one in plan["changes"])


def same(number: int) -> list[Change]:
    """Two updates that many organizations have, on rows whose ids differ."""
    renamed = change(
        "update products.villa",
        id=foreign_id(number),
        before={"name": {"default": "Villa"}, "description": {"default": BEFORE_TEXT}},
        name={"default": "Villa Marina"},
        description={"default": AFTER_TEXT},
    )
    guest = change(
        "update contacts.owner",
        id=foreign_id(number + 5000),
        before={"email": f"owner-{number}@example.com"},
        email=f"new-{number}@example.com",
    )
    return [at(renamed, "products.yaml", 12), at(guest, f"orgs/m{number}/contacts.yaml", 3)]


def more(number: int) -> list[Change]:
    """A create and two deletes of rows whose names are gone."""
    return [
        at(change("create taxes.city", percentage=4.5), "taxes.yaml", 8),
        *(
            change("delete coupons", id=foreign_id(n), row={"code": f"OLD{n % 2}"},
                   consents=["deletes"])
            for n in (number, number + 1)
        ),
    ]  # fmt: skip


def fleet(number: int = 200, note: str = NASTY) -> Report:
    """Most unchanged, 37 with the same updates, one with more, one with all, 10 wrong."""
    names = list(_names(number))
    changes: dict[str, Sequence[Change]] = {name: [] for name in names[50:]}
    changes |= {name: same(at) for at, name in enumerate(names[:37])}
    changes["bergen"] = [*same(99), *more(99)]
    wrong = [
        ended(f"silent-{n}", "not started", 6, "canary", message=NO_ANSWER, hint="try again")
        for n in range(5)
    ]  # fmt: skip
    wrong += [
        ended(f"locked-{n}", "failed", 1, "canary", message="the key is not valid", notes=(note,))
        for n in range(5)
    ]  # fmt: skip
    found = report(changes, wrong, casa=everything())
    in_order = sorted(found.results, key=lambda one: (one.wave != "canary", one.name))
    return reported(in_order, found.plans)


def different(number: int) -> Report:
    """Organizations of which each has other changes, more than any comment holds."""
    return report(
        {
            f"m{n}": [
                at(
                    change(
                        f"update products.p{n}-{i}",
                        before={"name": {"default": "x" * 300}},
                        name={"default": f"y{n}-{i} " + "é" * 300},
                    ),
                    "products.yaml",
                    i + 1,
                )
                for i in range(5)
            ]
            for n in range(number)
        },
        [ended(f"w{n}", "failed", 1, f"wave {n}", message=f"{n} " + "ü" * 900)
         for n in range(number)],
    )  # fmt: skip


def _names(number: int) -> Iterator[str]:
    return (f"haus-{n:03}" for n in range(number))
