"""What a check has to say about a text."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wrong:
    """A text is no such code; or, where ``doubtful``, it is one and yet hardly meant.

    ``expects`` and ``hint`` do not tell the text, so they may be said of private columns, too.
    """

    expects: str
    """What belongs there, such as "a currency such as EUR"."""
    hint: str | None = None
    """What to do, where nothing nearer is known."""
    instead: str | None = None
    """What is surely meant."""
    among: tuple[str, ...] = ()
    """Where to look for what may be meant."""
    doubtful: bool = False
