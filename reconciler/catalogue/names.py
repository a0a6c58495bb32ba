"""Names of kinds, as people write them in options."""

from collections.abc import Iterable, Sequence

from ..diagnostics import UsageError

FEW = 5


def split_names(texts: Iterable[str], known: Iterable[str]) -> list[str]:
    """Read ``KIND,…`` given once or repeatedly; raises UsageError for a kind that is none."""
    names, kinds = listed(texts), list(known)
    check_known("kind", names, kinds)
    return names


def listed(texts: Iterable[str]) -> list[str]:
    """Read ``A,B`` given once or repeatedly."""
    return [name.strip() for text in texts for name in text.split(",") if name.strip()]


def check_known(what: str, names: Iterable[str], known: Sequence[str]) -> None:
    """Raise UsageError for a name that is not known, with the one most like it, or a few."""
    for name in names:
        if name not in known:
            from difflib import get_close_matches  # only who mistypes waits for it

            near = get_close_matches(name, known, 1)
            hint = f"did you mean {near[0]}?" if near else _few(known)
            raise UsageError(f"there is no {what} {name}", hint=hint)


def _few(known: Sequence[str]) -> str:
    return f"known: {', '.join(known[:FEW])}, … ({len(known):,} in all)"
