"""The shape of the code: each module imports only from its left, and what goes in stays small.

The rules read the source with ``ast``, so imports for types and imports inside functions count,
too. Each rule is tried on a made-up package that breaks it.
"""

import ast
from collections.abc import Callable, Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

from reconciler.catalogue import load_kinds
from reconciler.configuration.load import paused_collector

from .sandbox_server import ROOT

PACKAGE = ROOT / "reconciler"
ROW = """
    diagnostics spans telemetry files git values yamltext catalogue configuration editor format
    ids bindings transfers remembered history client live identity
    calendar plan journal locking staging planning policies execution exporting sync pulling moving
    migration
    local_sandbox rehearsal fleet api language_server render support demo commands cli __main__
""".split()  # noqa: SIM905 (it is read as a row)
TOP = {"", "sandbox", "__version__", "DISTRIBUTION"}
SANDBOX_IMPORTS = {"diagnostics", "catalogue", "values"}
HTTP = {"httpx", "httpcore", "httpx_aiohttp", "aiohttp", "requests", "urllib3"}
MAY_SEND = {"client", "sandbox", "telemetry"}
TERMINAL = {"click", "rich"}
YAML_ERRORS = {"YAMLError", "MarkedYAMLError"}
OPEN_THE_API = {"api", "commands", "fleet.place", "fleet.work", "migration.ends", "rehearsal.rows"}
SPEAKERS = {"sandbox", *ROW[ROW.index("render") :]}
MAY_ECHO = {"render.out", "commands.sandbox"}
ECHOES = {"click.echo", "click.secho", "sys.stdout.write", "sys.stderr.write"}
KNOW_KINDS = {"execution/special.py", "fleet/words.py"}
SHIPPED_KINDS = {
    "catalogue", "catalogue.growth.grow", "configuration.grown", "configuration.resource",
    "planning.planned", "journal.read", "sandbox.schema", "support.candidates", "api.migrations",
    "commands.doctor", "commands.explain", "commands.init", "commands.migrate",
}  # fmt: skip
LONGEST_FILE = 400
LONGEST_FUNCTION = 60


class Module(NamedTuple):
    """A file of a package: its path in it, its dotted name without the package's.

    ``nodes`` are those of its tree, walked once for all rules.
    """

    path: Path
    name: str
    nodes: "Nodes"
    imports: "tuple[Import, ...]"
    lines: int

    @property
    def top(self) -> str:
        """The top-level module it belongs to, or nothing for the package itself."""
        return self.name.partition(".")[0]


class Nodes(NamedTuple):
    """What the rules look for in a tree; ``prose`` are strings that stand alone, for people."""

    names: tuple[ast.Name, ...]
    attributes: tuple[ast.Attribute, ...]
    functions: tuple[ast.FunctionDef | ast.AsyncFunctionDef, ...]
    constants: tuple[ast.Constant, ...]
    prose: frozenset[ast.expr]


class Import(NamedTuple):
    """A name that a file imports: inside the package (dotted, without the package's) or outside."""

    line: int
    inside: bool
    name: str


Rule = Callable[[list[Module]], Iterator[str]]


def imports_point_left(modules: list[Module]) -> Iterator[str]:
    """Find imports from the same place in the row or from the right of it."""
    for module, found in inside_imports(modules):
        target = found.name.partition(".")[0]
        if module.top in {"", "sandbox", target} or target in TOP:
            continue
        unknown = [name for name in (module.top, target) if name not in ROW]
        if unknown:
            yield f"{module.path}:{found.line} {unknown[0]} has no place in the row"
        elif ROW.index(target) >= ROW.index(module.top):
            yield f"{module.path}:{found.line} {module.top} imports {target}, which is to its right"


def the_sandbox_has_its_own_room(modules: list[Module]) -> Iterator[str]:
    """Find what the sandbox should not know, and who should not know the sandbox."""
    for module, found in inside_imports(modules):
        target = found.name.partition(".")[0]
        if module.top == "sandbox" and target not in SANDBOX_IMPORTS | {"sandbox", ""}:
            yield f"{module.path}:{found.line} the sandbox imports {target}"
        if target == "sandbox" and module.top != "sandbox" and module.name != "commands.sandbox":
            yield f"{module.path}:{found.line} {module.name} imports the sandbox"


