"""``python -m reconciler`` is the command ``reconciler``."""

from .cli import main

main()
