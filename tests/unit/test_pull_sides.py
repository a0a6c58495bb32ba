"""Which of three sides holds, case by case; and what follows from what people decided."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from reconciler.configuration.resource import Configuration
from reconciler.diagnostics import Position, UsageError
from reconciler.pulling.choosing import Choices, Decision, asked_about, decide
from reconciler.pulling.comparing import Divergence
from reconciler.pulling.pull import Pulled, Sought
from reconciler.pulling.sides import Applied, Verdict, judge, judge_gone
from reconciler.values.address import Address
from reconciler.values.sent import Pending, Sent
from tests.builders import KINDS
from tests.validating import good

SAME, LIVE, FILES, CONFLICT = Verdict.SAME, Verdict.LIVE, Verdict.FILES, Verdict.CONFLICT
NEW = Pending(Address("taxes", "vat"))


def alike(written: Sent, other: Sent) -> bool:
    """Compare as if the server stored lower case."""
    if isinstance(written, str) and isinstance(other, str):
        return written == other or written.lower() == other
    return written == other


@pytest.mark.parametrize(
    ("base", "files", "live", "verdict"),
    [
        (Applied("a"), "a", "a", SAME),
        (Applied("a"), "b", "b", SAME),
        (None, "a", "a", SAME),
        (Applied("a"), "a", "b", LIVE),
        (Applied("a"), "b", "a", FILES),
        (Applied("a"), "b", "c", CONFLICT),
        (None, "a", "b", CONFLICT),
        (Applied(None), None, "b", LIVE),
        (Applied(None), "b", None, FILES),
        (Applied("a"), None, "b", CONFLICT),
        (Applied("A"), "A", "a", SAME),  # as the server stores it
        (Applied("A"), "b", "a", FILES),
        (Applied("A"), "a", "c", LIVE),  # only the case was changed in the files
        (Applied(NEW), NEW, "b", LIVE),
        (Applied("a"), NEW, "b", CONFLICT),
        (Applied([1, 2]), [1, 2], [2], LIVE),
    ],
)
def test_a_column(base: Applied | None, files: Sent, live: Sent, verdict: Verdict) -> None:
    assert judge(base, files, live, alike) is verdict


@pytest.mark.parametrize(
    ("was_applied", "unchanged", "verdict"),
    [
        (True, True, LIVE),
        (True, False, CONFLICT),
        (False, False, FILES),
        (False, True, FILES),
        (None, False, CONFLICT),
        (None, True, CONFLICT),
    ],
)
def test_a_row_that_is_gone(was_applied: bool | None, unchanged: bool, verdict: Verdict) -> None:
    assert judge_gone(was_applied=was_applied, unchanged=unchanged) is verdict


def test_no_value_is_in_a_repr() -> None:
    place = Position("a.yaml", 1, 1)
    column = KINDS["contacts"].columns["email"]
    one = Divergence(JANE, column, CONFLICT, place, Applied("x@y"), place, "z@y", "w@y")
    assert "@y" not in repr(one)


# -- what people decided ---------------------------------------------------------------------------

YAML = """\
taxes:
  city: {label: {default: City}, percentage: 3}
contacts:
  jane: {email: jane@example.com, city: Oslo}
bookings:
  stay: {currency: EUR, display_currency: EUR, exchange_rate: 1}
contact_bookings:
  - {contact_id: jane, booking_id: stay}