def no_cycles(modules: list[Module]) -> Iterator[str]:
    """Find a ring of files that import each other."""
    names = {module.name for module in modules}
    graph: dict[str, set[str]] = {name: set() for name in names}
    for module, found in inside_imports(modules):
        target = found.name if found.name in names else found.name.rpartition(".")[0]
        if target and target != module.name:
            graph[module.name].add(target)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        yield "a ring: " + " -> ".join(error.args[1])


def only_the_client_knows_http(modules: list[Module]) -> Iterator[str]:
    """Find HTTP libraries outside the client."""
    for module in modules:
        for found in module.imports:
            if module.top not in MAY_SEND and found.name.partition(".")[0] in HTTP:
                yield f"{module.path}:{found.line} imports {found.name}"


def only_one_room_reads_yaml(modules: list[Module]) -> Iterator[str]:
    """Find events and parsers of YAML outside their room; errors are told where they are caught."""
    for module in modules:
        for found in module.imports:
            package, _, name = found.name.partition(".")
            if package == "yaml" and module.top != "yamltext" and name not in YAML_ERRORS:
                yield f"{module.path}:{found.line} imports {found.name}"


def few_know_which_api_it_is(modules: list[Module]) -> Iterator[str]:
    """Find who names the client over HTTP where a protocol would do."""
    for module, found in inside_imports(modules):
        opens = module.top in OPEN_THE_API or module.name in OPEN_THE_API
        if found.name.startswith("client.client") and not opens:
            yield f"{module.path}:{found.line} imports {found.name}, not client.protocols"


def only_a_few_speak(modules: list[Module]) -> Iterator[str]:
    """Find ``print`` anywhere, and ``click.echo`` in the core."""
    for module in modules:
        for name in module.nodes.names:
            if name.id == "print":
                yield f"{module.path}:{name.lineno} print"
        for node in module.nodes.attributes if module.top not in SPEAKERS else ():
            if (says := dotted(node)) in {"click.echo", "click.secho", "sys.stdout", "sys.stderr"}:
                yield f"{module.path}:{node.lineno} {says}"


def the_core_draws_nothing(modules: list[Module]) -> Iterator[str]:
    """Find what is made for command lines and terminals left of ``render``."""
    core = {"", *ROW[: ROW.index("render")]}
    for module in modules:
        for found in module.imports:
            if module.top in core and found.name.partition(".")[0] in TERMINAL:
                yield f"{module.path}:{found.line} the core imports {found.name}"


def there_is_one_way_out(modules: list[Module]) -> Iterator[str]:
    """Find commands that write past ``render.out``, which makes every text visible."""
    for module in modules:
        if module.top == "sandbox" or module.name in MAY_ECHO:
            continue
        for node in module.nodes.attributes:
            if (says := dotted(node)) in ECHOES:
                yield f"{module.path}:{node.lineno} {says}: say it by render.out"


def no_kind_is_known_by_name(modules: list[Module]) -> Iterator[str]:
    """Find the names of kinds in strings: adding a kind is adding a schema."""
    names = set(load_kinds())
    for module in modules:
        if module.top == "sandbox" or module.path.as_posix() in KNOW_KINDS:
            continue
        for node in module.nodes.constants:
            if node not in module.nodes.prose and node.value in names:
                yield f"{module.path}:{node.lineno} knows {node.value!r}"


def kinds_come_from_the_folder(modules: list[Module]) -> Iterator[str]:
    """Find who takes the shipped kinds, where a folder may have more: ``kinds_of`` gives them."""
    for module, found in inside_imports(modules):
        if found.name.endswith(".load_kinds") and module.name not in SHIPPED_KINDS:
            yield f"{module.path}:{found.line} {module.name} takes the shipped kinds"


def nothing_is_long(modules: list[Module]) -> Iterator[str]:
    """Find files and functions that do too much."""
    for module in modules:
        if module.lines > LONGEST_FILE:
            yield f"{module.path} has {module.lines} lines"
        for node in module.nodes.functions:
            assert node.end_lineno
            length = node.end_lineno - node.lineno + 1
            if length > LONGEST_FUNCTION:
                yield f"{module.path}:{node.lineno} {node.name} has {length} lines"


