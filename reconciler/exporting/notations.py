"""One value in other notations: escaped, in another case, telephone numbers and dates.

A text is looked at as people read it: with what HTML, URLs and JSON escape put back, and each
place found there is led back to where it stands in the text.
"""

import datetime as dt
import html
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote

Span = tuple[int, int]
Day = tuple[int, int, int]

_DEPTH = 3
"""So often a text may have been escaped."""
_ESCAPE = re.compile(
    r"&(?:\#\d{1,7}|\#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});|(?:%[0-9a-f]{2})+|\\u[0-9a-f]{4}",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+")
_PHONE = re.compile(r"[+(]?\d(?:[\s().\-/\u2010\u2011\u2013]{0,3}\d){6,19}")
_WHOLE_PHONE = re.compile(r"\s*[+(]?\d(?:[\s().\-/\u2010\u2011\u2013]{0,3}\d){6,14}\s*\Z")
_TAIL = 8
"""So many digits at the end make a telephone number: what is before is written in many ways."""
_LONGEST_PHONE = 15
_NUMBERS = re.compile(r"(?<!\d)(\d{1,4})\s?([-/. ])\s?(\d{1,2})\s?\2\s?(\d{1,4})(?!\d)")
_COMPACT = re.compile(r"(?<!\d)(\d{4})(\d\d)(\d\d)(?!\d)|(?<!\d)(\d\d)(\d\d)(\d{4})(?!\d)")
_ORDINAL = r"(\d{1,2})(?:st|nd|rd|th|er|e|[.ºª])?"
_DAY_FIRST = re.compile(
    rf"(?<!\d){_ORDINAL}[\s-]+(?:(?:de|of)\s+)?([^\W\d_]{{3,12}})\.?,?[\s-]+(?:de\s+)?(\d{{4}})(?!\d)",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(rf"([^\W\d_]{{3,12}})\.?\s+{_ORDINAL},?\s+(\d{{4}})(?!\d)", re.IGNORECASE)
_MONTHS = (
    "january januari januar janvier enero gennaio janeiro",
    "february februari februar fevrier febrero febbraio fevereiro",
    "march maart marz mrt mars marzo marco",
    "april avril abril aprile",
    "may mei mai mayo maggio maio",
    "june juni juin junio giugno junho",
    "july juli juillet julio luglio julho",
    "august augustus aout agosto",
    "september septembre septiembre settembre setembro",
    "october oktober octobre octubre ottobre outubro",
    "november novembre noviembre novembro",
    "december dezember decembre diciembre dicembre dezembro",
)
_MONTH_OF = {
    short: number
    for number, names in enumerate(_MONTHS, 1)
    for name in names.split()
    for short in (name, name[:3], name[:4])
    if short not in {"jui", "mar"}
} | {"mar": 3}


def as_read(text: str) -> tuple[str, list[int]]:
    """Put back what is escaped; gives where each character, and the end, stands in the text."""
    plain, places = text, list(range(len(text) + 1))
    for _ in range(_DEPTH):
        if not _ESCAPE.search(plain):
            break
        plain, places = _once(plain, places)
    return plain, places


def _once(plain: str, places: list[int]) -> tuple[str, list[int]]:
    parts: list[str] = []
    new: list[int] = []
    at = 0
    for found in _ESCAPE.finditer(plain):
        meaning = _meaning(found[0])
        parts += [plain[at : found.start()], meaning]
        new += places[at : found.start()] + [places[found.start()]] * len(meaning)
        at = found.end()
    return "".join((*parts, plain[at:])), new + places[at:]


def _meaning(escape: str) -> str:
    if escape[0] == "%":
        return unquote(escape, errors="replace")
    return chr(int(escape[2:], 16)) if escape[0] == "\\" else html.unescape(escape)


def place_of(span: Span, places: list[int]) -> Span:
    """Lead a place in a text as it is read back to the text; an escape is taken whole."""
    start, stop = span
    end = next((p for p in places[stop:] if p > places[stop - 1]), places[-1])
    return places[start], end


def words_of(plain: str) -> list[tuple[str, Span]]:
    """List the words: in lower case and without accents, with their places."""
    return [(bare(found[0]), found.span()) for found in _WORD.finditer(plain)]


def bare(word: str) -> str:
    """Take case and accents away."""
    if not word.isascii():
        parts = unicodedata.normalize("NFKD", word)
        word = "".join(part for part in parts if not unicodedata.combining(part))
    return word.casefold()


def phone_of(text: str) -> str | None:
    """Give the end of a telephone number by which it is known, if a text is one."""
    if not _WHOLE_PHONE.match(text) or days_of(text):
        return None
    return "".join(c for c in text if c.isdecimal())[-_TAIL:]


def phones_in(plain: str) -> Iterator[tuple[str, Span]]:
    """Find what may be telephone numbers: their known end, and their places."""
    for found in _PHONE.finditer(plain):
        digits = [i for i in range(*found.span()) if plain[i].isdecimal()]
        text = "".join(plain[i] for i in digits)
        for stop in range(7, len(digits) + 1):
            first = max(0, stop - _LONGEST_PHONE)
            start = found.start() if first == 0 else digits[first]
            for size in (_TAIL, 7):
                if stop >= size:
                    yield text[stop - size : stop], (start, digits[stop - 1] + 1)


def days_of(text: str) -> frozenset[Day]:
    """Give the days that a text may stand for, if it is a date (or moment) and nothing else."""
    day = text.strip().partition("T")[0]
    return frozenset(d for d, span in days_in(day) if span == (0, len(day)))


def days_in(plain: str) -> Iterator[tuple[Day, Span]]:
    """Find dates as people write them, with every day that they may stand for."""
    for found in _NUMBERS.finditer(plain):
        yield from _read(found[1], found[3], found[4], found.span())
    for found in _COMPACT.finditer(plain):
        first, second, third = (part for part in found.groups() if part)
        yield from _read(first, second, third, found.span())
    for found in _DAY_FIRST.finditer(plain):
        yield from _named(found[3], found[2], found[1], found.span())
    for found in _MONTH_FIRST.finditer(plain):
        yield from _named(found[3], found[1], found[2], found.span())


def _read(first: str, second: str, third: str, span: Span) -> Iterator[tuple[Day, Span]]:
    if len(first) == 4:
        orders = [(first, second, third)]
    elif len(third) in {2, 4}:
        years = [third] if len(third) == 4 else [f"19{third}", f"20{third}"]
        orders = [o for y in years for o in ((y, second, first), (y, first, second))]
    else:
        return
    for year, month, day in orders:
        if _is_day(int(year), int(month), int(day)):
            yield (int(year), int(month), int(day)), span


def _named(year: str, name: str, day: str, span: Span) -> Iterator[tuple[Day, Span]]:
    month = _MONTH_OF.get(bare(name))
    if month and _is_day(int(year), month, int(day)):
        yield (int(year), month, int(day)), span


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True
