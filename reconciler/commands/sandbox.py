"""``reconciler sandbox``: the whole API on this machine."""

from ..sandbox.command import sandbox_command as command

__all__ = ["command"]
