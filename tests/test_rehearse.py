"""A rehearsal meets what the server would refuse, and the live organization is only read."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.ids import Owner
from reconciler.values.address import Address

from .commandline import run_alone
from .pages import check_reaches_nothing
from .policy_files import needs_engine, text_of
from .sandbox_server import RunningSandbox, running_sandbox

ID = "5eed0000-0000-4000-8000-0000000000aa"
NOBODY = "11111111-1111-4111-8111-111111111111"
COUPON = Owner(ID, "rehearsed").id_of(Address("coupons", "c"))
STACK = "reconciler: {stack: rehearsed}\n"
GOOD = """
contacts:
  jane: {email: jane@example.com}
bookings:
  stay: {reference: A1, currency: EUR, display_currency: EUR, exchange_rate: 1, silent: true}
contact_bookings:
  - {contact_id: jane, booking_id: stay}
products:
  villa: {name: {default: Villa}, rent_period: nightly, timezone: UTC, cooldown_time: 2}
product_services:
  - {product_id: villa, service_id: cleaning}
services:
  cleaning: {label: {default: Cleaning}, type: checkbox}
"""


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    log = tmp_path_factory.mktemp("log") / "requests.jsonl"
    with running_sandbox("--organization", f"{ID}=key", log=log) as running:
        yield running


def rehearse(
    sandbox: RunningSandbox, folder: Path, text: str, *options: str | Path
) -> tuple[int, str]:
    (folder / "bookingmood.yaml").write_text(STACK + text)
    environment = {"BOOKINGMOOD_API_URL": sandbox.url, "BOOKINGMOOD_API_KEY": "key"}
    ended = run_alone(
        "rehearse", folder, "--allow", "billing-create", *options, environment=environment
    )
    writes = [one for one in sandbox.requests() if one["method"] != "GET"]
    assert writes == [], "the live organization was written"
    return ended.code, ended.all


def test_what_would_go_well(sandbox: RunningSandbox, tmp_path: Path) -> None:
    code, out = rehearse(sandbox, tmp_path, GOOD)
    assert (code, "a second plan is empty" in out) == (0, True), out
    assert [path.name for path in tmp_path.iterdir()] == ["bookingmood.yaml"]


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        pytest.param(
            f"contacts: {{jane: {{email: a@example.com, creator_id: {NOBODY}}}}}",
            1,
            "violates foreign key constraint",
            id="a foreign key to nothing",
        ),
        pytest.param(
            "widget_listings:\n- {widget_id: w, product_id: villa}\nwidgets: {w: {title: W}}\n"
            "products: {villa: {name: {default: V}, rent_period: nightly, timezone: UTC}}",
            1,
            "order is not given",
            id="a column that must have a value",
        ),
        pytest.param(
            "members:\n  one: {email: twice@example.com}\n  two: {email: twice@example.com}",
            4,
            "--allow invites",
            id="a consent",
        ),
        pytest.param(
            "coupons: {c: {code: C}}\nservices: {s: {label: {default: S}, type: checkbox}}\n"
            f"coupon_services:\n- {{coupon_id: c, service_id: s}}\n"
            f"- {{coupon_id: {COUPON}, service_id: s}}",
            1,
            "link the same rows",
            id="a pair that is taken: once by its key and once by its id",
        ),
        pytest.param(
            "taxes: {vat: {label: {default: VAT}, percentage: 9, type: sometimes}}",
            1,
            "sometimes",
            id="an enumeration value",
        ),
    ],
)
def test_what_would_be_refused(
    sandbox: RunningSandbox, tmp_path: Path, text: str, code: int, words: str
) -> None:
    assert rehearse(sandbox, tmp_path, text)[0] == code
    assert words in rehearse(sandbox, tmp_path, text)[1]


@needs_engine
@pytest.mark.parametrize("given", [False, True])
def test_a_policy_refuses_as_it_does_for_apply(
    given: bool, sandbox: RunningSandbox, tmp_path: Path
) -> None:
    folder = tmp_path / "villa"
    rules = tmp_path / "given" if given else folder / "policies"
    folder.mkdir()
    rules.mkdir()
    rule = text_of('action != "create"', message="nothing is created")
    (rules / "rule.yaml").write_text(rule)
    options = ("--policies", rules) if given else ()
    code, out = rehearse(sandbox, folder, "contacts: {jane: {email: j@example.com}}", *options)
    assert (code, "nothing is created" in out) == (4, True), out


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (GOOD, 0, "The rehearsal went well, and a second plan is empty."),
        ("members: {one: {email: a@example.com}}", 4, "The rehearsal was refused"),
        (f"contacts: {{j: {{email: a@b.org, creator_id: {NOBODY}}}}}", 1, "The rehearsal failed"),
    ],
    ids=["well", "refused", "failed"],
)
def test_a_page_says_how_it_went(
    sandbox: RunningSandbox, tmp_path: Path, text: str, code: int, words: str
) -> None:
    (tmp_path / "bookingmood.yaml").write_text(STACK + text)
    environment = {"BOOKINGMOOD_API_URL": sandbox.url, "BOOKINGMOOD_API_KEY": "key"}
    ended = run_alone(
        "rehearse", tmp_path, "--allow", "billing-create", "--format", "html",
        environment=environment,
    )  # fmt: skip
    assert (ended.code, words in ended.out) == (code, True), ended.err
    check_reaches_nothing(ended.out)
    assert "jane@example.com" not in ended.out


def test_what_was_renamed_and_let_go_is_so_in_the_copy(tmp_path: Path) -> None:
    with running_sandbox("--organization", f"{ID}=key", log=tmp_path / "log") as running:
        folder = tmp_path / "villa"
        folder.mkdir()
        text = "contacts:\n  jane: {email: j@example.com}\n  ola: {email: o@example.com}\n"
        (folder / "bookingmood.yaml").write_text(STACK + text)
        environment = {"BOOKINGMOOD_API_URL": running.url, "BOOKINGMOOD_API_KEY": "key"}
        for words in (
            ("apply", folder, "--auto-approve"),
            ("mv", "contacts.jane", "contacts.joan", "--folder", folder),
            ("forget", "contacts.ola", "--folder", folder),
        ):
            done = run_alone(*words, environment=environment)
            assert done.code == 0, done.all
        ended = run_alone("rehearse", folder, environment=environment)
        assert ended.code == 0, ended.all
        assert "to delete" not in ended.all
        assert "to create" not in ended.all
