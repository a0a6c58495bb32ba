"""Made-up configurations: contacts, bookings and their links, a third each, the same each time."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

STACK = "benchmark-1a2b"
HEAD = f"reconciler:\n  stack: {STACK}\n"
EACH = 5000
"""So many resources stand in one file at most."""

FIRST = ("Jane", "Zoë", "Anna", "Lukas", "Mehmet", "Siobhán", "Noor", "Pieter", "Chloé", "Tomás")
LAST = ("Jansen", "O'Brien", "Müller", "de Vries", "García", "Nowak", "Smith", "Dubois", "Şahin")
STREETS = ("Lange Voorhout", "Hauptstraße", "Rue de la Paix", "Station Road", "Calle Mayor")
CITIES = (("Den Haag", "NL"), ("Köln", "DE"), ("Lyon", "FR"), ("York", "GB"), ("Sevilla", "ES"))
WORDS = (
    "arrives late",
    "two dogs",
    "needs a cot",
    "vegetarian",
    "first floor, please",
    "pays cash",
)
LANGUAGES = ("nl-NL", "de-DE", "fr-FR", "en-GB", "es-ES")


def write(folder: Path, number: int, *, notes: str = "") -> Path:
    """Write so many resources into a folder; ``notes`` is put before all notes of contacts."""
    folder.mkdir(parents=True)
    (folder / "bookingmood.yaml").write_text(HEAD, "utf-8")
    share = number // 3
    _write_kind(folder, "contacts", (contact(n, notes) for n in range(number - 2 * share)))
    _write_kind(folder, "bookings", map(booking, range(share)))
    _write_kind(folder, "contact_bookings", map(link, range(share)))
    return folder


def write_contacts(folder: Path, number: int, *, notes: str = "") -> Path:
    """Write contacts only."""
    folder.mkdir(parents=True)
    (folder / "bookingmood.yaml").write_text(HEAD, "utf-8")
    _write_kind(folder, "contacts", (contact(n, notes) for n in range(number)))
    return folder


def write_nothing(folder: Path) -> Path:
    """Write a configuration of the same stack without a resource."""
    folder.mkdir(parents=True)
    (folder / "bookingmood.yaml").write_text(HEAD + "\ncontacts: {}\n", "utf-8")
    return folder


def contact(number: int, notes: str = "") -> str:
    """Write a guest."""
    dice = Random(f"contact {number}")
    first, last = dice.choice(FIRST), dice.choice(LAST)
    city, country = dice.choice(CITIES)
    lines = [
        f"  guest-{number:06}:",
        f"    first_name: {first}",
        f"    last_name: {last}",
        f"    email: guest-{number:06}@example.com",
        f'    phone: "+31 6 {dice.randint(10**7, 10**8 - 1)}"',
        f"    street: {dice.choice(STREETS)} {dice.randint(1, 200)}",
        f'    zip: "{dice.randint(10000, 99999)}"',
        f"    city: {city}",
        f"    country_code: {country}",
        f"    language: {dice.choice(LANGUAGES)}",
    ]
    words = ", ".join([*filter(None, [notes and f"{notes} {number}"]), *_some(dice)])
    if words:
        lines.append(f"    notes: {words}")
    return "\n".join(lines) + "\n"


def booking(number: int) -> str:
    """Write a stay."""
    dice = Random(f"booking {number}")
    return (
        f"  stay-{number:06}:\n"
        f"    reference: BM-2026-{number:06}\n"
        f"    currency: EUR\n"
        f"    display_currency: EUR\n"
        f"    exchange_rate: {dice.choice(['1', '1.25', '0.875'])}\n"
        f"    method: {dice.choice(['request', 'book'])}\n"
        f"    silent: true\n"
    )


def link(number: int) -> str:
    """Write who takes part in a stay."""
    return f"  - {{contact_id: guest-{number:06}, booking_id: stay-{number:06}}}\n"


def _some(dice: Random) -> Iterator[str]:
    return (word for word in WORDS if dice.random() < 0.15)


def _write_kind(folder: Path, kind: str, blocks: Iterator[str]) -> None:
    part = 0
    while some := [block for _, block in zip(range(EACH), blocks, strict=False)]:
        text = f"# {kind}, part {part + 1}\n\n{kind}:\n{''.join(some)}"
        (folder / f"{kind}-{part:02}.yaml").write_text(text, "utf-8")
        part += 1
