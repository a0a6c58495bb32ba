"""Values that can be, for tests that make rows up."""

from collections.abc import Mapping

import jsonschema_rs

from reconciler.catalogue import Kind
from reconciler.catalogue.rules import Order, is_broken
from reconciler.values.column import JSON

GOOD: Mapping[str, tuple[str, ...]] = {
    "currency": ("EUR", "NOK", "XCG"),
    "past-currency": ("EUR", "BGN", "DEM"),
    "country": ("NL", "NO", "XK"),
    "language": ("nl-NL", "en", "zh-Hant-TW"),
    "time-zone": ("Europe/Amsterdam", "UTC", "America/Vancouver"),
    "url": ("https://www.example.com", "http://example.com:8080/a?b=%20#c", "https://zoë.example"),
    "email": ("jane@example.com", "o'neil+tag@mail.example.org"),
    "colour": ("#fff", "#22c55e80", "rgb(1, 2, 3)", "Tomato"),
}
"""Texts of each code that are taken without a word."""


def sensible(kind: Kind, values: dict[str, JSON]) -> dict[str, JSON]:
    """Leave out what the inside of a column refuses, and put what is ordered into its order."""
    wrong = {
        rule.column
        for rule in kind.insides
        if rule.severity == "error"
        and not jsonschema_rs.is_valid(dict(rule.schema), values.get(rule.column, {}))
    }
    fits = {name: value for name, value in values.items() if name not in wrong}
    for rule in kind.relations:
        ordered = [name for name in rule.columns if isinstance(rule, Order)]
        if any(name not in fits for name in ordered):
            fits = {name: value for name, value in fits.items() if name not in ordered}
        elif ordered and is_broken(rule, kind.columns, fits):
            first, second = ordered
            fits[first], fits[second] = fits[second], fits[first]
    return fits
