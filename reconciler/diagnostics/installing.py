"""How this tool was installed, as far as it decides how a part of it is added."""

import sys
from pathlib import Path

from .. import DISTRIBUTION

_PACKAGE = Path(__file__).parent.parent


def how_to_install(extra: str) -> str:
    """Say what to type to add an extra, for the installer that this environment shows."""
    prefix = Path(sys.prefix)
    if (prefix / "pipx_metadata.json").exists():
        return f"pipx install --force '{DISTRIBUTION}[{extra}]'"
    if (prefix / "uv-receipt.toml").exists():
        return f"uv tool install '{DISTRIBUTION}[{extra}]'"
    if (_PACKAGE.parent / "pyproject.toml").exists():
        return f"in the clone, pip install '.[{extra}]'"
    return f"pip install '{DISTRIBUTION}[{extra}]'"