RULES: tuple[Rule, ...] = (
    imports_point_left,
    the_sandbox_has_its_own_room,
    no_cycles,
    only_the_client_knows_http,
    few_know_which_api_it_is,
    only_one_room_reads_yaml,
    only_a_few_speak,
    the_core_draws_nothing,
    there_is_one_way_out,
    no_kind_is_known_by_name,
    kinds_come_from_the_folder,
    nothing_is_long,
)

BREACHES: tuple[tuple[Rule, str, str, str], ...] = (
    (imports_point_left, "client.py", "from .plan import Plan", "client imports plan"),
    (
        kinds_come_from_the_folder,
        "commands/plan.py",
        "from ..catalogue import load_kinds",
        "commands.plan takes the shipped kinds",
    ),
    (imports_point_left, "files.py", "from .values import Row", "files imports values"),
    (imports_point_left, "values/json.py", "from ..live import read", "values imports live"),
    (
        imports_point_left,
        "values/json.py",
        "from ..client.http import get",
        "values imports client",
    ),
    (imports_point_left, "plan.py", "from . import cli", "plan imports cli"),
    (imports_point_left, "plan.py", "import reconciler.cli", "plan imports cli"),
    (imports_point_left, "plan.py", "from reconciler import cli", "plan imports cli"),
    (
        imports_point_left,
        "live.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .plan import Plan",
        "live imports plan",
    ),
    (imports_point_left, "planning.py", "from .execution import Run", "planning imports execution"),
    (imports_point_left, "helpers.py", "from .catalogue import Kind", "helpers has no place"),
    (the_sandbox_has_its_own_room, "sandbox/sql.py", "from ..diff import diff", "imports diff"),
    (the_sandbox_has_its_own_room, "commands/demo.py", "from ..sandbox import serve", "sandbox"),
    (no_cycles, "values/json.py", "from .column import Column", "values.json -> values.column"),
    (only_the_client_knows_http, "live.py", "import httpx", "imports httpx"),
    (only_the_client_knows_http, "live.py", "from httpx import Client", "imports httpx"),
    (only_the_client_knows_http, "commands/plan.py", "import aiohttp.web", "imports aiohttp"),
    (only_one_room_reads_yaml, "load.py", "import yaml", "imports yaml"),
    (only_one_room_reads_yaml, "load.py", "from yaml import ScalarEvent", "imports yaml.Scalar"),
    (only_one_room_reads_yaml, "load.py", "from yaml._yaml import CParser", "imports yaml._yaml"),
    (few_know_which_api_it_is, "live.py", "from .client.client import X", "client.protocols"),
    (few_know_which_api_it_is, "planning.py", "from .client import client", "client.protocols"),
    (only_a_few_speak, "commands/plan.py", "print('done')", "print"),
    (only_a_few_speak, "planning.py", "click.echo('done')", "click.echo"),
    (only_a_few_speak, "planning.py", "import sys\nsys.stdout.write('done')", "sys.stdout"),
    (the_core_draws_nothing, "planning.py", "def f():\n    import click", "imports click"),
    (the_core_draws_nothing, "live/rows.py", "from rich.console import Console", "imports rich"),
    (there_is_one_way_out, "commands/plan.py", "import click\nclick.echo('done')", "say it"),
    (there_is_one_way_out, "cli.py", "import sys\nsys.stderr.write('done')", "say it"),
    (
        no_kind_is_known_by_name,
        "planning.py",
        "def f(kind):\n    return kind == 'contacts'",
        "knows",
    ),
    (nothing_is_long, "planning.py", "def f():\n" + "    pass\n" * 60, "f has 61 lines"),
    (nothing_is_long, "planning.py", "pass\n" * 401, "has 401 lines"),
)

