"""One sign for each thing that a day may be; the same day has the same sign everywhere."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from ...calendar.shape import PeriodDocument, SourceDocument, UnitDocument
from .words import amount_of, prices, sources_at, taken

TAKEN = {"booked": "#", "blocked": "x", "pending": "~", "season": "s"}
SEVERAL, NOTHING, MORE = "?", ".", "*"
TONES = 6
_FEW, _LONE, _PAIR = 2, 3, (2, 5)
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Look(NamedTuple):
    """What a day looks like: its price (``several`` where it is not known which), and if taken."""

    price: str
    several: bool
    taken: str


class Scale(NamedTuple):
    """The prices of a unit, the lowest first, each with a letter and a tone from 1."""

    letters: Mapping[str, str]
    tones: Mapping[str, int]

    def sign(self, look: Look) -> str:
        """Give the sign of a day."""
        if look.taken:
            return TAKEN[look.taken]
        if look.several:
            return SEVERAL
        return self.letters[look.price] if look.price else NOTHING


def look_of(sources: list[SourceDocument], currency: str) -> Look:
    """Say what a day looks like."""
    found = prices(sources, currency)
    return Look(" or ".join(found), len(found) > 1, taken(sources))


def scale_of(unit: UnitDocument, periods: Iterable[PeriodDocument]) -> Scale:
    """Give each price of these periods its letter and its tone."""
    found = dict(_amounts(unit, periods))
    ranked = sorted(found, key=lambda price: (found[price], price))
    letters = {price: _LETTERS[n] if n < len(_LETTERS) else MORE for n, price in enumerate(ranked)}
    tones = {price: _tone(n, len(ranked)) for n, price in enumerate(ranked)}
    return Scale(letters, tones)


def _tone(number: int, prices: int) -> int:
    """Spread prices over the tones; the darkest is for many, and a lone one is not the lowest."""
    if prices <= _FEW:
        return (_LONE, *_PAIR)[number + (prices > 1)]
    return 1 + number * (TONES - 1) // (prices - 1)


def _amounts(
    unit: UnitDocument, periods: Iterable[PeriodDocument]
) -> Iterator[tuple[str, list[object]]]:
    for period in periods:
        for side in (period["before"], period["after"]):
            for source in sources_at(unit, side):
                [*price] = prices([source], unit["currency"])
                if price:
                    amounts = sorted(amount_of(rate["amount"]) for rate in source["rates"])
                    yield price[0], [*amounts]
