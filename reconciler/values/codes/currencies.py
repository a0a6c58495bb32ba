"""Currencies: the codes of ISO 4217, as the CLDR knows where and when each is used."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache

from .wrong import Wrong

A_CURRENCY = "the code of a currency in use today, such as EUR"
A_PAST_CURRENCY = "the code of a currency, such as EUR"
EVERYDAY = frozenset({"CHF", "EUR", "GBP", "USD"})
"""In use for sure: most configurations name no other, and need not wait for the CLDR."""
_SIGNS = {"€": "EUR", "£": "GBP", "$": "USD", "¥": "JPY", "₺": "TRY", "₹": "INR", "zł": "PLN"}
_GONE = "no country uses it today"
_STILL_THERE = 2  # letters
_HINT = "ISO 4217 lists the codes: three capitals"


def check_currency(text: str) -> Wrong | None:
    """Want a currency that some territory uses today; doubt one that is only known."""
    if text in EVERYDAY or text in currencies():
        return None
    if text in known_currencies():
        return Wrong(A_CURRENCY, _GONE, _successors().get(text), doubtful=True)
    return _unknown(text, A_CURRENCY)


def check_past_currency(text: str) -> Wrong | None:
    """Want a currency of today or of the past: old amounts stay in theirs."""
    known = text in EVERYDAY or text in known_currencies() or text in currencies()
    return None if known else _unknown(text, A_PAST_CURRENCY)


def _unknown(text: str, expects: str) -> Wrong:
    capitals = text.strip().upper()
    instead = _SIGNS.get(text.strip()) or (capitals if capitals in currencies() else None)
    return Wrong(expects, _HINT, instead, tuple(sorted(currencies())))


@cache
def currencies() -> frozenset[str]:
    """Give every currency that is tender somewhere today: the union over the territories."""
    return frozenset(code for codes in _by_territory().values() for code in codes)


@cache
def _by_territory() -> Mapping[str, tuple[str, ...]]:
    from babel.core import get_global  # few configurations need it
    from babel.numbers import get_territory_currencies

    today = datetime.now(UTC).date()
    return {
        territory: tuple(get_territory_currencies(territory, today, today))
        for territory in get_global("territory_currencies")
    }


@cache
def known_currencies() -> frozenset[str]:
    """Give every currency that is or was."""
    from babel.numbers import list_currencies

    return frozenset(list_currencies())


@cache
def _successors() -> Mapping[str, str]:
    """For a currency of the past, what is used today wherever it once was, if that is one."""
    from babel.core import get_global

    after: dict[str, set[str]] = {}
    for territory, ever in get_global("territory_currencies").items():
        for code, _, _, tender in ever:
            if tender and len(territory) == _STILL_THERE:
                after.setdefault(code, set()).update(_by_territory()[territory])
    return {past: next(iter(codes)) for past, codes in after.items() if len(codes) == 1}
