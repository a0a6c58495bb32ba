"""``python -m reconciler.sandbox``: the sandbox without the rest of the tool."""

import sys

from ..diagnostics import ReconcilerError
from .command import sandbox_command

if __name__ == "__main__":
    try:
        sandbox_command()
    except ReconcilerError as error:
        hint = f"\n{error.hint}" if error.hint else ""
        sys.stderr.write(f"{error.message}{hint}\n")
        sys.exit(error.exit_code)
