"""Templates and defaults as editors should take them: what they may hold, and their parameters."""

from collections.abc import Iterator, Mapping

from ..catalogue import Kind
from ..configuration.expand.names import KEY, OMIT, PARAMETERS, WHEN, WITH
from ..configuration.expand.parameters import PARAMETER_TYPES, Parameter
from ..configuration.expand.tell import Tell
from ..configuration.expand.template import Template, read_templates
from ..configuration.load import Loaded, ProblemReport
from ..configuration.validate.suggest import Suggester
from ..values.column import JSON
from ..values.types import TYPES
from ..yamltext.quotes import is_plain
from .scalars import Schema, scalar

Templates = Mapping[str, Template]
"""The templates of a folder by their names; what is wrong is left out."""

_NULLABLE: JSON = ["object", "null"]
_ANY_TEXT: Schema = {
    "if": {"type": ["object", "array"]},
    "then": {"type": "string", "errorMessage": "Takes a text."},
}
_MADE_KEY: Schema = {
    "description": "A key; ${key} in it is that of the instance.",
    "pattern": r"^([a-z0-9_-]|\$\{key\})+$",
}


def templates_of(loaded: Loaded, kinds: Mapping[str, Kind]) -> Templates:
    """Read the templates of a folder; what is wrong with them is for others to say."""
    found = read_templates(loaded, kinds, Tell(ProblemReport(), Suggester(0).hint))
    return {name: template for name, template in found.items() if template}


def top_level(kinds: Mapping[str, Kind], templates: Templates) -> Iterator[tuple[str, JSON]]:
    """Describe what stands at the top of a file: templates, defaults, and instances."""
    yield "templates", _templates(kinds, templates)
    yield "defaults", _defaults(kinds)
    for name, template in templates.items():
        instance = _without(_ref(_instance_name(name)), WHEN)
        yield name, _keyed(_about(template), _ref("key"), instance)


def definitions(
    kinds: Mapping[str, Kind], templates: Templates, directives: Schema
) -> Iterator[tuple[str, JSON]]:
    """Describe the parts: a row that a template makes, of each kind, and an instance of each."""
    yield (
        "when",
        {
            "description": "Leaves this out where the boolean parameter is false.",
            "type": "string",
            "pattern": r"^\$\{\w+\}$",
        },
    )
    if templates:
        yield "with", _with(kinds)
    for name in kinds:
        yield _row_name(name), _row(kinds[name], directives)
    for name, template in templates.items():
        yield _instance_name(name), _instance(template)


def _templates(kinds: Mapping[str, Kind], templates: Templates) -> Schema:
    sections: dict[str, JSON] = {
        PARAMETERS: {
            "description": "What the template takes, by name.",
            "type": _NULLABLE,
            "propertyNames": {"pattern": rf"^(?!{KEY}$)[A-Za-z_][A-Za-z0-9_]*$"},
            "additionalProperties": _declared(),
        },
        "description": {"type": "string"},
    }
    for name, kind in kinds.items():
        row = _without(_ref(_row_name(name)), OMIT)
        links: Schema = {"type": ["array", "null"], "items": row}
        about = f"What the template makes of {name}."
        sections[name] = (
            {"description": about, **links} if kind.is_link else _keyed(about, _MADE_KEY, row)
        )
    for name, template in templates.items():
        sections[name] = _keyed(_about(template), _MADE_KEY, _ref(_instance_name(name)))
    return {
        "description": "What is nearly the same many times, written once.",
        "type": _NULLABLE,
        "propertyNames": {"not": {"enum": list[JSON](kinds)}},
        "additionalProperties": {
            "type": "object",
            "properties": sections,
            "additionalProperties": False,
        },
    }


