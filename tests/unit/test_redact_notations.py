"""The same personal value in other notations is found: fifty ways of writing ten people."""

import datetime as dt
import html
import json
import re
from collections.abc import Callable
from typing import NamedTuple
from unicodedata import normalize
from urllib.parse import quote

import pytest

from reconciler.exporting.redact import Redactor
from tests.builders import KINDS


class Person(NamedTuple):
    first: str
    last: str
    email: str
    phone: str  # as it is stored: +31 and digits, with or without spaces
    street: str
    zip: str
    city: str
    born: str

    @property
    def national(self) -> str:
        return "0" + "".join(c for c in self.phone if c.isdecimal())[-9:]

    @property
    def day(self) -> dt.date:
        return dt.date.fromisoformat(self.born)

    @property
    def row(self) -> dict[str, object]:
        return {
            "first_name": self.first, "last_name": self.last, "email": self.email,
            "phone": self.phone, "street": self.street, "zip": self.zip, "city": self.city,
            "meta": [{"key": "birthday", "value": self.born}],
        }  # fmt: skip


_PEOPLE = """
Janneke|Dijkstra|janneke@dijkstra|+31612345678|Kerkstraat 12|1234 AB|Zutphen|1980-02-03
Zoë|van den Berg|zoe.vdberg@mail|+31 6 23456789|Lange Gracht 7|3511AB|Utrecht|1991-12-24
José|Núñez|jose.nunez@correo|+31 20 1234567|Damrak 100|1012 LP|Amsterdam|1975-07-31
Anna-Lena|Müller|a.mueller@post|+31301234567|Vechtdijk 3|3563 MA|Loenen|2001-05-06
Tom|O'Connor|tom@oconnor|+31 (0)6 98765432|Hofweg 1a|2511 AA|Den Haag|1969-10-11
Fatima|El Amrani|fatima.elamrani@net|+31611112222|Markt 5|5611 EB|Eindhoven|1988-08-19
Łukasz|Żak|lukasz.zak@poczta|+31633334444|Singel 250|1016 AB|Weesp|1995-01-13
Søren|Kjær|soren@kjaer|+31655556666|Havnegade 9|8011 CZ|Zwolle|1983-04-22
Mary Ann|Smith-Jones|maryann@smithjones|+31677778888|Plein 1944 4|6511 JC|Nijmegen|1999-06-15
Kees|de Wit|kees.de.wit@thuis|+31688889999|Dorpsweg 21|9711 AA|Groningen|1955-11-28
"""
PEOPLE = [
    Person(first, last, f"{email}.example", *others)
    for first, last, email, *others in (line.split("|") for line in _PEOPLE.strip().splitlines())
]
DUTCH = ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"]
Way = Callable[[Person], str]


def entities(text: str) -> str:
    return "".join(f"&#{ord(letter)};" for letter in text)


def spaced(digits: str, sign: str) -> str:
    return sign.join((digits[:2], digits[2:6], digits[6:]))