"""
JANE, STAY = Address("contacts", "jane"), Address("bookings", "stay")
CITY = Address("taxes", "city")
LINK = Address("contact_bookings", "jane--stay")


@pytest.fixture
def configuration(tmp_path: Path) -> Configuration:
    return good(YAML, folder=tmp_path)


def column(verdict: Verdict, name: str = "city") -> Divergence:
    return Divergence(JANE, KINDS["contacts"].columns[name], verdict, Position("a.yaml", 1, 1))


def gone(address: Address, verdict: Verdict = LIVE) -> Divergence:
    return Divergence(address, None, verdict, Position("a.yaml", 1, 1))


def outcome(decision: Decision) -> Mapping[str, object]:
    told: dict[str, object] = {
        "taken": sorted(f"{a}.{n}" for a, names in decision.taken.items() for n in names),
        "removed": sorted(map(str, decision.removed)),
        "conflicts": [one.name for one in decision.conflicts],
        "kept": decision.kept,
    }
    return {name: value for name, value in told.items() if value}


@pytest.mark.parametrize(
    ("found", "choices", "expected"),
    [
        ([], Choices(), {}),
        ([column(LIVE)], Choices(), {"taken": ["contacts.jane.city"]}),
        ([column(FILES)], Choices(), {"kept": 1}),
        ([column(CONFLICT)], Choices(), {"conflicts": ["contacts.jane.city"]}),
        ([column(CONFLICT)], Choices(keep=frozenset(["contacts.jane"])), {"kept": 1}),
        ([column(LIVE)], Choices(keep=frozenset(["contacts.jane"])), {"kept": 1}),
        (
            [column(FILES), column(CONFLICT, "email")],
            Choices(take=frozenset(["contacts.jane"])),
            {"taken": ["contacts.jane.city", "contacts.jane.email"]},
        ),
        (
            [column(CONFLICT), column(CONFLICT, "email")],
            Choices(frozenset(["contacts.jane.email"]), frozenset(["contacts.jane"])),
            {"taken": ["contacts.jane.city"], "kept": 1},
        ),
        ([gone(CITY)], Choices(), {"removed": ["taxes.city"]}),
        ([gone(CITY, CONFLICT)], Choices(), {"conflicts": ["taxes.city"]}),
        (  # a link still refers to it
            [gone(STAY)],
            Choices(),
            {"conflicts": ["bookings.stay"]},
        ),
        (
            [gone(STAY), gone(LINK)],
            Choices(),
            {"removed": ["bookings.stay", "contact_bookings.jane--stay"]},
        ),
        (
            [gone(STAY), gone(LINK)],
            Choices(keep=frozenset(["contact_bookings.jane--stay"])),
            {"conflicts": ["bookings.stay"], "kept": 1},
        ),
    ],
)
def test_what_follows(
    configuration: Configuration,
    found: list[Divergence],
    choices: Choices,
    expected: Mapping[str, object],
) -> None:
    assert outcome(decide(found, choices, configuration)) == expected


@pytest.mark.parametrize(
    ("keep", "take", "says"),
    [
        ({"contacts.jane"}, {"contacts.jane"}, "is given to --keep-files and to --take-live"),
        ({"contacts.joan"}, set(), "contacts.joan is no resource of the files"),
        (set(), {"contacts.jane.zip"}, "contacts.jane.zip is no resource of the files"),
        ({"contacts"}, set(), "contacts is no resource"),
        ({"contacts.jane.city", str(LINK)}, set(), None),
    ],
)
def test_what_cannot_be_meant_is_refused(
    configuration: Configuration, keep: set[str], take: set[str], says: str | None
) -> None:
    choices = Choices(frozenset(keep), frozenset(take))
    if says is None:
        choices.check(configuration)
        return
    with pytest.raises(UsageError, match=says):
        choices.check(configuration)


# -- what people are asked -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "keep", "take"),
    [
        ([LIVE, FILES, CONFLICT], {"contacts.jane.zip"}, {"contacts.jane.city"}),
        ([FILES, None], {"contacts.jane.city"}, set()),
        ([None], set(), set()),
    ],
    ids=["all", "stopped", "stopped at once"],
)
def test_only_conflicts_are_asked_about_until_somebody_stops(
    answers: list[Verdict | None], keep: set[str], take: set[str]
) -> None:
    found = [column(LIVE), *(column(CONFLICT, name) for name in ("city", "zip", "email"))]
    left = iter(answers)
    choices = asked_about(found, Choices.given(["taxes.city"], []), lambda one: next(left))
    assert ({*choices.keep} - {"taxes.city"}, {*choices.take}) == (keep, take)
    assert next(left, None) is None


@pytest.mark.parametrize(
    ("pulled", "code"),
    [
        (Pulled(0, 0, 0), 0),
        (Pulled(0, 1, 0), 2),
        (Pulled(1, 0, 0, written=True), 0),
        (Pulled(0, 1, 0, conflicts=("contacts.jane",)), 6),
        (Pulled(0, 1, 0, conflicts=("contacts.jane",), written=True), 6),
    ],
)
def test_conflicts_go_before_what_would_come(pulled: Pulled, code: int) -> None:
    assert pulled.exit_code == code


def test_rows_are_chosen_only_of_those_that_are_in_no_yaml() -> None:
    sought = Sought.given(KINDS, None, ["contacts"], (), ["contacts"], unmanaged=True)
    assert sought.chosen.names == sought.readable_keys == {"contacts"}
    with pytest.raises(UsageError, match="rows that are in no YAML"):
        Sought.given(KINDS, None, ["contacts"], (), (), unmanaged=False)