def _declared() -> Schema:
    """Describe the declaration of a parameter."""
    return {
        "type": "object",
        "properties": {
            "type": {"description": "What it takes.", "enum": list[JSON](PARAMETER_TYPES)},
            "default": {"description": "Makes the parameter optional."},
            "minimum": {"type": "number"},
            "maximum": {"type": "number"},
            "enum": {"description": "The values that it takes.", "type": "array", "minItems": 1},
            "description": {"description": "For people.", "type": "string"},
        },
        "required": ["type"],
        "additionalProperties": False,
    }


def _defaults(kinds: Mapping[str, Kind]) -> Schema:
    rows: dict[str, JSON] = {
        name: {"allOf": [_ref(_row_name(name)), {"propertyNames": {"pattern": "^[^$]"}}]}
        for name in kinds
    }
    return {
        "description": "Columns of all resources of a kind: where `reconciler:` is, of the whole"
        " folder, else of this file.",
        "type": _NULLABLE,
        "properties": rows,
        "additionalProperties": False,
    }


def _with(kinds: Mapping[str, Kind]) -> Schema:
    sections: dict[str, JSON] = {
        name: {
            "type": _NULLABLE,
            "additionalProperties": _without(_ref(_row_name(name)), WHEN),
        }
        for name in kinds
    }
    return {
        "description": "What this one says otherwise: kind, key, columns. A link's key is a--b.",
        "type": _NULLABLE,
        "properties": sections,
        "additionalProperties": False,
    }


def _row(kind: Kind, directives: Schema) -> Schema:
    """Describe a row by the one that is written out: the same columns, none of them needed."""
    given = directives["properties"]
    columns = (*kind.columns.values(), *kind.inputs.values())
    names = [column.name for column in columns if column.writable]
    names += list(given) if isinstance(given, dict) else []
    properties: dict[str, JSON] = {n: _ref(f"{kind.name}/properties/{n}") for n in names}
    properties[WHEN] = _ref("when")
    properties[OMIT] = {"description": "Leaves this one resource unmade.", "type": "boolean"}
    return {"type": _NULLABLE, "properties": properties, "additionalProperties": False}


def _instance(template: Template) -> Schema:
    needed = [p.name for p in template.parameters.values() if p.default is None]
    properties: dict[str, JSON] = {
        name: _argument(parameter) for name, parameter in template.parameters.items()
    }
    properties |= {WITH: _ref("with"), WHEN: _ref("when")}
    whole: Schema = {
        "type": "object" if needed else _NULLABLE,
        "properties": properties,
        "additionalProperties": False,
    }
    return {**whole, "required": list[JSON](needed)} if needed else whole


def _argument(parameter: Parameter) -> Schema:
    """Describe an argument; all may be null, and single ones variables."""
    name = parameter.type
    if name in ("array", "object"):
        return {"type": [name, "null"]}
    if name == "string":
        texts = [choice for choice in parameter.choices if isinstance(choice, str)]
        if not texts or not all(map(is_plain, texts)):
            return _ANY_TEXT
        choices: Schema = {"enum": list[JSON]((*texts, None))}
        return {"anyOf": [choices, _ref("variable")]}
    if name == "number":
        return {"type": ["number", "string", "null"], **_limits(parameter)}
    described = scalar(TYPES["bigint" if name == "integer" else name], _limits(parameter))
    return {**described, "type": [name, "string", "null"]}


def _limits(parameter: Parameter) -> Schema:
    limits = {"minimum": parameter.minimum, "maximum": parameter.maximum}
    return {name: float(limit) for name, limit in limits.items() if limit is not None}


def _keyed(about: str, key: Schema, row: Schema) -> Schema:
    return {
        "description": about,
        "type": _NULLABLE,
        "propertyNames": key,
        "additionalProperties": row,
    }


def _without(row: Schema, name: str) -> Schema:
    return {"allOf": [row, {"propertyNames": {"not": {"const": name}}}]}


def _about(template: Template) -> str:
    return f"What the template {template.name} makes, by keys: {', '.join(template.sections)}."


def _row_name(kind: str) -> str:
    return f"made-{kind}"


def _instance_name(template: str) -> str:
    return f"instance-{template}"


def _ref(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}
