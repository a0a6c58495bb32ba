"""Templates: what they make, what is stronger, where it stands, and how much is allowed."""

from pathlib import Path

import pytest

from reconciler.configuration.load import load
from reconciler.configuration.plain import plain_yaml
from reconciler.configuration.read import InvalidConfigurationError, read_configuration
from reconciler.configuration.resource import Configuration, Value
from reconciler.configuration.validate import validate
from reconciler.planning.digest import digest_of
from tests.builders import KINDS
from tests.sandbox_server import ROOT
from tests.unit.test_plan_digest import RESOLVER
from tests.validating import STACK, check, errors, good

PARK = ROOT / "examples" / "villa-park"
MOST_LINES = 75
GUEST = """
templates:
  guest:
    parameters:
      name: {type: string}
      city: {type: string, default: Delft}
      language: {type: string, default: nl}
      rating: {type: integer, default: 5}
      notes: {type: object, default: {}}
      known: {type: boolean, default: true}
    contacts:
      ${key}:
        first_name: "${name}"
        city: "${city}"
        language: "${language}"
        notes: "of ${name}, ${rating}"
      ${key}-twin: {$when: "${known}", first_name: "twin of ${name}"}
  family:
    parameters: {name: {type: string}, child: {type: boolean, default: false}}
    guest:
      ${key}-a: {name: "${name} A", known: false}
      ${key}-b: {$when: "${child}", name: "${name} B", known: false}
    contacts:
      ${key}: {last_name: "${name}", meta: [{name: "${name}", is: "${child}", "${key}": 1}]}
"""


def made(configuration: Configuration) -> dict[str, dict[str, Value]]:
    """Give the values of all resources by their address."""
    return {str(address): dict(r.values) for address, r in configuration.resources.items()}


@pytest.mark.parametrize(
    ("instance", "column", "value"),
    [
        ("{name: NO}", "first_name", "NO"),
        ("{name: 0123}", "first_name", "0123"),
        ("{name: 'null'}", "first_name", "null"),
        ("{name: ''}", "first_name", ""),
        ("{name: x, language: null}", "language", None),
        ("{name: x, city: Rome}", "city", "Rome"),
        ("{name: x}", "city", "Delft"),
        ("{name: x, rating: 7}", "notes", "of x, 7"),
        ("{name: $, rating: 7}", "notes", "of $, 7"),
        ('{name: "a$${b}"}', "first_name", "a${b}"),
        ('{name: "a", city: "${CITY}"}', "city", "Rome"),
        ('{name: "in ${CITY}"}', "notes", "of in Rome, 5"),
        ('{name: "${name}"}', "first_name", "a variable"),
        ("{name: x, $with: {contacts: {jane: {language: null}}}}", "language", None),
        ("{name: x, $with: {contacts: {jane: {city: Rome}}}}", "city", "Rome"),
    ],
)
def test_an_argument_is_read_by_the_type_of_its_parameter(
    instance: str, column: str, value: Value, tmp_path: Path
) -> None:
    text = f"{GUEST}guest:\n  jane: {instance}\n"
    known = good(text, folder=tmp_path, CITY="Rome", name="a variable")
    assert made(known)["contacts.jane"][column] == value


def test_dollars_of_two_arguments_do_not_become_a_variable(tmp_path: Path) -> None:
    text = """
templates:
  t:
    parameters: {a: {type: string}, b: {type: string}}
    contacts: {"${key}": {notes: "${a}${b}", city: "${a}{SECRET}"}}
t: {jane: {a: $, b: "{SECRET}"}}
"""
    values = made(good(text, folder=tmp_path, SECRET="s"))["contacts.jane"]
    assert values == {"notes": "${SECRET}", "city": "${SECRET}"}


