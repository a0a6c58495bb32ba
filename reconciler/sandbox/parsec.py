"""Parser combinators that keep book of errors exactly as Haskell's Parsec does.

PostgREST answers a bad query string with Parsec's own words ("unexpected … expecting …"), and
those depend on how Parsec merges what every alternative expected. So the rules are Parsec's:
an alternative is tried only if the one before failed without consuming; of two errors the one
further on wins; errors at one place are merged.
"""

import re
from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar, cast, overload

from .mismatch import (
    EXPECTED,
    UNEXPECTED,
    UNEXPECTED_TOKEN,
    Mismatch,
    merged,
    shown,
    shown_char,
    unexpected_at,
)

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")
E = TypeVar("E")
F = TypeVar("F")
T = TypeVar("T")
U = TypeVar("U")
T_co = TypeVar("T_co", covariant=True)


class Outcome(NamedTuple, Generic[T_co]):
    """The end of one attempt. ``mismatch`` is there on success too: it may explain a later one."""

    ok: bool
    consumed: bool
    at: int
    mismatch: Mismatch
    value: T_co


Parser = Callable[[str, int], Outcome[T]]


class ParseError(Exception):
    """The input is not of the form; ``str(error)`` is empty, use ``describe``."""

    def __init__(self, mismatch: Mismatch) -> None:
        super().__init__()
        self.mismatch = mismatch


def parse(parser: Parser[T], text: str) -> T:
    """Run a parser over the beginning of a text; raise ParseError."""
    outcome = parser(text, 0)
    if not outcome.ok:
        raise ParseError(outcome.mismatch)
    return outcome.value


# --- tokens ---------------------------------------------------------------------------------


def char(wanted: str) -> Parser[str]:
    """Take one given character."""
    return label(satisfy(lambda found: found == wanted), shown(wanted))


def one_of(wanted: str) -> Parser[str]:
    """Take one of several characters."""
    return satisfy(lambda found: found in wanted)


def none_of(unwanted: str) -> Parser[str]:
    """Take any character but these."""
    return satisfy(lambda found: found not in unwanted)


def satisfy(test: Callable[[str], bool]) -> Parser[str]:
    """Take one character that passes a test."""

    def run(text: str, at: int) -> Outcome[str]:
        if at < len(text) and test(text[at]):
            return Outcome(True, True, at + 1, Mismatch(at + 1, ()), text[at])
        return Outcome(False, False, at, unexpected_at(text, at), "")

    return run


def string(wanted: str) -> Parser[str]:
    """Take a given text. A text that only begins right counts as consumed input."""
    expected = (EXPECTED, shown(wanted))

    def run(text: str, at: int) -> Outcome[str]:
        if text.startswith(wanted, at):
            end = at + len(wanted)
            return Outcome(True, True, end, Mismatch(end, ()), wanted)
        same = 0
        while text[at + same : at + same + 1] == wanted[same]:
            same += 1
        found = shown(text[at + same]) if at + same < len(text) else ""
        mismatch = Mismatch(at, (expected, (UNEXPECTED_TOKEN, found)))
        return Outcome(False, same > 0, at, mismatch, cast("str", None))

    return run


def run_of(pattern: str, *expected: str) -> Parser[str]:
    """Take as many characters as match a one-character pattern, maybe none; fast.

    ``expected`` are the names under which one more such character would be expected.
    """
    match = re.compile(f"(?:{pattern})*", re.DOTALL).match
    names = tuple((EXPECTED, name) for name in expected)

    def run(text: str, at: int) -> Outcome[str]:
        found = cast("re.Match[str]", match(text, at))
        end = found.end()
        mismatch = Mismatch(end, (*unexpected_at(text, end).messages, *names))
        return Outcome(True, end > at, end, mismatch, found[0])

    return run


def run_of1(pattern: str, *expected: str) -> Parser[str]:
    """Take at least one character that matches a one-character pattern; fast."""
    several = run_of(pattern, *expected)

    def run(text: str, at: int) -> Outcome[str]:
        outcome = several(text, at)
        return outcome if outcome.consumed else outcome._replace(ok=False)

    return run


def eof(text: str, at: int) -> Outcome[None]:
    """Succeed at the end of the input only."""
    done = at == len(text)
    found = (UNEXPECTED_TOKEN, "") if done else (UNEXPECTED, shown_char(text[at]))
    return Outcome(done, False, at, Mismatch(at, ((EXPECTED, "end of input"), found)), None)


# --- combinators ----------------------------------------------------------------------------


def pure(value: T) -> Parser[T]:
    """Succeed with a value and take nothing."""
    return lambda text, at: Outcome(True, False, at, Mismatch(at, ()), value)


def apply(function: Callable[[T], U], parser: Parser[T]) -> Parser[U]:
    """Change the value of a success."""

    def run(text: str, at: int) -> Outcome[U]:
        out = parser(text, at)
        value = function(out.value) if out.ok else cast("U", None)
        return Outcome(out.ok, out.consumed, out.at, out.mismatch, value)

    return run


