"""What policies find: what an expression sees, what counts as broken, and what it never sees."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from reconciler.configuration.grown import kinds_of
from reconciler.configuration.load.problems import MOST
from reconciler.configuration.resource import Unknown
from reconciler.plan.change import Change
from reconciler.plan.verdicts import MOST_NAMED
from reconciler.policies.cases import try_cases
from reconciler.policies.judge import judge_resources, judged
from reconciler.values.sent import Pending
from tests.builders import (
    KINDS,
    address,
    change,
    configuration,
    foreign_id,
    own_id,
    ref,
    resource,
    row,
)
from tests.policy_files import (
    FRIDAY,
    SLOW,
    needs_engine,
    planned,
    policies,
    text_of,
    verdict,
    verdicts,
)

pytestmark = needs_engine
JANE = row(
    "contacts", own_id("contacts.jane"), first_name="Jane", language="nl", notes="4111111111111111"
)
VILLA = own_id("products.villa")
BOOKING = row(
    "bookings", foreign_id(2), reference="VM-1", exchange_rate=50, secret="s3cret", silent=False
)
HOUSE = configuration(
    resource("products.villa", name={"default": "Villa"}, line=3),
    resource("products.loft", name={"default": "Loft"}, line=4),
    resource("capacities.adults", product_id=ref("products.villa"), max=6),
    resource("seasons.high", value={"rate": 50, "deep": [{"n": Decimal("1.5")}]}),
)
DELETE = change("delete bookings", row=BOOKING)
UPDATE = change("update contacts.jane", row=JANE, first_name="Joan", language="de")
CREATE = change("create bookings.stay", reference="VM-2", exchange_rate=Decimal("11.75"))


def named(expressions: Iterable[str], **more: str) -> list[str]:
    """Write a policy of each expression, named by their order."""
    return [text_of(text, f"rule-{number}", **more) for number, text in enumerate(expressions)]


@pytest.mark.parametrize(
    ("expression", "change_", "broken"),
    [
        ('kind == "bookings" && key == "" && action == "delete"', DELETE, 0),
        ("after == {}", DELETE, 0),
        ("before == {}", CREATE, 0),
        ("size(before) > 0 && !has(after.reference)", DELETE, 0),
        ('before.reference == "VM-1"', DELETE, 0),
        ('before["reference"] == "VM-2"', DELETE, 1),
        ("before.exchange_rate * 1.1 > 54.9", DELETE, 0),
        ("after.exchange_rate == 11.75", CREATE, 0),
        ('before.language == "nl" && after.language == "de"', UPDATE, 0),
        (
            "counts.delete == 1 && counts.bookings.delete == 1 && counts.taxes.create == 0",
            DELETE,
            0,
        ),
        ('counts["no-op"] == 0', DELETE, 0),
        ('weekday == "Friday" && today == "2026-11-27"', DELETE, 0),
        ('weekday != "Friday"', DELETE, 1),
        ("1", DELETE, 1),
        ('"true"', DELETE, 1),
        ("null", DELETE, 1),
        ("after.reference == before.reference", DELETE, 1),
        ("1 / 0 == 1", DELETE, 1),
        ("before.reference > 1", DELETE, 1),
        ("has(before.confirmed_at) || true", DELETE, 0),
        ('size("été") == 3 && "été".size() == 3', DELETE, 0),
    ],
)
def test_what_a_change_gives(expression: str, change_: Change, broken: int, tmp_path: Path) -> None:
    assert verdict(tmp_path, text_of(expression), HOUSE, [change_]).total == broken


@pytest.mark.parametrize(
    ("expression", "broken"),
    [
        ('kind != "products" || size(related.capacities) > 0', ["products.loft"]),
        ('kind != "products" || related.capacities.size() < 1', ["products.villa"]),
        (
            'kind != "products" || related.capacities.exists(c, c.max > 5 && c.key == "adults")',
            ["products.loft"],
        ),
        ('kind != "capacities" || after.product_id == "villa"', []),
        ('kind != "seasons" || after.value.rate * 1.1 > 54.9', []),
        ('kind != "seasons" || after.value.deep[0].n == 1.5', []),
        ('kind != "products" || after.name.default.startsWith("V")', ["products.loft"]),
    ],
)
def test_what_a_resource_gives(expression: str, broken: list[str], tmp_path: Path) -> None:
    found = verdict(tmp_path, text_of(expression, about="resource"), HOUSE)
    assert [one.name for one in found.broken] == broken
    assert 0 < found.judged <= 4


def test_resources_that_a_run_leaves_out_still_refer(tmp_path: Path) -> None:
    villa, _, *others = HOUSE.resources.values()
    limited = replace(configuration(villa), others=tuple(others))
    rule = text_of('kind != "products" || size(related.capacities) > 0', about="resource")
    assert verdict(tmp_path, rule, limited).total == 0


@pytest.mark.parametrize(
    ("expression", "broken"),
    [
        ("counts.delete <= 1", 0),
        ("counts.delete <= 0", 1),
        ('weekday != "Friday" || counts.bookings.delete == 0', 1),
    ],
)
def test_what_the_plan_gives(expression: str, broken: int, tmp_path: Path) -> None:
    found = verdict(tmp_path, text_of(expression, about="plan"), HOUSE, [DELETE])
    assert found.total == broken


@pytest.mark.parametrize(
    ("column", "repository", "given"),
    [
        ("language", True, True),  # it is not personal
        ("first_name", False, True),
        ("notes", False, True),
        ("no_such", False, False),
    ],
)
def test_a_policy_of_the_repository_sees_no_personal_column(
    column: str, repository: bool, given: bool, tmp_path: Path
) -> None:
    asked = (
        f'"{column}" in before',
        f'before.exists(name, name == "{column}")',
        f'("{column[:2]}" + "{column[2:]}") in after',
    )
    texts = named(asked)
    for trusted, sees in ((False, repository), (True, given)):
        found = verdicts(tmp_path, texts, HOUSE, [UPDATE], trusted=trusted)
        assert [one.total == 0 for one in found] == [sees] * len(asked)


def test_no_policy_sees_a_secret_column(tmp_path: Path) -> None:
    for trusted in (True, False):
        place = tmp_path / str(trusted)
        place.mkdir()
        rule = text_of('!has(before.secret) && !("secret" in before)')
        assert verdict(place, rule, HOUSE, [DELETE], trusted=trusted).total == 0


def test_a_pull_request_cannot_read_a_name_by_a_policy(tmp_path: Path) -> None:
    guesses = [
        'before.first_name.startsWith("J")',
        'before["first" + "_name"] == "Jane"',
        'has(before.first_name) && before.first_name == "Jane"',
        "before.exists(n, dyn(before[n]) == 'Jane')",
        "after.exists(n, dyn(after[n]) == 'Joan')",
        "string(before).contains('Jane')",
        "related.contacts.exists(c, c.first_name == 'Jane')",
    ]
    answers = []
    for name in ("Jane", "Zoe"):
        place = tmp_path / name
        place.mkdir()
        held = row("contacts", own_id("contacts.jane"), first_name=name, language="nl")
        one = change("update contacts.jane", row=held, first_name=name, language="de")
        found = verdicts(place, named(guesses, severity="warning"), HOUSE, [one])
        assert len(found) == len(guesses)
        answers.append([(one.total, [broken.why for broken in one.broken]) for one in found])
    assert answers[0] == answers[1]


def test_the_value_of_a_secret_variable_is_not_seen_wherever_it_stands(tmp_path: Path) -> None:
    one = change("create bookings.stay", reference="x-hush-y", method="book")
    secret = replace(HOUSE, secrets=frozenset({"hush"}))
    rule = text_of("!has(after.reference) && has(after.method)")
    assert verdict(tmp_path, rule, secret, [one], trusted=True).total == 0


@pytest.mark.parametrize(
    ("expression", "trusted", "why"),
    [
        ("int(before.language) > 1", False, "it cannot be evaluated: "),
        ("int(before.language) > 1", True, "it cannot be evaluated"),
        ("int(before.language + before.first_name) > 1", True, "it cannot be evaluated"),
        ("int(before.first_name) > 1", False, "it asks for what is not there"),
        ('int(before["first_name"]) > 1', False, "it asks for what is not there"),
        ("int(before.reference) > 1", False, "it asks for what is not there: 'reference'"),
    ],
)
def test_what_the_engine_says_is_not_told_where_a_personal_column_is_seen_or_named(
    expression: str, trusted: bool, why: str, tmp_path: Path
) -> None:
    [broken] = verdict(tmp_path, text_of(expression), HOUSE, [UPDATE], trusted=trusted).broken
    assert broken.why.startswith(why)
    assert broken.why == why or why.endswith(": ")
    assert "Jane" not in broken.why


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("after.city == 'x'", [("policy-not-judged", "warning")]),
        ("after.language == 'nl'", [("policy-broken", "error")]),
        (f"{SLOW} && after.city == 'x'", [("policy-not-judged", "error")]),
    ],
)
def test_an_unset_variable_excuses_only_what_it_may_cause(
    expression: str, told: list[tuple[str, str]], tmp_path: Path
) -> None:
    waiting = configuration(resource("contacts.jane", city=Unknown("CITY"), language="de"))
    rules = policies(tmp_path, text_of(expression, about="resource"), trusted=True)
    found = judge_resources(rules, waiting, KINDS, now=FRIDAY)
    assert [(one.code, one.severity) for one in found] == told


@pytest.mark.parametrize(
    ("expression", "severity", "rest"),
    [
        ("false", "error", [("error", 7)]),
        ("false", "warning", [("warning", 7)]),
        ("after.city == 'x'", "error", [("error", 4), ("warning", 3)]),
    ],
)
def test_what_no_report_lists_is_counted(
    expression: str, severity: str, rest: list[tuple[str, int]], tmp_path: Path
) -> None:
    many = [resource(f"contacts.a-{number}", language="de") for number in range(MOST + 4)]
    waiting = [resource(f"contacts.b-{number}", city=Unknown("CITY")) for number in range(3)]
    rules = policies(
        tmp_path, text_of(expression, about="resource", severity=severity), trusted=True
    )
    everything = configuration(*many, *waiting)
    found = judge_resources(rules, everything, KINDS, now=FRIDAY)
    assert [(one.severity, one.stands_for) for one in found[MOST:]] == rest
    assert {one.stands_for for one in found[:MOST]} == {1}
    [verdict] = judged(planned(tmp_path), rules, everything, KINDS, now=FRIDAY).plan.verdicts
    assert (verdict.total, len(verdict.broken)) == (MOST + 7, MOST_NAMED)


def test_no_case_behind_one_that_is_cut_off_counts_as_tried(tmp_path: Path) -> None:
    cases = "".join(
        f"\n  - {{case: {name}, expect: {expect}, kind: {kind}}}"
        for name, expect, kind in [
            ("before", "broken", "taxes"), ("slow", "error", "contacts"),
            ("fine", "fine", "contacts"), ("wrong", "broken", "taxes"),
            ("error", "error", "contacts"),
        ]
    )  # fmt: skip
    text = text_of(f'kind == "contacts" && {SLOW}') + f"\ncases:{cases}"
    tried = try_cases(policies(tmp_path, text, trusted=True))
    assert [(one.case.name, one.found, one.passed) for one in tried] == [
        ("before", "broken", True), ("slow", "error", True), ("fine", "not tried", False),
        ("wrong", "not tried", False), ("error", "not tried", False),
    ]  # fmt: skip
    assert tried[2].why == "slow: it took more than 50 ms"


def test_no_case_counts_as_tried_where_all_took_too_long(tmp_path: Path) -> None:
    case = "\ncases:\n  - {expect: error, kind: contacts}"
    rules = policies(tmp_path, text_of("1 / 0 == 1") + case)
    [tried] = try_cases(rules, seconds=0)
    assert (tried.found, tried.passed) == ("not tried", False)
    assert tried.why == "all policies together took more than 0 seconds"
    assert [one.passed for one in try_cases(rules)] == [True]


@pytest.mark.parametrize(
    ("trusted", "expression", "broken"),
    [
        (True, '!has(before.reference) || before.reference != "VM-1"', 1),
        (True, '!("ref" + "erence" in after) || after["ref" + "erence"] != "VM-9"', 1),
        (True, "has(before.secret)", 1),  # it is shipped as one
        (False, "has(before.reference)", 1),
    ],
)
def test_a_pull_request_cannot_blind_a_policy_by_the_catalogue(
    trusted: bool, expression: str, broken: int, tmp_path: Path
) -> None:
    (tmp_path / "kinds").mkdir()
    (tmp_path / "a.yaml").write_text("reconciler: {stack: villa, catalogue: {path: kinds}}\n")
    (tmp_path / "kinds" / "bookings.schema.json").write_text(
        '{"x-kind": "bookings", "properties": {"reference": {"x-sensitive": true}}}'
    )
    one = change("update bookings.stay", row=BOOKING, reference="VM-9")
    found = verdict(
        tmp_path,
        text_of(expression),
        replace(HOUSE, secrets=frozenset({"VM-9"})),  # as a variable of this column makes it
        [one],
        trusted=trusted,
        kinds=kinds_of([tmp_path]),
    )
    assert found.total == broken


def test_references_are_keys_before_and_after(tmp_path: Path) -> None:
    before = row("capacities", foreign_id(1), product_id=VILLA, max=5)
    one = change(
        "update capacities.adults", row=before, product_id=Pending(address("products.loft"))
    )
    names = {VILLA: "products.villa"}
    rule = text_of('before.product_id == "villa" && after.product_id == "loft"')
    assert verdict(tmp_path, rule, HOUSE, [one], names=names).total == 0
