"""Where we are in the repository that a CI job checked out."""

import os
from pathlib import Path


def below_workspace() -> str:
    """Say where in the repository that GitHub checked out we are, which its annotations need."""
    workspace, here = os.environ.get("GITHUB_WORKSPACE"), Path.cwd()
    if not workspace or not here.is_relative_to(workspace):
        return ""
    return here.relative_to(workspace).as_posix()
