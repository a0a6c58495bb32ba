"""Two resources that a person would call the same, seen offline."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.builders import KINDS
from tests.validating import check, problem_with

EVENT = "product_id: 6f1c0a9e-3b52-4c8d-9a70-2f5d8e1b4c37, start_date: 2026-04-01, type: "


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("coupons: {a: {code: TEN}, b: {code: TEN}}", "have the same code"),
        ("coupons: {a: {code: TEN}, b: {code: ten}}", None),
        ("contacts: {a: {email: a@b.example}, b: {email: A@B.example}}", "have the same email"),
        ("contacts: {a: {email: ''}, b: {email: ''}}", None),
        ("contacts: {a: {first_name: Jo}, b: {first_name: Jo}}", None),
        ("contacts: {a: {email: a@b.example}, b: {$absent: true, email: a@b.example}}", None),
        ("members: {a: {email: a@b.example}, b: {email: A@b.example}}", "have the same email"),
        (
            "taxes: {a: {label: {default: \u00e9}}, b: {label: {default: e\u0301}}}",
            "have the same label->>default",
        ),
        (
            "services:\n"
            "  top: {label: {default: Pets}, type: checkbox}\n"
            "  a: {label: {default: Dog}, type: checkbox, parent_id: top}\n"
            "  b: {label: {default: Dog}, type: checkbox, parent_id: top}\n"
            "  c: {label: {default: Dog}, type: checkbox}\n",
            "services.b and services.a (",
        ),
        (
            f"calendar_events:\n"
            f"  a: {{{EVENT}blocked-period, end_date: 2026-04-05}}\n"
            f"  b: {{{EVENT}blocked period, end_date: 2026-04-05}}\n",
            "have the same start_date and end_date and product_id and type",
        ),
        (
            f"calendar_events:\n"
            f"  a: {{{EVENT}blocked-period, end_date: 2026-04-05, uid: a}}\n"
            f"  b: {{{EVENT}blocked-period, end_date: 2026-04-05, uid: b}}\n",
            None,
        ),
        (
            f"calendar_events:\n"
            f"  a: {{{EVENT}note, end_date: 2026-04-05}}\n"
            f"  b: {{{EVENT}note, end_date: 2026-04-05}}\n",
            None,
        ),
    ],
)
def test_copies(text: str, said: str | None, tmp_path: Path) -> None:
    configuration, problems = check(text, folder=tmp_path)
    found = [problem for problem in problems if problem.code == "same-natural-key"]
    assert configuration is not None
    assert len(found) == (said is not None)
    if said:
        [problem] = found
        assert said in problem.message
        assert f"({tmp_path / '0' / 'a.yaml'}:" in problem.message
        assert not problem.is_error
        assert "@" not in problem.message


def test_a_thousand_copies_of_one_are_each_named_with_the_first(tmp_path: Path) -> None:
    text = "coupons:\n" + "".join(f"  c{n}: {{code: TEN}}\n" for n in range(1000))
    problems = [p for p in check(text, folder=tmp_path)[1] if p.code == "same-natural-key"]
    assert len(problems) == 999
    assert all("and coupons.c0 (" in problem.message for problem in problems)


def test_what_the_server_keeps_unique_is_an_error(tmp_path: Path) -> None:
    kinds = {"taxes": replace(KINDS["taxes"], unique=(("percentage",),))}
    text = (
        "taxes:\n"
        "  a: {label: {default: A}, percentage: 21}\n"
        "  b: {label: {default: B}, percentage: 21.0}\n"
        "  c: {label: {default: C}, percentage: 9}\n"
    )
    problem = problem_with(kinds, text, tmp_path)
    assert (problem.code, problem.is_error) == ("not-unique", True)
    assert problem.message == (
        f"taxes.b and taxes.a ({tmp_path / 'a.yaml'}:3:40) have the same percentage,"
        " and the server takes one of them only"
    )
    assert str(problem.position) == f"{tmp_path / 'a.yaml'}:4:40"
