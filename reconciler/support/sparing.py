"""Spare slow libraries where a shell only asks for the options of a command."""

import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

SPARED = frozenset({"deepdiff", "jsonschema", "jsonschema_rs", "rich"})
"""Libraries that take long to load, and do nothing before a command runs."""


def spare_libraries() -> None:
    """Answer further imports of the slow libraries with empty modules: only options are wanted."""
    if not any(isinstance(finder, _Spare) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Spare())


class _Spare(MetaPathFinder, Loader):
    def find_spec(
        self, fullname: str, path: object = None, target: object = None
    ) -> ModuleSpec | None:
        spared = fullname.partition(".")[0] in SPARED
        return ModuleSpec(fullname, self, is_package=True) if spared else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Empty(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        pass


class _Empty(ModuleType):
    """A module in which every name is a class: enough for bases and for annotations."""

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (Exception,), {})