WAYS: dict[str, Way] = {
    "name": lambda p: f"{p.first} {p.last}",
    "name in capitals": lambda p: f"{p.first} {p.last}".upper(),
    "name in small letters": lambda p: f"{p.first} {p.last}".lower(),
    "last name first": lambda p: f"{p.last}, {p.first}",
    "last name in capitals": lambda p: f"{p.last.upper()} {p.first}",
    "initial": lambda p: f"{p.first[0]}. {p.last}",
    "two spaces": lambda p: f"{p.first}  {p.last}",
    "no-break space": lambda p: f"{p.first}\N{NO-BREAK SPACE}{p.last}",
    "underscore": lambda p: f"{p.first}_{p.last}",
    "one word": lambda p: f"{p.first}{p.last}",
    "in a web address": lambda p: f"https://example.org/g/{p.first}-{p.last}",
    "in a query": lambda p: f"https://example.org/?name={quote(p.first + ' ' + p.last)}",
    "in a form": lambda p: f"name={p.first}+{p.last}&x=1",
    "in another mail address": lambda p: f"{p.first}.{p.last}@work.example".lower(),
    "composed otherwise": lambda p: normalize("NFD", f"{p.first} {p.last}"),
    "name as entities": lambda p: entities(f"{p.first} {p.last}"),
    "name in JSON": lambda p: json.dumps(f"{p.first} {p.last}"),
    "last name in a path": lambda p: f"https://example.org/{p.last.replace(' ', '-')}",
    "mail": lambda p: p.email,
    "mail in capitals": lambda p: p.email.upper(),
    "mailto": lambda p: f"<a href='mailto:{p.email}'>x</a>",
    "mail, escaped": lambda p: p.email.replace("@", "%40"),
    "mail, escaped twice": lambda p: p.email.replace("@", "%2540"),
    "mail with an entity": lambda p: p.email.replace("@", "&#64;"),
    "mail with a named entity": lambda p: p.email.replace("@", "&commat;").replace(".", "&period;"),
    "mail as hexadecimal entities": lambda p: "".join(f"&#x{ord(c):x};" for c in p.email),
    "phone": lambda p: p.phone,
    "phone, no space": lambda p: p.phone.replace(" ", ""),
    "phone with 0": lambda p: p.national,
    "phone with 00": lambda p: "00" + p.phone.lstrip("+").replace(" ", ""),
    "phone with a dash": lambda p: f"{p.national[:2]}-{p.national[2:]}",
    "phone in groups": lambda p: spaced(p.national, " "),
    "phone in groups of points": lambda p: spaced(p.national, "."),
    "phone in pairs": lambda p: " ".join(p.national[i : i + 2] for i in range(0, 12, 2)),
    "phone with (0)": lambda p: f"+31 (0){p.national[1:]}",
    "phone in a link": lambda p: f"tel:{p.phone.replace(' ', '')}",
    "phone, escaped": lambda p: quote(p.phone),
    "phone in a chat link": lambda p: f"https://wa.example/{p.phone.lstrip('+').replace(' ', '')}",
    "street": lambda p: p.street,
    "street in capitals": lambda p: p.street.upper(),
    "address": lambda p: f"{p.street}, {p.zip}  {p.city}",
    "code without space": lambda p: p.zip.replace(" ", "").lower(),
    "city in a text": lambda p: f"from {p.city.upper()}!",
    "date": lambda p: p.born,
    "date, day first": lambda p: f"{p.day:%d-%m-%Y}",
    "date, month first": lambda p: f"{p.day.month}/{p.day.day}/{p.day.year}",
    "date with points": lambda p: f"{p.day.day}.{p.day.month}.{p.day.year}",
    "date without signs": lambda p: f"{p.day:%Y%m%d}",
    "date in English": lambda p: f"{p.day:%B} {p.day.day}, {p.day.year}",
    "date in Dutch": lambda p: f"{p.day.day} {DUTCH[p.day.month - 1]}. {p.day.year}",
}  # fmt: skip


def left(person: Person, text: str) -> list[str]:
    """List what of a person can still be read in a text, however it is escaped."""
    text = re.sub(r"redacted-[0-9a-f]+", "", text)
    plain = html.unescape(html.unescape(text)).casefold()
    digits = "".join(c for c in plain if c.isdecimal())
    parts = [person.first, person.last, person.email, person.street, person.zip, person.city]
    found = [part for part in parts if len(part) > 3 and part.casefold() in plain]
    found += [entity for entity in (entities(person.last),) if entity in text]
    return found + [d for d in (person.phone[-8:], f"{person.day.year}") if d in digits]


@pytest.fixture(scope="module")
def redactor() -> Redactor:
    made = Redactor()
    made.learn(KINDS["contacts"], [p.row for p in PEOPLE])  # type: ignore[misc]
    return made


def test_fifty_ways_of_writing_ten_people(redactor: Redactor) -> None:
    assert len(WAYS) == 50
    texts = {
        (way, person.last): (person, written, redactor.cleaned(f"note: {written}; thanks"))
        for way, write in WAYS.items()
        for person in PEOPLE
        if (written := write(person))
    }
    unfound = {key: done for key, (_, written, done) in texts.items() if written in done}
    assert unfound == {}
    readable = {key: (r, done) for key, (p, _, done) in texts.items() if (r := left(p, done))}
    assert readable == {}


@pytest.mark.parametrize(
    "text",
    [
        "Europe/Amsterdam",
        "nl-NL",
        "2026-07-01",
        "BM-2026-0001",
        "the kitchen & the bath",
        "12 beds",
    ],
)
def test_what_is_nobodys_stays(text: str, redactor: Redactor) -> None:
    assert redactor.cleaned(text) == text
