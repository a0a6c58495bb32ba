"""What can be switched on: unique columns, and values that are stored in another form."""

from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest

from reconciler.catalogue import load_kinds
from reconciler.diagnostics import UsageError
from reconciler.sandbox.settings import SandboxSettings
from reconciler.sandbox.switched import switches_of
from reconciler.values.stored import Form, form_between
from tests.sandbox_server import RunningSandbox, running_sandbox

from .conftest import ONE, OTHER


@pytest.mark.parametrize(
    ("unique", "stores", "words"),
    [
        ("coupons", "", "names no column"),
        ("coupon.code", "", "there is no kind 'coupon'"),
        ("coupons.cod", "", "coupons has no column 'cod'"),
        ("", "contacts.email", "no form of a column"),
        ("", "contacts.email=upper", "'upper' is not lower, trim or round:N"),
        ("", "contacts.email=round", "'round' is not"),
        ("", "contacts.email=lower:1", "'lower:1' is not"),
        ("", "contacts.email=round:2", r"contacts.email \(text\) cannot be stored as round:2"),
        ("", "taxes.percentage=lower", "cannot be stored as lower"),
        ("", "contacts.fts=lower", "cannot be stored as lower"),
        ("", "contacts.mail=lower", "contacts has no column 'mail'"),
    ],
)
def test_what_there_is_not_is_refused_in_words(unique: str, stores: str, words: str) -> None:
    asked = SandboxSettings(unique=(unique,) if unique else (), stores=(stores,) if stores else ())
    with pytest.raises(UsageError, match=words):
        switches_of(asked)


@pytest.mark.parametrize(
    ("sent", "stored", "form"),
    [
        ("Jane@Example.com", "jane@example.com", "lower"),
        (" Jane ", "Jane", "trim"),
        (21.256, 21.26, "round:2"),
        (2.5, 3, "round:0"),
        (-0.125, -0.13, "round:2"),
        (" Jane ", "jane", None),
        ("Jane", "JANE", None),
        ("jane", "jane", None),
        (True, "true", None),
        (None, "", None),
        (["A"], ["a"], None),
    ],
)
def test_a_form_is_known_by_what_it_does(sent: object, stored: object, form: str | None) -> None:
    kind, name = ("taxes", "percentage") if isinstance(sent, int | float) else ("contacts", "email")
    column = load_kinds()[kind].columns[name]
    found = form_between(column, sent, stored)  # type: ignore[arg-type]  # JSON, in a table
    assert (str(found) if found else None) == form
    assert found is None or Form.parse(str(found)) == found


def test_they_hold_in_every_organization_as_long_as_they_are_given(open_folder: Path) -> None:
    data = ("--data", str(open_folder / "kept"))
    pairs = ("--organization", f"{ONE}=one", "--organization", f"{OTHER}=other")
    wanted = ("--unique", "coupons.code", "--stores", "contacts.email=lower")
    numbers = ("--stores", "taxes.percentage=round:1", "--stores", "contacts.first_name=trim")
    with running_sandbox(*data, *pairs, *wanted, *numbers) as running:
        for organization, key in running.organizations:
            assert _coupon(running, organization, key).status_code == 201
            twice = _coupon(running, organization, key)
            assert (twice.status_code, twice.json()["code"]) == (409, "23505")
            values = {"email": "Jane@Example.com", "first_name": " Jane\n"}
            assert _stored(running, organization, key, "contacts", values) == {
                "email": "jane@example.com",
                "first_name": "Jane",
            }
            for sent, stored in ((21.25, 21.3), (123456.78, 123456.8)):
                rate = {"percentage": sent}
                assert _stored(running, organization, key, "taxes", rate) == {"percentage": stored}
    with running_sandbox(*data) as running:
        organization, key = running.organizations[0]
        assert _coupon(running, organization, key).status_code == 201
        mixed = {"email": "Jane@Example.com"}
        assert _stored(running, organization, key, "contacts", mixed) == mixed


def _coupon(running: RunningSandbox, organization: str, key: str) -> httpx.Response:
    return _post(running, organization, key, "coupons", {"code": "SUMMER", "definition": {}})


def _stored(
    running: RunningSandbox, organization: str, key: str, kind: str, values: Mapping[str, object]
) -> dict[str, object]:
    [row] = _post(running, organization, key, kind, values).json()
    return {name: row[name] for name in values}


def _post(
    running: RunningSandbox, organization: str, key: str, kind: str, values: Mapping[str, object]
) -> httpx.Response:
    headers = {"Authorization": f"Bearer {key}", "Prefer": "return=representation"}
    body = {"organization_id": organization, **values}
    return httpx.post(f"{running.url}/{kind}", json=body, headers=headers, trust_env=False)
