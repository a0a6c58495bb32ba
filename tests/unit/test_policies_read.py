"""Policy files: what is wrong with them is said, with its place and what to write instead."""

from pathlib import Path

import pytest

from reconciler.policies.folders import policy_folders
from reconciler.policies.given import Wanted
from reconciler.policies.read import read_policies
from reconciler.policies.words import Words, for_engine
from tests.builders import KINDS
from tests.policy_files import policies, read, text_of

GOOD = "name: a\nmessage: m\nabout: change\nexpression: 'true'"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name: a", "1:1 the policy has no `message`"),
        ("", "1:1 the file is empty"),
        ("contacts: {}", "1:1 a policy has no 'contacts' (files in policies/ are no configuration"),
        (f"{GOOD}\nmesage: x", "5:1 a policy has no 'mesage' (did you mean 'message'?)"),
        (GOOD.replace("name: a", "name: A b"), "1:7 name takes a-z, 0-9"),
        (GOOD.replace("name: a", "name: [a]"), "1:7 name takes a text"),
        (GOOD.replace("change", "changes"), "3:8 about takes resource, change or plan, not"),
        (f"{GOOD}\nseverity: fatal", "5:11 severity takes error or warning, not 'fatal'"),
        (f"{GOOD}\nmay_allow: true", "5:12 no policy of the repository can say"),
        (f"{GOOD}\nmay_allow: maybe", "5:12 may_allow takes true or false"),
        (GOOD.replace("message: m", f"message: {'m' * 301}"), "2:10 message takes one line"),
        (GOOD.replace("message: m", 'message: "a\\nb"'), "2:10 message takes one line"),
        (GOOD.replace("true", "a" * 4097), "4:13 the expression has more than 4,096 bytes"),
        (GOOD.replace("true", "é" * 2049), "4:13 the expression has more than 4,096 bytes"),
        (f"{GOOD}\ncases: 1", "5:8 cases takes a list"),
        (f"{GOOD}\ncases: [{{expect: fine}}]", "5:9 a case says which kind its row has"),
        (f"{GOOD}\ncases: [{{kind: taxes}}]", "5:9 expect takes fine, broken or error"),
        (
            f"{GOOD}\ncases: [{{kind: taxes, expect: fine, after: {{x: 1}}}}]",
            "5:45 taxes has no column 'x'",
        ),
        (f"{GOOD}\ncases: [{{kind: taxes, expect: fine, afer: {{}}}}]", "did you mean 'after'?"),
        (f"{GOOD}\ncases: [{{kind: taxes, expect: fine, today: x}}]", "today takes a date"),
        (
            text_of('kind == "bokings"'),
            "4:13 there is no kind 'bokings' (did you mean 'bookings'?)",
        ),
        (text_of('action != "remove"'), "there is no action 'remove'"),
        (text_of("after.refrence == 1"), "no kind has a column 'refrence' (did you mean"),
        (text_of('before["refrence"] == 1'), "no kind has a column 'refrence'"),
        (text_of("size(related.booking) > 0"), "there is no kind 'booking'"),
        (text_of("counts.remove > 0"), "nothing is counted as 'remove'"),
        (text_of("afer.reference == 1"), "no 'afer' is given to a policy about a change"),
        (text_of("after.name.lowerAscii() == ''"), "there is no function .lowerAscii()"),
        (text_of("len(after.name) > 1"), "there is no function len()"),
        (text_of("action == 'create'", about="resource"), "no 'action' is given to a policy about"),
        (text_of("kind == 'taxes'", about="plan"), "no 'kind' is given to a policy about a plan"),
        (text_of("[1].all(x, x > y)"), "no 'y' is given"),
        (text_of('after.first_name == ""'), "warning: no policy of the repository sees first_name"),
        (text_of('after.secret == ""'), "warning: no policy sees secret"),
        ("a: [", "yaml-syntax"),
    ],
)
def test_what_is_wrong_with_a_policy(text: str, says: str, tmp_path: Path) -> None:
    found = read(tmp_path, text)
    told = [
        f"{p.code} {p.severity}: {p.message} {p.position.line if p.position else ''}"
        f":{p.position.column if p.position else ''} {p.message} ({p.hint})"
        for p in found.problems
    ]
    assert any(says in one for one in told), told


@pytest.mark.parametrize(
    "expression",
    [
        "[1, 2].all(x, x > 0) && {'a': 1}.exists(k, k == 'a')",
        "type(after.order) == int || dyn(1) == 1.0 // afer.refrence",
        "after.name.default.contains('bokings') && \"afer\" != 'x'",
        "r'\\d' == '\\\\d' && '''it's''' != \"a\\\"b\"",
        "kind in ['contacts', 'taxes'] && action in ['create']",
        "timestamp(after.created_at).getFullYear() > 2020",
    ],
)
def test_what_is_right(expression: str, tmp_path: Path) -> None:
    assert read(tmp_path, text_of(expression)).problems == ()


