"""Codes: what is taken, what is refused, what is doubted, and what is named instead."""

import pytest

from reconciler.configuration.validate.suggest import Suggester
from reconciler.values.codes import CHECKS, EXPECTS, currencies, judge
from tests.builders import KINDS
from tests.coded import GOOD

TAKEN = [(code, text) for code, texts in GOOD.items() for text in texts]

REFUSED = [
    # code, text, what is surely meant
    ("currency", "EURO", None),
    ("currency", "eur", "EUR"),
    ("currency", " EUR", "EUR"),
    ("currency", "€", "EUR"),
    ("past-currency", "EURO", None),
    ("past-currency", "dem", None),
    ("country", "Netherlands", "NL"),
    ("country", " united kingdom", "GB"),
    ("country", "Narnia", None),
    ("country", "XX", None),
    ("country", "EU", None),
    ("country", "SU", None),
    ("language", "dutch", None),
    ("language", "C", None),
    ("language", "xx-YY", None),
    ("language", "nl-NLL", None),
    ("language", "en-USA", None),
    ("url", "htp:/x", None),
    ("url", "http:/example.com", "https://example.com"),
    ("url", "www.example.com", "https://www.example.com"),
    ("url", "//cdn.example.com/a", "https://cdn.example.com/a"),
    ("url", "http://", None),
    ("url", "https://example.com/a b", None),
    ("url", "https://example.com:port/", None),
    ("url", "javascript:alert(1)", None),
    ("colour", "fff", "#fff"),
    ("colour", "#12345", None),
    ("colour", "#ggg", None),
    ("colour", "gren", None),
    ("colour", "rgb(1, 2", None),
]

DOUBTED = [
    ("currency", "BGN", "EUR"),
    ("currency", "DEM", "EUR"),
    ("currency", "XAU", None),
    ("country", "UK", "GB"),
    ("country", "U.K.", "GB"),
    ("country", "EL", "GR"),
    ("country", "NLD", "NL"),
    ("country", "nl", "NL"),
    ("language", "nl_NL", "nl-NL"),
    ("language", "iw", "he"),
    ("language", "en-UK", "en-GB"),
    ("url", "/thanks", None),
    ("url", "mailto:jane@example.com", None),
    ("email", "jane@localhost", None),
    ("email", "Jane <jane@example.com>", None),
    ("email", "jane@@example.com", None),
]

QUIET = [  # other spellings that mean the same
    ("language", "nl-nl"),
    ("language", "en-Latn-US"),
    ("language", "de-CH-1996"),
    ("url", "webcal://example.com/feed.ics"),
    ("url", "http://localhost:8000"),
    ("colour", "color-mix(in srgb, var(--a), #fff 5%)"),
    ("colour", "transparent"),
    ("colour", "rebeccapurple"),
]


@pytest.mark.parametrize(("code", "text"), TAKEN + QUIET)
def test_what_is_right_is_taken_without_a_word(code: str, text: str) -> None:
    assert judge(code, text) is None


@pytest.mark.parametrize(("code", "text", "instead"), REFUSED)
def test_what_cannot_be_is_refused(code: str, text: str, instead: str | None) -> None:
    wrong = judge(code, text)
    assert wrong is not None
    assert (wrong.doubtful, wrong.instead) == (False, instead)


@pytest.mark.parametrize(("code", "text", "instead"), DOUBTED)
def test_what_is_hardly_meant_is_doubted(code: str, text: str, instead: str | None) -> None:
    wrong = judge(code, text)
    assert wrong is not None
    assert (wrong.doubtful, wrong.instead) == (True, instead)


@pytest.mark.parametrize(("text", "near"), [("NLL", "NL"), ("gbb", "GB"), ("XX", None)])
def test_a_mistyped_country_has_a_nearest_one(text: str, near: str | None) -> None:
    wrong = judge("country", text)
    assert wrong is not None and not wrong.doubtful
    assert Suggester().nearest(text.upper(), wrong.among) == near


@pytest.mark.parametrize("code", CHECKS)
def test_an_empty_text_is_no_value(code: str) -> None:
    assert judge(code, "") is None


@pytest.mark.parametrize(("code", "text", "_"), REFUSED + DOUBTED)
def test_what_is_said_of_private_columns_holds_no_value(code: str, text: str, _: object) -> None:
    wrong = judge(code, text)
    assert wrong is not None
    assert text not in wrong.expects.split()
    assert text not in (wrong.hint or "").split()


def test_what_is_named_instead_is_right_itself() -> None:
    named = [(code, instead) for code, _, instead in REFUSED + DOUBTED if instead]
    assert [(code, text) for code, text in named if judge(code, text)] == []


def test_every_code_of_the_schemas_has_a_check_or_is_read_as_a_zone() -> None:
    used = {column.code for kind in KINDS.values() for column in kind.columns.values()}
    assert used - {None} == CHECKS.keys() | {"time-zone"} == EXPECTS.keys()


def test_what_the_server_fills_in_is_right() -> None:
    filled = [
        (column.code, str(column.schema["default"]))
        for kind in KINDS.values()
        for column in kind.columns.values()
        if column.code and "default" in column.schema
    ]
    assert len(filled) > 20
    assert [pair for pair in filled if judge(*pair)] == []


def test_the_currencies_that_need_no_look_are_those_of_today() -> None:
    assert currencies.currencies() & currencies.known_currencies() >= currencies.EVERYDAY
