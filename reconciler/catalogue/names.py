"""Names of kinds, as people write them in options."""

from collections.abc import Iterable, Sequence

from ..diagnostics import UsageError

FEW = 5
AN_ADDRESS = "name it as KIND.KEY, such as contacts.jane"
"""What to do where no resource has a name; those that there are may be called like guests."""


def split_names(texts: Iterable[str], known: Iterable[str]) -> list[str]:
    """Read ``KIND,…`` given once or repeatedly; raises UsageError for a kind that is none."""
    names, kinds = listed(texts), list(known)
    check_known("kind", names, kinds, _few(kinds))
    return names


def listed(texts: Iterable[str]) -> list[str]:
    """Read ``A,B`` given once or repeatedly."""
    return [name.strip() for text in texts for name in text.split(",") if name.strip()]


def check_known(
    what: str, names: Iterable[str], known: Iterable[str], otherwise: str | None = None
) -> None:
    """Raise UsageError for a name that is not known, with the one most like it.

    ``otherwise`` is the hint where none is like it.
    """
    known = list(known)
    for name in names:
        if name not in known:
            from difflib import get_close_matches  # only who mistypes waits for it

            near = get_close_matches(name, known, 1)
            hint = f"did you mean {near[0]}?" if near else otherwise
            raise UsageError(f"there is no {what} {name}", hint=hint)


def _few(known: Sequence[str]) -> str:
    return f"known: {', '.join(known[:FEW])}, … ({len(known):,} in all)"
