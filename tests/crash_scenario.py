"""Two states of one folder: from the first to the second takes many requests of every sort."""

import textwrap
from collections.abc import Iterator

BLOCK = "reconciler: {stack: crash-1a2b}\n"
LAST_CONTACT = 26


def _contacts(state: str) -> Iterator[str]:
    """Write contacts: some go, some come, most change, with many sets of columns."""
    yield "contacts:"
    numbers = range(LAST_CONTACT) if state == "before" else range(4, LAST_CONTACT + 6)
    for number in numbers:
        changed = state == "after" and number % 2 == 0
        yield f"  guest-{number}:"
        yield f"    email: guest-{number}@example.test"
        yield f"    first_name: {'Changed' if changed else 'Guest'} {number}"
        if number % 7 == 3:
            yield f"    notes: {'all the same' if state == 'after' else 'nothing yet'}"
        if number >= LAST_CONTACT:
            yield f"    {('phone', 'last_name', 'city', 'zip', 'street')[number % 5]}: x{number}"


def _bookings(state: str) -> Iterator[str]:
    yield "bookings:"
    for number in range(10) if state == "before" else range(3, 12):
        yield f"  stay-{number}:"
        yield f"    reference: BM-{number}"
        yield "    currency: EUR"
        yield "    display_currency: EUR"
        yield f"    exchange_rate: {1 if state == 'before' or number % 2 else number + 0.5}"
        yield "    silent: true"
    yield "contact_bookings:"
    for number in range(10) if state == "before" else range(5, 12):
        guest = number if state == "before" else number + 1
        yield f"  - {{contact_id: guest-{guest}, booking_id: stay-{number}}}"


def _products(state: str) -> Iterator[str]:
    yield "products:"
    for number in range(3) if state == "before" else range(1, 6):
        yield f"  house-{number}:"
        yield f"    name: {{default: House {number}}}"
        yield "    rent_period: daily"
        yield "    timezone: UTC"
        yield f"    cooldown_time: {number if state == 'before' or number > 2 else number + 7}"
        if number % 2:
            yield f"    description: {{default: It is {state} number {number}.}}"
    yield "calendar_events:"
    for number in range(3, 8) if state == "before" else range(3, 11):
        house = number % 3 if state == "before" else 1 + number % 4
        yield f"  stay-{number}:"
        yield "    type: booking"
        yield f"    booking_id: stay-{number}"
        yield f"    product_id: house-{house}"
        yield f"    start_date: 2026-07-{number:02d}"
        yield f"    end_date: 2026-07-{number + 4:02d}"
        yield f"    title: Stay {number}"
    yield "product_services:"
    for number in range(1, 3) if state == "before" else range(1, 5):
        order = number if state == "before" else number * 2
        yield f"  - {{product_id: house-{number}, service_id: breakfast, order: {order}}}"
    yield "external_calendars:"
    for number in (1, 2) if state == "before" else (2, 3, 4):
        yield f"  feed-{number}:"
        yield f"    product_id: house-{number}"
        yield f"    name: Feed {number}"
        yield f"    ical_url: https://example.test/{number}.ics"
        yield "    sync_requested_at: 2026-01-01T00:00:00Z  # else the server puts the time"
        yield f"    time_offset: {number if state == 'before' else -number}"


_SMALL_BEFORE = """\
services:
  breakfast: {type: multiple-choice, label: {default: Breakfast}}
  with-eggs: {type: multiple-choice-option, parent_id: breakfast, label: {default: Eggs}}
  cot: {type: checkbox, label: {default: Cot}}
taxes:
  vat: {label: {default: VAT}, percentage: 9, type: included}
  tourist: {label: {default: Tourists}, percentage: 4, type: on-top}
attributes:
  comfort: {name: {default: Comfort}, order: 1, type: multi-select}
attribute_options:
  stove: {attribute_id: comfort, name: {default: Stove}, order: 1}
  sauna: {attribute_id: comfort, name: {default: Sauna}, order: 2}
coupons:
  ten-off: {code: TENOFF, description: Ten off., quota: 100, scope: product}
  spring: {code: SPRING, description: Early., scope: product}
  summer: {code: SUMMER, description: Late., scope: product}
  old-winter: {code: WINTER, description: Last year., scope: product}
coupon_services:
  - {coupon_id: ten-off, service_id: breakfast}
widgets:
  calendar: {title: Calendar, type: calendar, language: nl-NL}
  gone: {title: Gone, type: calendar, language: nl-NL}
"""
_SMALL_AFTER = """\
services:
  breakfast: {type: multiple-choice, label: {default: Breakfast, nl-NL: Ontbijt}}
  with-jam: {type: multiple-choice-option, parent_id: breakfast, label: {default: Jam}}
  cot: {type: checkbox, label: {default: Cot}}
taxes:
  vat: {label: {default: VAT}, percentage: 10.5, type: included}
  city: {label: {default: City}, percentage: 2, type: on-top}
attributes:
  comfort: {name: {default: Comfort}, order: 4, type: multi-select}
attribute_options:
  stove: {attribute_id: comfort, name: {default: Stove}, order: 3}
  bath: {attribute_id: comfort, name: {default: Bath}, order: 2}
product_attribute_options:
  - {product_id: house-4, option_id: bath}
coupons:
  ten-off: {code: TENOFF, description: Ten off for all., quota: 100, scope: product}
  five-off: {code: FIVEOFF, description: Five off., scope: product}
  spring: {code: SUMMER, description: Early., scope: product}
  summer: {code: SPRING, description: Late., scope: product}
  new-winter: {code: WINTER, description: This year., scope: product}
coupon_services:
  - {coupon_id: ten-off, service_id: cot}
coupon_products:
  - {coupon_id: five-off, product_id: house-3}
widgets:
  calendar: {title: Calendar, type: calendar, language: en-US}
members:
  helper: {email: helper@example.test, name: Helper, language: en-US}
permissions:
  - {member_id: helper, product_id: house-5, bookings: maintenance, settings: none}
"""


def _whole(state: str, small: str) -> str:
    parts = (*_contacts(state), *_bookings(state), *_products(state))
    return BLOCK + "\n".join(parts) + "\n" + textwrap.dedent(small)


BEFORE = _whole("before", _SMALL_BEFORE)
AFTER = _whole("after", _SMALL_AFTER)
