"""A folder with templates, and the plain YAML that it expands to, are one configuration."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias

from hypothesis import given
from hypothesis import strategies as st

from reconciler.configuration.load import Loaded, load
from reconciler.configuration.plain import plain_yaml
from reconciler.configuration.resource import Configuration
from reconciler.configuration.validate import validate
from reconciler.ids import Owner
from reconciler.planning.digest import digest_of
from tests.builders import KINDS, ORGANIZATION
from tests.unit.test_plan_digest import NOTHING
from tests.validating import STACK

Json: TypeAlias = Any  # what hypothesis draws is written as JSON, and read as YAML

KEYS = st.sampled_from(["a", "b", "c-d", "e_1"])
TEXTS = st.sampled_from(
    ["NO", "1", "0123", "1.10", "null", "~", "", "true", "x: y", "# no", "a\nb", " pad ", "é\u2028",
     "-", "$", "$$", "{X}", "$${X}", "${VAR}", "in ${VAR} and ${VAR}", "[1]", "2026-01-01", "'"]
)  # fmt: skip
SCALARS = TEXTS | st.integers(-3, 99) | st.booleans() | st.floats(-2, 2, width=16)
VALUES = st.recursive(
    SCALARS | st.none(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=2),
    max_leaves=4,
)
NAMES = st.sampled_from(["text", "whole", "number", "list", "map", "yes", "key"])
PARAMETERS: dict[str, Json] = {
    "text": {"type": "string", "default": "${VAR}"},
    "whole": {"type": "integer", "default": 7},
    "number": {"type": "number", "default": "${VAR}"},
    "yes": {"type": "boolean", "default": True},
    "list": {"type": "array", "default": [1, "1"]},
    "map": {"type": "object", "default": {"a": "NO"}},
}
SINGLE = st.sampled_from(["text", "whole", "number", "yes", "key"])
MIXED = st.builds(lambda a, name, b: f"{a}${{{name}}}{b}", TEXTS, SINGLE, TEXTS).filter(
    lambda text: "VAR" not in text and "$$$" not in text
)
INSIDE = st.recursive(
    st.builds(lambda name: f"${{{name}}}", NAMES | st.just("number"))
    | MIXED
    | st.integers(0, 3)
    | st.none(),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["a", "${key}", "b-${key}"]), inner, max_size=2)
    ),
    max_leaves=4,
)
TEXT_COLUMNS = st.fixed_dictionaries(
    {}, optional={"notes": MIXED, "city": SINGLE.map(lambda name: f"${{{name}}}"), "zip": TEXTS}
).map(lambda columns: {n: v for n, v in columns.items() if "VAR" not in str(v)})
ROWS = st.builds(
    lambda columns, meta, when: {**columns, "meta": [meta], **when},
    TEXT_COLUMNS,
    INSIDE,
    st.sampled_from([{}, {"$when": "${yes}"}]),
)
ARGUMENTS = st.fixed_dictionaries(
    {},
    optional={
        "text": TEXTS,
        "whole": st.integers(-9, 9) | st.just("${VAR}"),
        "number": st.floats(-2, 2, width=16) | st.sampled_from(["${VAR}", "-${VAR}", "1${VAR}"]),
        "yes": st.booleans(),
        "list": st.lists(VALUES, max_size=2),
        "map": st.dictionaries(KEYS, VALUES, max_size=2),
        "$with": st.dictionaries(
            st.just("contacts"),
            st.fixed_dictionaries({"KEY": st.sampled_from([{"city": "W"}, {"$omit": True}, {}])}),
        ),
    },
)


@st.composite
def folders(draw: st.DrawFn) -> list[dict[str, Json]]:
    """Draw files: templates, one that uses another, instances, defaults, an overlay."""
    template: Json = {"parameters": PARAMETERS, "contacts": {"${key}": draw(ROWS)}}
    other: Json = {
        "parameters": PARAMETERS,
        "person": {"${key}-in": {"text": "${text}", "map": "${map}", "yes": "${yes}"}},
        "contacts": {"${key}-own": draw(ROWS)},
    }
    instances: dict[str, Json] = {}
    for key, arguments in draw(st.dictionaries(KEYS, ARGUMENTS, max_size=3)).items():
        own: dict[str, Json] = {**arguments}
        if "$with" in own and draw(st.booleans()):
            own["$with"] = {k: {key: v["KEY"]} for k, v in own["$with"].items()}
        else:
            own.pop("$with", None)
        row = template["contacts"]["${key}"]
        if "$when" in row and own.get("yes") is False:
            own.pop("$with", None)
        instances[key] = own
    plain = {key: {"meta": [draw(VALUES)]} for key in draw(st.lists(KEYS, max_size=2))}
    base: dict[str, Json] = {
        "templates": {"person": template, "house": other},
        "person": instances,
        "house": {"h": {}} if draw(st.booleans()) else {},
        "defaults": {"contacts": draw(st.sampled_from([{}, {"zip": "0001"}, {"city": "D"}]))},
    }
    overlay: dict[str, Json] = {
        "contacts": {
            **{f"over-{k}": v for k, v in plain.items()},
            **{key: {} for key in instances},
        },
        "defaults": {"contacts": {"street": "Over"}},
    }
    return [base, overlay] if draw(st.booleans()) else [base]


def read(paths: list[Path], **variables: str) -> tuple[Loaded, Configuration]:
    loaded = load(paths, variables=variables, environment={})
    configuration, problems = validate(loaded, KINDS, unset_is_error=True)
    assert configuration is not None, problems
    return loaded, configuration


@given(folders(), st.sampled_from(["6", "NO", "7"]))
def test_what_is_expanded_is_the_same_configuration(
    files: list[dict[str, Json]], variable: str
) -> None:
    with TemporaryDirectory() as name:
        paths = [Path(name) / str(number) for number in range(len(files))]
        for path, file in zip(paths, files, strict=True):
            path.mkdir()
            (path / "a.yaml").write_text(json.dumps(file, ensure_ascii=False), "utf-8")
        (paths[0] / "stack.yaml").write_text(STACK, "utf-8")
        loaded, templated = read(paths, VAR=variable)
        plain = Path(name) / "plain"
        plain.mkdir()
        (plain / "all.yaml").write_text("\n".join(plain_yaml(loaded, KINDS)) + "\n", "utf-8")
        _, expanded = read([plain], VAR=variable)
    assert dict(templated.resources) == dict(expanded.resources)
    assert digest_of(templated, NOTHING) == digest_of(expanded, NOTHING)
    owners = [Owner(ORGANIZATION, one.stack) for one in (templated, expanded)]
    ids = [{owner.id_of(a) for a in templated.resources} for owner in owners]
    assert ids[0] == ids[1]