def sequence(*parsers: Parser[object]) -> Parser[tuple[object, ...]]:
    """Run parsers one after another; the value is all of theirs."""

    def run(text: str, at: int) -> Outcome[tuple[object, ...]]:
        consumed, mismatch, values = False, Mismatch(at, ()), []
        for parser in parsers:
            out = parser(text, at)
            mismatch = out.mismatch if out.consumed else merged(mismatch, out.mismatch)
            consumed = consumed or out.consumed
            if not out.ok:
                return Outcome(False, consumed, out.at, mismatch, ())
            at = out.at
            values.append(out.value)
        return Outcome(True, consumed, at, mismatch, tuple(values))

    return run


@overload
def build(made: Callable[[A, B], T], a: Parser[A], b: Parser[B], /) -> Parser[T]: ...
@overload
def build(
    made: Callable[[A, B, C], T], a: Parser[A], b: Parser[B], c: Parser[C], /
) -> Parser[T]: ...
@overload
def build(
    made: Callable[[A, B, C, D], T], a: Parser[A], b: Parser[B], c: Parser[C], d: Parser[D], /
) -> Parser[T]: ...
@overload
def build(
    made: Callable[[A, B, C, D, E], T],
    a: Parser[A],
    b: Parser[B],
    c: Parser[C],
    d: Parser[D],
    e: Parser[E],
    /,
) -> Parser[T]: ...
@overload
def build(
    made: Callable[[A, B, C, D, E, F], T],
    a: Parser[A],
    b: Parser[B],
    c: Parser[C],
    d: Parser[D],
    e: Parser[E],
    f: Parser[F],
    /,
) -> Parser[T]: ...
def build(made: Callable[..., T], *parsers: Parser[object]) -> Parser[T]:
    """Run a sequence and make one value of all its values."""
    return apply(lambda values: made(*values), sequence(*parsers))


def first(parser: Parser[T], *rest: Parser[object]) -> Parser[T]:
    """Run a sequence and keep the first value."""
    return apply(lambda values: cast("T", values[0]), sequence(parser, *rest))


def second(before: Parser[object], parser: Parser[T], *rest: Parser[object]) -> Parser[T]:
    """Run a sequence and keep the second value."""
    return apply(lambda values: cast("T", values[1]), sequence(before, parser, *rest))


def choice(*parsers: Parser[T]) -> Parser[T]:
    """Run the first parser that succeeds or consumes."""

    def run(text: str, at: int) -> Outcome[T]:
        mismatch = Mismatch(at, ())
        for parser in parsers:
            out = parser(text, at)
            if out.consumed:
                return out
            mismatch = merged(mismatch, out.mismatch)
            if out.ok:
                return out._replace(mismatch=mismatch)
        return Outcome(False, False, at, mismatch, cast("T", None))

    return run


def attempt(parser: Parser[T]) -> Parser[T]:
    """Pretend that a failure consumed nothing, so that an alternative may be tried."""

    def run(text: str, at: int) -> Outcome[T]:
        out = parser(text, at)
        return out if out.ok else out._replace(consumed=False)

    return run


def label(parser: Parser[T], name: str) -> Parser[T]:
    """Say what was expected in one's own words."""

    def run(text: str, at: int) -> Outcome[T]:
        out = parser(text, at)
        if out.consumed or (out.ok and not out.mismatch.messages):
            return out
        others = (message for message in out.mismatch.messages if message[0] != EXPECTED)
        return out._replace(mismatch=Mismatch(out.mismatch.at, ((EXPECTED, name), *others)))

    return run


def always(value: T, parser: Parser[object]) -> Parser[T]:
    """Give a value of one's own on success."""
    return apply(lambda _: value, parser)


def many(parser: Parser[T]) -> Parser[tuple[T, ...]]:
    """Run a parser until it fails without consuming."""

    def run(text: str, at: int) -> Outcome[tuple[T, ...]]:
        values: list[T] = []
        while (out := parser(text, at)).ok:
            values.append(out.value)
            at = out.at
        consumed = out.consumed or bool(values)
        return Outcome(not out.consumed, consumed, at, out.mismatch, tuple(values))

    return run


def separated1(parser: Parser[T], separator: Parser[object]) -> Parser[tuple[T, ...]]:
    """Run a parser at least once, with separators between."""
    rest = many(second(separator, parser))
    return build(lambda one, others: (one, *others), parser, rest)


def separated(parser: Parser[T], separator: Parser[object]) -> Parser[tuple[T, ...]]:
    """Run a parser any number of times, with separators between."""
    return choice(separated1(parser, separator), pure(()))


def optional(parser: Parser[T]) -> Parser[T | None]:
    """Run a parser if it fits here."""
    nothing: Parser[T | None] = pure(None)
    return choice(parser, nothing)


def look_ahead(parser: Parser[T]) -> Parser[T]:
    """Succeed as the parser does, but take nothing."""

    def run(text: str, at: int) -> Outcome[T]:
        out = parser(text, at)
        if not out.ok:
            return out
        return Outcome(True, False, at, Mismatch(at, ()), out.value)

    return run


def not_followed_by(parser: Parser[str]) -> Parser[None]:
    """Succeed where the parser does not, and take nothing."""

    def run(text: str, at: int) -> Outcome[None]:
        out = parser(text, at)
        if not out.ok:
            return Outcome(True, False, at, out.mismatch, None)
        mismatch = Mismatch(out.at, ((UNEXPECTED, shown_char(out.value)),))
        return Outcome(False, False, at, mismatch, None)

    return run