def test_of_two_with_one_name_that_of_the_option_counts(tmp_path: Path) -> None:
    folder, given = tmp_path / "villa", tmp_path / "given"
    for place, message in ((folder / "policies", "weak"), (given, "strong")):
        place.mkdir(parents=True)
        (place / "a.yaml").write_text(text_of("true", message=message))
    [policy] = read_policies(folder, [given], KINDS).all
    assert (policy.message, policy.trusted) == ("strong", True)


def test_two_with_one_name_in_one_place_are_refused(tmp_path: Path) -> None:
    assert [p.code for p in read(tmp_path, GOOD, GOOD).problems] == ["bad-policy"]


def test_a_folder_that_was_named_must_hold_policies(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    codes = [
        problem.code
        for place in ("empty", "gone")
        for problem in read_policies(tmp_path, [tmp_path / place], KINDS).problems
    ]
    assert codes == ["no-files", "unreadable"]


def test_where_policies_lie(tmp_path: Path) -> None:
    villa = tmp_path / "villa"
    for place in (villa / "policies", tmp_path / "policies"):
        place.mkdir(parents=True)
        assert policy_folders(villa, []) == policy_folders(villa, [])
        (place / "a.yaml").touch()
    assert [one.path for one in policy_folders(villa, [])] == [
        villa / "policies",
        tmp_path / "policies",
    ]
    (villa / ".git").mkdir()  # what is outside of the repository is somebody else's
    assert [one.path for one in policy_folders(villa, [])] == [villa / "policies"]
    given = policy_folders(villa, [villa / "policies"])
    assert [(one.path, one.trusted) for one in given] == [(villa / "policies", True)]


def test_what_lies_deeper_is_not_lost(tmp_path: Path) -> None:
    (tmp_path / "policies" / "old").mkdir(parents=True)
    (tmp_path / "policies" / "old" / "contacts.yaml").write_text("contacts: {jane: {}}")
    [problem] = read_policies(tmp_path, [], KINDS).problems
    assert "old/contacts.yaml is neither a policy nor configuration" in problem.message


def test_a_link_that_leads_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text(GOOD)
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "a.yaml").symlink_to(tmp_path / "secret.yaml")
    found = read_policies(tmp_path, [], KINDS)
    assert [p.code for p in found.problems] == ["link-outside"]


def test_a_folder_of_policies_that_leads_out_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "secret.yaml").write_text("token: x")
    (tmp_path / "villa").mkdir()
    (tmp_path / "villa" / "policies").symlink_to(tmp_path / "elsewhere")
    found = read_policies(tmp_path / "villa", [], KINDS)
    assert [p.code for p in found.problems] == ["link-outside"]


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ('kind != "taxes" || true', "taxes"),
        ('kind != "taxes" || (true ? true : false)', "taxes"),
        ('kind != "taxes" || true ? false : true', None),
        ('kind == "taxes" || true', None),
        ('!(kind != "taxes") || true', None),
        ('kind != "taxes" && true', None),
        ('kind != "ta\\u0078es" || true', None),
    ],
)
def test_the_one_kind_that_an_expression_is_for(expression: str, kind: str | None) -> None:
    assert Words.of(expression).only_kind == kind


@pytest.mark.parametrize(
    ("expression", "after"),
    [
        ("after.name == after.label", {"name", "label"}),
        ('after["name"] == 1', {"name"}),
        ("has(after.name.default)", {"name"}),
        ("after == {}", None),
        ("size(after) > 0", None),
        ('"name" in after', None),
        ("after[kind] == 1", None),
        ("after.name == 1 || after.exists(n, n == 'x')", None),
        ("true", set()),
    ],
)
def test_which_columns_are_given(expression: str, after: set[str] | None, tmp_path: Path) -> None:
    found = Wanted.by(policies(tmp_path, text_of(expression))).after
    assert found == (None if after is None else frozenset(after))


@pytest.mark.parametrize(
    ("expression", "engine"),
    [
        ("size(after.name) > 1", "_len(after.name) > 1"),
        ("after.name.size() > 1", "after.name._len() > 1"),
        ("size(related.taxes) > 1", "size(related.taxes) > 1"),
        (
            "related.taxes.filter(t, t.size() > 1).size()",
            "related.taxes.filter(t, t._len() > 1).size()",
        ),
        ("after.size == 'size(x)'", "after.size == 'size(x)'"),
    ],
)
def test_which_sizes_are_ours(expression: str, engine: str) -> None:
    assert for_engine(expression, Words.of(expression)) == engine