@pytest.mark.parametrize(
    ("instances", "addresses"),
    [
        ("guest: {a: {name: A}}", "a a-twin"),
        ("guest: {a: {name: A, known: false}}", "a"),
        ("guest: {a: {name: A, $with: {contacts: {a-twin: {$omit: true}}}}}", "a"),
        ("guest: {a: {name: A, $with: {contacts: {a-twin: {$omit: false}}}}}", "a a-twin"),
        ("family: {f: {name: F}}", "f f-a"),
        ("family: {f: {name: F, child: true}}", "f f-a f-b"),
        ("family: {f: {name: F, $with: {contacts: {f-a: {$omit: true}}}}}", "f"),
        ("guest: {a: {name: A, known: false}}\ncontacts: {b: {}}", "a b"),
        ("guest:", ""),
    ],
)
def test_what_is_made(instances: str, addresses: str, tmp_path: Path) -> None:
    configuration = good(f"{GUEST}{instances}\n", folder=tmp_path)
    assert sorted(a.key for a in configuration.resources) == addresses.split()


def test_a_parameter_alone_keeps_its_type_and_a_text_stays_one(tmp_path: Path) -> None:
    text = f"{GUEST}family: {{f: {{name: '12', child: true}}}}\n"
    meta = made(good(text, folder=tmp_path))["contacts.f"]["meta"]
    assert meta == [{"name": "12", "is": True, "f": 1}]


WITH = "guest: {a: {name: A, $with: {contacts: {a: {city: W}}}}}"
DEFAULTS = "defaults: {contacts: {city: Default, country_code: NL}}\n"


@pytest.mark.parametrize(
    ("layers", "city"),
    [
        ([f"{DEFAULTS}contacts: {{a: {{}}}}"], "Default"),
        ([f"{DEFAULTS}contacts: {{a: {{city: ''}}}}"], ""),
        ([f"{DEFAULTS}contacts: {{a: {{$ignore: [city]}}}}"], "none given"),
        ([f"{DEFAULTS}contacts: {{a: {{}}}}", "contacts: {a: {$ignore: [city]}}"], "none given"),
        ([f"{DEFAULTS}{GUEST}guest: {{a: {{name: A}}}}"], "Delft"),
        ([f"{DEFAULTS}{GUEST}{WITH}"], "W"),
        ([f"{DEFAULTS}{GUEST}{WITH}", "contacts: {a: {city: Over}}"], "Over"),
        (["contacts: {a: {}}", f"{DEFAULTS}contacts: {{a: {{last_name: x}}}}"], "none given"),
        (["contacts: {b: {}}", f"{DEFAULTS}contacts: {{a: {{last_name: x}}}}"], "Default"),
        ([f"{DEFAULTS}contacts: {{b: {{}}}}", "contacts: {a: {last_name: x}}"], "Default"),
        ([GUEST, "guest: {a: {name: A, city: Over}}"], "Over"),
    ],
)
def test_what_is_stronger(layers: list[str], city: Value, tmp_path: Path) -> None:
    values = made(good(*layers, folder=tmp_path))["contacts.a"]
    assert values.get("city", "none given") == city


