"""``python -m reconciler.sandbox``: the sandbox without the rest of the tool."""

from .command import sandbox_command

if __name__ == "__main__":
    sandbox_command()
