"""Finds the codes of problems in source: literals that are given as a ``code``."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

from reconciler.configuration.load import paused_collector

SANDBOX = "sandbox"
"""The server has codes of its own."""
ONLY_NAMED = 99
LOOKED_AT = (ast.AnnAssign, ast.Call, ast.ClassDef, ast.FunctionDef)
Signatures = Mapping[str, int]
"""The functions that take a code, and as which of their arguments; of methods without ``self``."""


def codes_in(package: Path) -> dict[str, str]:
    """Find every code that the source of a package gives, with a place where it does."""
    with paused_collector():
        files = {
            path.relative_to(package).as_posix(): [
                node
                for node in ast.walk(ast.parse(path.read_text("utf-8")))
                if isinstance(node, LOOKED_AT)
            ]
            for path in sorted(package.rglob("*.py"))
            if SANDBOX not in path.relative_to(package).parts
        }
    takers = {name: at for nodes in files.values() for node in nodes for name, at in _takers(node)}
    found: dict[str, str] = {}
    for path, nodes in files.items():
        for node in nodes:
            for code in _given(node, takers):
                found.setdefault(code.value, f"{path}:{code.lineno}")  # type: ignore[arg-type]
    return found


def _takers(node: ast.AST) -> Iterator[tuple[str, int]]:
    if isinstance(node, ast.FunctionDef):
        names = [argument.arg for argument in node.args.args if argument.arg not in {"self", "cls"}]
        takes = [a for a in (*node.args.args, *node.args.kwonlyargs) if _is_code(a.annotation)]
        if takes:
            name = takes[0].arg
            yield node.name, names.index(name) if name in names else ONLY_NAMED
    if isinstance(node, ast.ClassDef):
        for one in node.body:  # a class is called by its own name
            if isinstance(one, ast.FunctionDef) and one.name == "__init__":
                yield from ((node.name, at) for _, at in _takers(one))
        fields = [one for one in node.body if isinstance(one, ast.AnnAssign)]
        for at, one in enumerate(fields):
            if _is_code(one.annotation):
                yield node.name, at


def _given(node: ast.AST, takers: Signatures) -> Iterator[ast.Constant]:
    """Find the codes that one piece of source gives: to a call, a name, a default, a result."""
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
        if name in takers:
            yield from _texts([*node.args[takers[name] : takers[name] + 1]])
            yield from _texts([word.value for word in node.keywords if word.arg == "code"])
    elif isinstance(node, ast.AnnAssign) and node.value and _is_code(node.annotation):
        yield from _texts([node.value])
    elif isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Dict):
        if ast.unparse(node.annotation).startswith("Mapping[Code,"):
            yield from _texts([key for key in node.value.keys if key])
    elif isinstance(node, ast.FunctionDef):
        for argument, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True):
            if default and _is_code(argument.annotation):
                yield from _texts([default])
        if node.returns and ast.unparse(node.returns).startswith("tuple[Code,"):
            results = [one.value for one in ast.walk(node) if isinstance(one, ast.Return)]
            yield from _texts([one.elts[0] for one in results if isinstance(one, ast.Tuple)])


def _is_code(annotation: ast.expr | None) -> bool:
    return isinstance(annotation, ast.Name) and annotation.id == "Code"


def _texts(values: list[ast.expr]) -> Iterator[ast.Constant]:
    for value in values:
        choices = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
        for one in choices:
            if isinstance(one, ast.Constant) and isinstance(one.value, str):
                yield one
