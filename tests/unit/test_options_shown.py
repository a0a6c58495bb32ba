"""What options give may be a secret or personal: an error names the option, not the value."""

from collections.abc import Callable

import pytest

from reconciler.configuration.load.variable_file import read_variables
from reconciler.diagnostics import UsageError
from reconciler.exporting import parse_where
from reconciler.sandbox.settings import KeySpec, organization_pair
from tests.builders import KINDS, ORGANIZATION


def _where(text: str) -> object:
    return parse_where(["contacts:email=eq.x", text], KINDS)


def _variable(text: str) -> object:
    return read_variables(("name=value", text), ())


@pytest.mark.parametrize(
    ("read", "text", "says"),
    [
        (_where, "zq@x.test", "--where number 2 is not KIND:COLUMN=OPERATOR.VALUE"),
        (_where, "contacts:email=zq@x.test", "--where number 2 is not KIND:COLUMN=OPERATOR.VALUE"),
        (_where, "contacts:emial=eq.zq@x.test", "--where: there is no column contacts.emial"),
        (_where, "webhooks:signing_secret=eq.zq", "--where: webhooks.signing_secret is a secret"),
        (_variable, "zq", "--var number 2 is not NAME=VALUE"),
        (_variable, "zq-secret=", "--var number 2 is not NAME=VALUE"),
        (KeySpec.parse, "zq", "what --key gives is no key"),
        (KeySpec.parse, f"zq={ORGANIZATION}:any", "what --key gives is no key"),
        (KeySpec.parse, f"{ORGANIZATION}=zq:read", "the id of an organization is no UUID"),
        (organization_pair, "zq", "what --organization gives is no organization"),
        (organization_pair, f"zq={ORGANIZATION}", "the id of an organization is no UUID"),
    ],
)
def test_an_option_is_refused_without_its_value(
    read: Callable[[str], object], text: str, says: str
) -> None:
    with pytest.raises(UsageError) as error:
        read(text)
    assert error.value.message == says
    assert "zq" not in str(error.value.hint)