def test_the_defaults_of_a_file_are_for_that_file_and_stronger(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(f"{STACK}{DEFAULTS}{GUEST}contacts: {{a: {{}}}}\n")
    (tmp_path / "b.yaml").write_text(
        "defaults: {contacts: {city: Here, last_name: Own}}\n"
        "contacts: {b: {}}\nguest: {g: {name: G, known: false}}\n"
    )
    loaded = load([tmp_path], variables={}, environment={})
    configuration, problems = validate(loaded, KINDS, unset_is_error=True)
    assert configuration, problems
    assert made(configuration) == {
        "contacts.a": {"city": "Default", "country_code": "NL"},
        "contacts.b": {"city": "Here", "country_code": "NL", "last_name": "Own"},
        "contacts.g": {
            "first_name": "G", "city": "Delft", "language": "nl", "notes": "of G, 5",
            "country_code": "NL", "last_name": "Own",
        },
    }  # fmt: skip


def test_absent_is_for_live_rows_and_omit_is_not(tmp_path: Path) -> None:
    text = f"{GUEST}guest: {{a: {{name: A, $with: {{contacts: {{a: {{$absent: true}}}}}}}}}}\n"
    configuration = good(text, folder=tmp_path)
    assert [r.absent for r in configuration.resources.values()] == [True, False]


def test_what_is_wrong_points_at_the_instance_and_names_the_template(tmp_path: Path) -> None:
    text = """
templates:
  guest:
    contacts:
      ${key}:
        country_code: Netherlands
        frist_name: x
guest:
  jane: {}
"""
    _, problems = check(text, folder=tmp_path)
    told = [(p.position.line, p.message) for p in problems if p.position]
    assert [line for line, _ in told] == [10] * len(told)
    file = tmp_path / "0" / "a.yaml"
    assert any(message.endswith(f"(template guest, {file}:8:9)") for _, message in told)


def test_what_is_wrong_with_a_template_is_told_once(tmp_path: Path) -> None:
    text = """
templates:
  guest: {contacts: {"${key}": {frist_name: x}}}
guest: {a: , b: , c: {$with: {contacts: {c: {lsat_name: x}}}}}
"""
    _, problems = check(text, folder=tmp_path)
    first, own = (p for p in problems if p.code == "unknown-column")
    assert first.address == "contacts.a" and first.message.endswith("), and 2 more like it")
    assert own.address == "contacts.c" and "lsat_name" in own.message


def test_what_is_wrong_with_arguments_is_told_at_each(tmp_path: Path) -> None:
    text = """
templates:
  guest:
    parameters: {land: {type: string}}
    contacts: {"${key}": {frist_name: "${land}", country_code: "${land}"}}
  family:
    parameters: {land: {type: string}}
    guest: {"${key}-a": {land: "${land}"}}
guest:
  a:
    land: Narnia
  b:
    land: Narnia
family:
  f:
    land: Narnia
"""
    _, problems = check(text, folder=tmp_path)
    lines = (STACK + text).splitlines()
    told = [(p.code, lines[p.position.line - 1].strip()) for p in problems if p.position]
    assert told == [
        ("unknown-column", "a:"),
        ("invalid-value", "land: Narnia"),
        ("invalid-value", "land: Narnia"),
        ("invalid-value", "land: Narnia"),
    ]
    assert len({p.position for p in problems}) == 4


def test_a_resource_stands_at_its_instance(tmp_path: Path) -> None:
    text = f"{GUEST}guest:\n  jane:\n    name: Jane\n    known: false\n"
    (resource,) = good(text, folder=tmp_path).resources.values()
    lines = (STACK + text).splitlines()
    assert lines[resource.position.line - 1] == "  jane:"
    place = resource.place("first_name")
    assert lines[place.line - 1] == "    name: Jane"
    assert place.made_by and lines[place.made_by.line - 1] == '        first_name: "${name}"'


def bomb(deep: int, wide: int) -> str:
    """Write templates that multiply each other."""
    row = ", ".join(f'"${{key}}-{number}": {{}}' for number in range(wide))
    lines = [f"  t0: {{contacts: {{{row}}}}}"]
    lines += [f"  t{number + 1}: {{t{number}: {{{row}}}}}" for number in range(deep - 1)]
    return "templates:\n" + "\n".join(lines) + f"\nt{deep - 1}: {{a: {{}}}}\n"


def text_bomb(times: int, deep: int) -> str:
    """Write templates that make a text longer and longer."""
    more = "${t}" * times
    lines = ['  t0: {parameters: {t: {type: string}}, contacts: {"${key}": {notes: "${t}"}}}']
    lines += [
        f"  t{n + 1}: {{parameters: {{t: {{type: string}}}},"
        f' t{n}: {{"${{key}}": {{t: "{more}"}}}}}}'
        for n in range(deep - 1)
    ]
    return "templates:\n" + "\n".join(lines) + f"\nt{deep - 1}: {{a: {{t: xxxxxxxxxx}}}}\n"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (bomb(8, 100), "too-much-made"),
        (bomb(3, 50), "too-much-made"),
        (text_bomb(50, 8), "too-much-made"),
        (bomb(9, 1), "template-cycle"),
    ],
    ids=["resources", "a few more", "text", "deep"],
)
def test_a_pull_request_cannot_bomb_by_templates(text: str, code: str, tmp_path: Path) -> None:
    configuration, problems = check(text, folder=tmp_path)
    assert configuration is None
    assert errors(problems) == [code]


