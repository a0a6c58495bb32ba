"""Countries: the two letters of ISO 3166-1, and XK, which Kosovo goes by."""

from collections.abc import Mapping
from functools import cache

from .wrong import Wrong

A_COUNTRY = "the code of a country, such as NL"
_HINT = "ISO 3166-1 lists the codes: two capitals"
_OTHERS = {"UK": "GB", "EL": "GR"}
"""What is written for these two so often that servers may know it."""
_NO_COUNTRIES = frozenset({"AC", "CP", "DG", "EU", "TA", "ZZ"})
"""What the CLDR counts as territories besides countries."""
_LETTERS, _MORE_LETTERS = 2, 3


def check_country(text: str) -> Wrong | None:
    """Want a country; doubt other spellings of one, since the API does not say what it takes."""
    if text in countries():
        return None
    capitals = text.strip().upper().replace(".", "")
    if capitals in _OTHERS:
        hint = "the United Kingdom is GB, Greece is GR"
        return Wrong(A_COUNTRY, hint, _OTHERS[capitals], doubtful=True)
    instead = capitals if capitals in countries() else _two_letters().get(capitals)
    if instead is not None:
        return Wrong(A_COUNTRY, _HINT, instead, doubtful=True)
    return Wrong(A_COUNTRY, _HINT, _by_name().get(text.strip().casefold()), tuple(countries()))


def is_country(text: str) -> bool:
    """Tell whether a text is the code of a country."""
    return text in countries()


@cache
def countries() -> Mapping[str, None]:
    """Give the codes of all countries, in the order of the alphabet."""
    from babel.core import get_global  # few configurations name a country

    with_money = get_global("territory_currencies").keys()
    return dict.fromkeys(sorted(set(_two_letters().values()) & set(with_money) - _NO_COUNTRIES))


@cache
def _by_name() -> Mapping[str, str]:
    """Give the codes by the countries' English names."""
    from babel.core import Locale

    names = Locale("en").territories
    return {names[code].casefold(): code for code in countries() if code in names}


@cache
def _two_letters() -> Mapping[str, str]:
    """Give the two letters for the three of ISO 3166-1, as in NLD."""
    from babel.core import get_global

    return {
        longer: codes[0]
        for longer, codes in get_global("territory_aliases").items()
        if len(longer) == _MORE_LETTERS and longer.isalpha() and len(codes) == 1
    }
