"""Load the HTTP libraries without what no command uses; together it takes longer than a small plan.

=====================  ===========================================================================
``httpx._main``        the command line of httpx, with rich and pygments; httpx does without it
``aiohttp.connector``  reads the certificates of all authorities, twice, for requests that bring no
                       context of their own; ours do (``reconciler/client/surroundings.py``)
=====================  ===========================================================================

Only commands do this. A Python program that uses the package may use these libraries, too.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType

_NOT_LOADED = "httpx._main"
_WITHOUT_CERTIFICATES = "aiohttp.connector"


def load_lean() -> None:
    """Leave out of later imports what no command uses."""
    if not any(isinstance(finder, _Lean) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Lean())


class _Lean:
    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name == _NOT_LOADED:
            raise ModuleNotFoundError(f"{name} is left out", name=name)
        if name != _WITHOUT_CERTIFICATES:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _WithoutCertificates(spec.loader.name, spec.loader.path)
        return spec


class _WithoutCertificates(SourceFileLoader):
    def exec_module(self, module: ModuleType) -> None:
        with _no_certificates():
            super().exec_module(module)


@contextmanager
def _no_certificates() -> Iterator[None]:
    """Let contexts trust no authority while the block lasts: one used by mistake would refuse."""
    import ssl

    # hides the method of its base class, which is there again when the block ends
    setattr(ssl.SSLContext, "set_default_verify_paths", lambda _: None)  # noqa: B010 (for mypy)
    try:
        yield
    finally:
        delattr(ssl.SSLContext, "set_default_verify_paths")