@pytest.mark.parametrize(("most", "fits"), [(100, True), (99, False)])
def test_only_the_caller_says_how_much_may_be_made(most: int, fits: bool, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(STACK + bomb(2, 10))
    loaded = load([tmp_path], variables={}, environment={}, most_made=most)
    configuration, problems = validate(loaded, KINDS, unset_is_error=True)
    assert (configuration is not None) == fits, problems


@pytest.mark.parametrize("elsewhere", [False, True])
@pytest.mark.parametrize(("most", "fits"), [(21, True), (20, False)])
def test_defaults_count_for_each_resource_that_gets_them(
    elsewhere: bool, most: int, fits: bool, tmp_path: Path
) -> None:
    defaults = f"defaults: {{contacts: {{notes: {'x' * 1000}}}}}\n"
    (tmp_path / "a.yaml").write_text(STACK + ("" if elsewhere else defaults))
    rows = "".join(f"  c{n}: {{}}\n" for n in range(10))
    made = "templates: {t: {contacts: {'${key}': {}}}}\n" + f"t:\n{rows.replace('c', 't')}"
    own = defaults if elsewhere else ""
    (tmp_path / "b.yaml").write_text(f"{own}contacts:\n{rows}{made}")
    loaded = load([tmp_path], variables={}, environment={}, most_made=most)
    configuration, problems = validate(loaded, KINDS, unset_is_error=True)
    assert errors(problems) == ([] if fits else ["too-much-made"])
    assert (configuration is not None) == fits


def test_what_is_made_under_one_key_is_not_lost(tmp_path: Path) -> None:
    inner = ", ".join(f"t{n}: {{'${{key}}': {{}}}}" for n in range(3))
    rows = "".join(f"  t{n}: {{contacts: {{'${{key}}': {{city: '{n}'}}}}}}\n" for n in range(3))
    text = f"templates:\n{rows}  all: {{{inner}}}\nall: {{a: {{}}, b: {{}}}}\n"
    _, problems = check(text, folder=tmp_path)
    assert errors(problems) == ["duplicate-address"] * 4


def test_the_deepest_use_that_is_allowed(tmp_path: Path) -> None:
    assert len(good(bomb(8, 1), folder=tmp_path).resources) == 1


def test_a_secret_comes_in_as_an_argument_and_stays_secret(tmp_path: Path) -> None:
    text = """
templates:
  stay:
    parameters: {secret: {type: string}}
    bookings:
      ${key}: {currency: EUR, display_currency: EUR, exchange_rate: 1, secret: "${secret}"}
"""
    given = {"TOKEN": "Zq-Hidden"}
    (tmp_path / "a.yaml").write_text(STACK + text)
    (tmp_path / "b.yaml").write_text("stay: {a: {secret: '${TOKEN}'}}\n")
    desired = read_configuration([tmp_path], KINDS, variables=given, environment={})
    assert desired.configuration.secrets == {"Zq-Hidden"}
    (tmp_path / "c.yaml").write_text("contacts: {a: {first_name: '${TOKEN}'}}\n")
    with pytest.raises(InvalidConfigurationError) as raised:
        read_configuration([tmp_path], KINDS, variables=given, environment={})
    assert [problem.code for problem in raised.value.problems] == ["secret-variable"]


def test_the_park_is_short_and_its_plain_twin_says_the_same() -> None:
    files = sorted(PARK.glob("*.yaml"))
    assert sum(len(file.read_text("utf-8").splitlines()) for file in files) <= MOST_LINES
    park, plain = (
        read_configuration([folder], KINDS, variables={}, environment={}).configuration
        for folder in (PARK, PARK.with_name("villa-park-plain"))
    )
    assert park.resources == plain.resources
    assert digest_of(park, RESOLVER) == digest_of(plain, RESOLVER)
    counts = {kind: len(list(park.of_kind(kind))) for kind in ("products", "product_services")}
    assert counts == {"products": 12, "product_services": 38}


def test_plain_yaml_has_no_templates() -> None:
    loaded = load([PARK], variables={}, environment={})
    text = "\n".join(plain_yaml(loaded, KINDS))
    assert "${" not in text and "templates:" not in text and "defaults:" not in text


@pytest.mark.parametrize("meta", ["{n: '${n}'}", "['${n}']", "'${n}'", "[[{a: '${n}'}]]"])
@pytest.mark.parametrize(("kind", "value"), [("integer", 5), ("number", 5), ("string", "5")])
def test_plain_yaml_leaves_it_to_a_variable_what_it_is(
    meta: str, kind: str, value: Value, tmp_path: Path
) -> None:
    text = f"""
templates:
  t: {{parameters: {{n: {{type: {kind}}}}}, contacts: {{"${{key}}": {{meta: [{meta}]}}}}}}
t: {{jane: {{n: "${{N}}"}}}}
"""
    known = good(text, folder=tmp_path, N="5")
    loaded = load([tmp_path / "0"], variables={"N": "5"}, environment={})
    plain = "\n".join(plain_yaml(loaded, KINDS)).partition("\n")[2]
    again = good(plain.removeprefix("  stack: villa-7f3a\n"), folder=tmp_path, N="5")
    assert made(known) == made(again)
    assert repr(value) in str(made(again))


@pytest.mark.parametrize(
    ("kind", "choices", "argument", "fits"),
    [
        ("string", "[NO, YES]", "NO", True),
        ("string", "[NO, YES]", "no", False),
        ("string", "[1, 2]", "1.0", False),
        ("number", "[1, 2.50]", "1.0", True),
        ("number", "[1, 2.50]", "2.5", True),
        ("number", "[1, 2.50]", "2", False),
        ("integer", "[1, '02']", "2", True),
        ("boolean", "['true']", "true", True),
        ("boolean", "[true]", "false", False),
    ],
)
def test_an_enum_holds_values_of_the_type(
    kind: str, choices: str, argument: str, fits: bool, tmp_path: Path
) -> None:
    text = f"""
templates:
  t:
    parameters: {{x: {{type: {kind}, enum: {choices}}}}}
    contacts: {{"${{key}}": {{meta: ["${{x}}"]}}}}
t: {{jane: {{x: {argument}}}}}
"""
    found = errors(check(text, folder=tmp_path)[1])
    assert found == ([] if fits else ["bad-argument"])


def declared(parameters: str) -> str:
    """Write a template that declares parameters."""
    return f'templates: {{t: {{parameters: {{{parameters}}}, contacts: {{"${{key}}": {{}}}}}}}}\n'


MANY = ", ".join(f"p{n}: {{type: string}}" for n in range(201))
TEMPLATES = "".join(f'  t{n}: {{contacts: {{"${{key}}": {{}}}}}}\n' for n in range(1001))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (declared("x: {type: integer, enum: [1, b]}"), "'b' in its enum is not"),
        (declared("x: {type: string, enum: ['${X}']}"), "takes no variables in its enum"),
        (declared("x: {type: string, minimum: 1}"), "has no rule 'minimum'"),
        (declared("x: {type: array, enum: [a]}"), "has no rule 'enum'"),
        (declared(f"x: {{type: integer, enum: {list(range(201))}}}"), "at most 200 values"),
        (declared(MANY), "more than 200 parameters"),
        (f"templates:\n{TEMPLATES}", "more than 1,000 templates"),
    ],
)
def test_a_template_is_refused(text: str, message: str, tmp_path: Path) -> None:
    (problem,) = check(text, folder=tmp_path)[1]
    assert problem.code == "bad-template" and message in problem.message


def test_a_long_list_of_choices_is_shortened(tmp_path: Path) -> None:
    choices = [*range(20, 31), 10**30]
    text = declared(f"x: {{type: integer, enum: {choices}}}") + "t: {a: {x: 1}}\n"
    (problem,) = check(text, folder=tmp_path)[1]
    assert "one of 20, 21, 22, 23, 24, 25, 26, 27, 28, 29 and 2 more, as" in problem.message
