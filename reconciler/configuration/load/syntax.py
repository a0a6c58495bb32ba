"""What the YAML parser complains about, in plain words and with a way out."""

import re
from typing import NamedTuple

from yaml import MarkedYAMLError, YAMLError

from ...diagnostics import Code, Position
from ...yamltext.lines import LINE_BREAK
from .problems import ProblemReport

_NOT_PRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_ANCHOR_SAID = "did not find expected alphabetic or numeric character"
_ANCHOR = re.compile(r"[&*][A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+(?=[\s,\[\]{}:]|$)")

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(:-[^}\r\n]*)?\}")

_TAB = ("a tab stands where spaces belong", "indent with spaces")
_QUOTE = "put quotes around the value"


class _Advice(NamedTuple):
    said: str
    """What the parser says, or a part of it."""
    message: str
    hint: str
    at_context: bool = False
    """Whether the place to look at is where the construct began, not where it failed."""


_ADVICE = (
    _Advice(
        "mapping values are not allowed",
        "a ': ' stands where no key can be",
        "quote a value that holds ': '; check the indentation, and the ':' of the line above",
    ),
    _Advice(
        "could not find expected ':'",
        "this line has no ':'",
        "write `key: value`, and indent the further lines of a long text",
        at_context=True,
    ),
    _Advice(
        "did not find expected key",
        "the indentation does not fit the lines above, or a value needs quotes",
        "line the keys of one mapping up, and quote values that begin with a quote or a bracket",
    ),
    _Advice(
        "did not find expected '-' indicator",
        "this line is not an entry of the list above it",
        "begin each entry of a list with '- ', all equally indented",
    ),
    _Advice(
        "found unexpected end of stream",
        "a quote is opened here and never closed",
        "close the quote",
        at_context=True,
    ),
    _Advice(
        "found unexpected document indicator",
        "a quote is opened here and never closed",
        "close the quote",
        at_context=True,
    ),
    _Advice(
        "did not find expected ',' or ']'",
        "a '[' is opened here and not closed as a list",
        "close it with ']'; put quotes around a range such as '[2026-01-01,2026-02-01)'",
        at_context=True,
    ),
    _Advice(
        "did not find expected ',' or '}'",
        "a '{' is opened here and not closed as a mapping",
        "close it with '}'; put quotes around ${NAME} inside brackets",
        at_context=True,
    ),
    _Advice(
        "found invalid Unicode character escape code",
        "the escape is no character: half of a pair, or a number beyond Unicode",
        "write both halves, such as \\ud83d\\ude00, or the character itself",
    ),
    _Advice(
        _ANCHOR_SAID,
        "'*' and '&' at the beginning of a value are aliases and anchors of YAML",
        f"{_QUOTE}; the name of an anchor has letters, digits, '-' and '_' only",
        at_context=True,
    ),
    _Advice(
        "found undefined tag handle",
        "tags are not used here: the column decides the type",
        "take the tag away; put quotes around a text that begins with '!'",
    ),
    _Advice("unknown escape character", "the backslash is not a known escape", "write \\\\ for it"),
    _Advice("block sequence entries are not allowed", "a list cannot begin here",
            "put the '- ' on a line of its own"),
)  # fmt: skip


def report_conflict(place: Position, report: ProblemReport) -> None:
    """Say that git could not join two versions of a file, and somebody has to."""
    message = "marks of a merge that is not resolved stand here"
    hint = "choose what shall stay, and take the lines with <<<<<<<, ======= and >>>>>>> out"
    report.error("merge-conflict", message, place, hint=hint)


def report_syntax_error(error: YAMLError, text: str, file: str, report: ProblemReport) -> None:
    """Turn the parser's error into a problem of the file."""
    if not isinstance(error, MarkedYAMLError) or error.problem_mark is None:
        _report_unprintable(text, file, report)
        return
    line, column = error.problem_mark.line, error.problem_mark.column
    said = error.problem or ""
    if "tab" in said.split() or _character(text, line, column) == "\t":
        report.error("tab", _TAB[0], Position(file, line + 1, column + 1), hint=_TAB[1])
        return
    code: Code = "tag" if "tag" in said.split() else "yaml-syntax"
    advice = next((a for a in _ADVICE if a.said in said), None)
    if written := _unquoted_variable(text, line, column):
        message, hint = f"{written} has no quotes inside of brackets", f'quote it: "{written}"'
        report.error(code, message, Position(file, line + 1, column), hint=hint)
        return
    if advice and advice.at_context and error.context_mark is not None:
        line, column = error.context_mark.line, error.context_mark.column
    message, hint = _words(said, advice, _character(text, line, column))
    if said == _ANCHOR_SAID:
        message, hint = _anchor_words(text, line, column) or (message, hint)
    report.error(code, message, Position(file, line + 1, column + 1), hint=hint)


def _unquoted_variable(text: str, line: int, column: int) -> str | None:
    """Give the variable whose brace the parser took for its own; a fallback may be private."""
    lines = LINE_BREAK.split(text)
    found = _VARIABLE.match(lines[line], column - 1) if column and line < len(lines) else None
    return f"${{{found[1]}{':-…' if found[2] else ''}}}" if found else None


def _words(said: str, advice: _Advice | None, character: str) -> tuple[str, str]:
    if advice:
        return advice.message, advice.hint
    if "cannot start any token" in said:
        return f"a value cannot begin with {character!r} in YAML", _QUOTE
    return f"this is not YAML: {said}", f"{_QUOTE}, and check the indentation"


def _anchor_words(text: str, line: int, column: int) -> tuple[str, str] | None:
    """Say what is wrong with a name that YAML 1.2 takes, and the scanner does not."""
    found = _ANCHOR.match(LINE_BREAK.split(text)[line], column)
    if found is None:
        return None
    name = found[0][1:].replace(".", "-")
    message = "the name of an anchor has letters, digits, '-' and '_' only"
    return message, f"write {found[0][0]}{name}, at the anchor and at its aliases"


def _report_unprintable(text: str, file: str, report: ProblemReport) -> None:
    found = _NOT_PRINTABLE.search(text)
    index = found.start() if found else 0
    before = LINE_BREAK.split(text[:index])
    name = f"U+{ord(text[index]):04X}" if found else "a character"
    report.error(
        "yaml-syntax",
        f"the file holds {name}, which YAML does not allow",
        Position(file, len(before), len(before[-1]) + 1),
        hint='take it away, or write it as an escape such as "\\x07" in double quotes',
    )


def _character(text: str, line: int, column: int) -> str:
    lines = LINE_BREAK.split(text)
    return lines[line][column : column + 1] if line < len(lines) else ""
