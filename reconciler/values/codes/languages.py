"""Languages: tags of BCP 47, such as nl or nl-NL."""

import re
from functools import cache

from .countries import is_country
from .wrong import Wrong

A_LANGUAGE = "a language such as nl or nl-NL"
_HINT = "write the language's code, or with a country: en-GB"
_SHORT, _EXTENDED = 2, 3
"""As long is the second part of a tag that names a language below another; no real one is left
after standardization."""

_SCRIPT = re.compile("-[A-Za-z]{4}(?=-|$)")


def check_language(text: str) -> Wrong | None:
    """Want a language that is registered; doubt names that it had before, and other spellings."""
    if _is_plain(text):
        return None
    from langcodes import standardize_tag, tag_is_valid  # nearly all languages are plain

    try:
        standard = standardize_tag(text)
        known = tag_is_valid(text) and len((*standard.split("-"), "")[1]) != _EXTENDED
    except ValueError:
        return Wrong(A_LANGUAGE, _HINT, among=_common())
    if not known:
        return Wrong(A_LANGUAGE, _HINT, among=_common())
    if standard.lower() in (text.lower(), _SCRIPT.sub("", text).lower()):
        return None
    return Wrong(A_LANGUAGE, _HINT, standard, doubtful=True)


def _is_plain(text: str) -> bool:
    """Tell quickly that a text is a language of two letters, alone or with a country."""
    from babel.core import get_global  # few configurations name a language

    language, _, country = text.partition("-")
    plain = len(language) == _SHORT and language in get_global("likely_subtags")
    current = language not in get_global("language_aliases")
    return plain and current and (language == text or is_country(country))


@cache
def _common() -> tuple[str, ...]:
    from babel.localedata import locale_identifiers

    return tuple(sorted(name.replace("_", "-") for name in locale_identifiers()))
