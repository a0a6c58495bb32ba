"""What a name stands for that people ask about: a code, a kind, or a column."""

import pytest

from reconciler.catalogue.explained import Asked
from reconciler.diagnostics import UsageError
from tests.builders import KINDS


@pytest.mark.parametrize(
    ("name", "code", "kind", "column"),
    [
        ("", None, None, None),
        ("unknown-column", "unknown-column", None, None),
        ("23505", "23505", None, None),
        ("contacts", None, "contacts", None),
        ("contacts.email", None, "contacts", "email"),
    ],
)
def test_a_name(name: str, code: str | None, kind: str | None, column: str | None) -> None:
    asked = Asked.of(name, KINDS)
    assert (asked.code and asked.code.code) == code
    assert (asked.kind and asked.kind.name) == kind
    assert (asked.column and asked.column.name) == column


@pytest.mark.parametrize(
    ("name", "create", "facts", "says", "hint"),
    [
        ("contact", False, False, "no code or kind contact", "did you mean contacts?"),
        ("unknown_colum", False, False, "no code or kind", "did you mean unknown-column?"),
        ("contacts.emial", False, False, "contacts has no column 'emial'", "did you mean email?"),
        ("contacts.zzzz", False, False, "no column 'zzzz'", "`reconciler explain contacts` lists"),
        ("23505", True, False, "--create is about a kind", "name one, such as"),
        ("contacts.email", True, False, "--create is about a kind", "name one, such as"),
        ("organizations", True, False, "cannot be created", "reconciler explain organizations"),
        ("23505", False, True, "about a kind or a column", "name one"),
        ("", False, True, "about a kind or a column", "name one"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    name: str, create: bool, facts: bool, says: str, hint: str
) -> None:
    with pytest.raises(UsageError) as raised:
        Asked.of(name, KINDS, create=create, facts=facts)
    assert says in raised.value.message
    assert hint in (raised.value.hint or "")
