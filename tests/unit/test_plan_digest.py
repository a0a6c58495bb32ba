"""The digest of the desired state: what changes it, and what does not."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from reconciler.configuration.resource import Configuration, IdMap, Unknown, Value
from reconciler.identity.resolve import Resolver
from reconciler.planning.digest import digest_of
from reconciler.values.sent import Pending, Sent
from tests.builders import address, configuration, foreign_id, lookup, ref, resource, row_ref

LOOKUP = lookup("taxes", type="included")
IDS = {address("contacts.jane"): foreign_id(1), address("products.villa"): None}
RESOLVER = Resolver(IDS, {LOOKUP: foreign_id(2)})
NOTHING = Resolver({}, {})


def of(whole: Configuration, resolver: Resolver = RESOLVER) -> str:
    return digest_of(whole, resolver)


FIRST = configuration(
    resource("contacts.jane", first_name="Jane", inputs={"silent": True}),
    resource("contact_bookings.l", contact_id=ref("contacts.jane")),
    resource("services.s", fee={"tax_id": LOOKUP}),
)


def with_(*more: Mapping[str, Value], **fields: object) -> Configuration:
    """The first configuration, with one thing else."""
    jane = resource("contacts.jane", *more, **fields)  # type: ignore[arg-type]
    return replace(FIRST, resources={**FIRST.resources, jane.address: jane})


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(replace(FIRST, stack="barn"), id="the stack"),
        pytest.param(replace(FIRST, protect=frozenset({"taxes"})), id="what is protected"),
        pytest.param(replace(FIRST, limited=frozenset()), id="a limit"),
        pytest.param(replace(FIRST, limited=frozenset({address("contacts.jane")})), id="another"),
        pytest.param(with_(first_name="Joan", inputs={"silent": True}), id="a value"),
        pytest.param(with_(last_name="Jane", inputs={"silent": True}), id="a column"),
        pytest.param(with_(first_name="Jane", inputs={"silent": False}), id="an input"),
        pytest.param(with_(first_name="Jane"), id="no input"),
        pytest.param(with_(first_name="Jane", inputs={"silent": True}, absent=True), id="absent"),
        pytest.param(replace(FIRST, resources={}), id="the resources"),
    ],
)
def test_another_desired_state_has_another_digest(other: Configuration) -> None:
    assert of(other) != of(FIRST)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(replace(FIRST, files=("other.yaml",)), id="the files"),
        pytest.param(with_(first_name="Jane", inputs={"silent": True}, line=9), id="the lines"),
        pytest.param(
            with_(first_name="Jane", inputs={"silent": True}, renamed_from="x"), id="a rename"
        ),
        pytest.param(
            replace(FIRST, resources=dict(reversed([*FIRST.resources.items()]))), id="the order"
        ),
    ],
)
def test_what_does_not_matter_leaves_the_digest(other: Configuration) -> None:
    assert of(other) == of(FIRST)
    assert of(FIRST).startswith("sha256:")
    assert len(of(FIRST)) == len("sha256:") + 64


def test_limits_and_protection_are_sets() -> None:
    two = {address("contacts.a"), address("contacts.b")}
    texts = {of(replace(FIRST, limited=frozenset(sorted(two, reverse=r)))) for r in (True, False)}
    assert len(texts) == 1


def test_ids_that_the_configuration_makes_do_not_enter_it_but_lookups_do() -> None:
    later = Resolver({**IDS, address("contacts.jane"): foreign_id(9)}, RESOLVER.lookups)
    assert of(FIRST, later) == of(FIRST)
    elsewhere = Resolver(IDS, {LOOKUP: foreign_id(9)})
    assert of(FIRST, elsewhere) != of(FIRST)


@pytest.mark.parametrize(
    ("value", "sent", "described"),
    [
        (ref("contacts.jane"), foreign_id(1), {"address": "contacts.jane"}),
        (ref("products.villa"), Pending(address("products.villa")), {"address": "products.villa"}),
        (ref("contacts.nobody"), Pending(address("contacts.nobody")),
         {"address": "contacts.nobody"}),
        (row_ref("taxes", foreign_id(3)), foreign_id(3), foreign_id(3)),
        (LOOKUP, foreign_id(2), foreign_id(2)),
        (lookup("taxes", type="x"), None, None),
        (IdMap(((row_ref("taxes", foreign_id(3)), [LOOKUP, 1]),)),
         {foreign_id(3): [foreign_id(2), 1]}, [[foreign_id(3), [foreign_id(2), 1]]]),
        (IdMap(((ref("contacts.jane"), 1),)), {foreign_id(1): 1},
         [[{"address": "contacts.jane"}, 1]]),
        ({"a": [ref("contacts.jane"), None]}, {"a": [foreign_id(1), None]},
         {"a": [{"address": "contacts.jane"}, None]}),
        ("text", "text", "text"),
        (0, 0, 0),
    ],
)  # fmt: skip
def test_references_become_ids_where_they_are_sent_and_names_in_the_digest(
    value: Value, sent: Sent, described: object
) -> None:
    assert RESOLVER.value(value) == sent
    assert RESOLVER.described(value) == described


def test_a_variable_that_is_not_set_is_known_by_its_name_and_never_sent() -> None:
    assert NOTHING.described(Unknown("KEY", "set it")) == {"unset": "KEY"}
    with pytest.raises(AssertionError, match="KEY"):
        NOTHING.value(Unknown("KEY"))