FINE = {
    "__init__.py": "",
    "diagnostics.py": '"""contacts"""\n\nclass Error(Exception):\n    """contacts"""\n',
    "catalogue.py": "from .diagnostics import Error\n",
    "values/__init__.py": "from .column import Column\n",
    "values/column.py": "from ..diagnostics import Error\nfrom .json import JSON\n\nColumn = 1\n",
    "values/json.py": "",
    "client/http.py": "import httpx\n",
    "yamltext/read.py": "from yaml import ScalarEvent\n",
    "execution/special.py": "TABLE = {'contacts': None}\n",
    "sandbox/sql.py": "from ..catalogue import Kind\nKINDS = 'contacts'\n",
    "commands/sandbox.py": "from ..sandbox.sql import KINDS\nimport click\nclick.echo(KINDS)\n",
    "cli.py": "from . import __version__\nfrom .values import Column\n",
}


@pytest.fixture(scope="module", autouse=True)
def forgotten() -> Iterator[None]:
    """Let the trees go with the last test: half a million nodes take seconds to go at the end."""
    yield
    read.cache_clear()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_code_keeps_a_rule(rule: Rule) -> None:
    assert list(rule(read(PACKAGE))) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_rule_lets_good_code_pass(rule: Rule, tmp_path: Path) -> None:
    assert list(rule(read(write(tmp_path, FINE)))) == []


@pytest.mark.parametrize(("rule", "file", "code", "says"), BREACHES)
def test_a_rule_sees_what_breaks_it(
    rule: Rule, file: str, code: str, says: str, tmp_path: Path
) -> None:
    [breach] = rule(read(write(tmp_path, {**FINE, file: code})))
    assert breach.startswith((file, "a ring"))
    assert says in breach


def test_every_rule_is_tried() -> None:
    assert {rule for rule, *_ in BREACHES} == set(RULES)


# --- reading source ---------------------------------------------------------------------------


@cache
def read(package: Path) -> list[Module]:
    """Read every file of a package."""
    with paused_collector():
        return [module_of(file, package) for file in sorted(package.rglob("*.py"))]


def module_of(file: Path, package: Path) -> Module:
    """Read a file of a package."""
    path = file.relative_to(package)
    steps = path.parent.parts if path.name == "__init__.py" else path.with_suffix("").parts
    text = file.read_text(encoding="utf-8")
    name, nodes = ".".join(steps), list(ast.walk(ast.parse(text)))
    imports = imports_of(nodes, name, is_package=path.name == "__init__.py")
    return Module(path, name, sorted_out(nodes), tuple(imports), text.count("\n"))


def sorted_out(nodes: list[ast.AST]) -> Nodes:
    """Sort out what the rules look for."""
    return Nodes(
        tuple(node for node in nodes if isinstance(node, ast.Name)),
        tuple(node for node in nodes if isinstance(node, ast.Attribute)),
        tuple(n for n in nodes if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)),
        tuple(node for node in nodes if isinstance(node, ast.Constant)),
        frozenset(node.value for node in nodes if isinstance(node, ast.Expr)),
    )


def inside_imports(modules: list[Module]) -> Iterator[tuple[Module, Import]]:
    """Iterate over the imports from the package itself."""
    for module in modules:
        for found in module.imports:
            if found.inside:
                yield module, found


def imports_of(nodes: list[ast.AST], name: str, *, is_package: bool) -> Iterator[Import]:
    """Iterate over every import of a file, wherever in it."""
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield _absolute(node.lineno, alias.name)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            assert node.module
            for alias in node.names:
                yield _absolute(node.lineno, f"{node.module}.{alias.name}")
        elif isinstance(node, ast.ImportFrom):
            here = name.split(".") if name else []
            ups = node.level - is_package
            base = [*here[: len(here) - ups], *(node.module or "").split(".")]
            for alias in node.names:
                yield Import(node.lineno, True, ".".join(filter(None, [*base, alias.name])))


def dotted(node: ast.expr) -> str:
    """Write a name with its attributes; nothing for what begins with something else."""
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return node.id if isinstance(node, ast.Name) else ""


def _absolute(line: int, name: str) -> Import:
    package, _, rest = name.partition(".")
    inside = package == PACKAGE.name
    return Import(line, inside, rest if inside else name)


def write(folder: Path, files: dict[str, str]) -> Path:
    """Write a made-up package."""
    package = folder / "made_up"
    for name, text in files.items():
        file = package / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return package
