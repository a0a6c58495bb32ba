"""Simple lines are read without the parser, and never in another way than the parser reads them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.configuration.load.nodes import BlockNode, Node, Origin, Scalar, SequenceNode, items
from reconciler.configuration.load.parse import quickly
from reconciler.configuration.load.resolve import values_of
from reconciler.yamltext.read import read
from reconciler.yamltext.simple import Block, Odd, sections
from tests.validating import check, good

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted([*ROOT.glob("examples/**/*.yaml"), *ROOT.glob("tests/bad/**/*.yaml")])


def written(node: Node) -> object:
    """Give everything that a node says, places included."""
    if isinstance(node, Scalar):
        return tuple(node)
    if isinstance(node, SequenceNode):
        return (node.place, [written(item) for item in node.items])
    entries = node.entries.items()
    return (node.place, [(k, tuple(e.key), written(e.value)) for k, e in entries])


def is_as_the_parser_reads(text: str) -> bool:
    root = quickly(Origin("f.yaml", text))
    if root is None:
        return False
    parsed = values_of(read(text), "f.yaml")
    assert not parsed.problems
    assert parsed.root is not None
    assert written(root) == written(parsed.root)
    return True


def parts_of(text: str) -> str:
    """Say for each part whether it is a block (b) or odd (o); a section is in brackets."""
    said = ""
    for section in sections(text) or ():
        if isinstance(section, Odd):
            said += "o"
        else:
            said += f"[{''.join('b' if isinstance(p, Block) else 'o' for p in section.parts)}]"
    return said


A = "contacts:\n  a:\n    city: x\n"
LINES = "contacts:\n  a:\n    city: {}\n    zip: 1\n"
COLUMNS = "contacts:\n  a:\n{}"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (A, "[b]"),
        ("# one\n\ncontacts:\n  # two\n  a:\n    city: x\n\n# three\n  b: {zip: 1}\n\n", "[bb]"),
        ("contact_bookings:\n  - contact_id: a\n    booking_id: b\n  - {contact_id: c}\n", "[bb]"),
        ("reconciler:\n  stack: x\n" + A, "[o][b]"),
        ("x-notes: one\n" + A, "o[b]"),
        (A + "  b: {meta: []}\n  c: {meta: []}\n  d:\n    city: x\n", "[bob]"),
        (A + "    # why\n    zip: 1\n", "[o]"),
        (A + "      of y\n", "[o]"),
        (A + "  b:\n    notes: |\n      city: x\n  c:\n    city: x\n", "[bob]"),
        (A + "  b:\n    city: x\n    city: y\n", "[bo]"),
        (A + "bookings:\n", "[b]o"),
        *(
            (LINES.format(value), "[b]")
            for value in [
                "x y", "a, b", "-1", "1.5", "a:b", "15:00", "https://x/?a=b", "$x", "${X}", "é ß",
                "it's", 'a "b"', "[x".removeprefix("["), "x]", "x}", "null", "'x: # y'", '"x: # y"',
                "''", '""', "2026-07-04T15:00:00Z", "\U0001f3e1",
                "[]", "{}",
            ]
        ),
        *(
            (LINES.format(value), "[o]")
            for value in [
                "a: b", "a:", "x # y", "x ", " x", "*x", "&x y", "!x y", "[x]", "{a: b}", "|", ">-",
                "[ ]", "[] x", "{}x",
                "'it''s'", '"a\\n"', "- x", "-", "? x", "@x", "`x", "%x", "", "~", "x\t", "\t",
                "'x",
                '"x', "x\xa0y",
            ]
        ),
    ],
)  # fmt: skip
def test_what_is_a_block(text: str, parts: str) -> None:
    assert parts_of(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        A.replace("\n", "\r\n"), "\ufeff" + A, " " + A, A + "\x85", A + " x: y\n",
        "? a\n" + A, A + "  ? b\n", A + "x-\u2028: a\n",
    ],
)  # fmt: skip
def test_what_the_parser_has_to_read(text: str) -> None:
    assert sections(text) is None


@pytest.mark.parametrize(
    "odd",
    [
        "   x: y\n", "  b: &b {city: x}\n", "  b: *b\n", "  b: !x y\n", "  b: {<<: {city: x}}\n",
        "  {b: c}\n",
        "  b: [\n", "  - b\n", "  a: {meta: []}\n", "x: &x y\n", "contacts: x\n", "--- \n", "...\n",
        "<<<<<<< one\n", f"  b: {'[' * 98}{']' * 98}\n", "  b\n", "x: 'y\n",
    ],
)  # fmt: skip
def test_an_odd_part_that_needs_the_rest_is_no_simple_text(odd: str) -> None:
    assert quickly(Origin("f.yaml", A)) is not None
    assert quickly(Origin("f.yaml", A + odd)) is None


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: str(file.relative_to(ROOT)))
def test_examples_are_read_as_the_parser_reads_them(file: Path) -> None:
    is_as_the_parser_reads(file.read_text(encoding="utf-8", errors="replace"))


PIECES = st.sampled_from([
    "contacts:\n", "contact_bookings:\n", "  a:\n", "  b:\n", "    city: x\n", "    zip: '1'\n",
    "    meta: []\n", "    meta: {}\n",
    "  - city: x\n", "  - {city: x, zip: 1}\n", "  c: {city: x}\n", "  d: {meta: [1]}\n",
    "    notes: |\n", "    notes: |2+\n", "      more\n", "    meta:\n", "      - x\n", "\n",
    " \n", "# x\n", "   # x\n", "    phone: \"x\n", "    phone: 'x\n", "y'\n", 'y"\n',
    "    email: [x,\n", "]\n", "x-a: b\n", "---\n", "...\n", "? a\n", ": b\n", "  ? a\n",
    "  : b\n", "- a\n", "a", ":", " ", "#", "'", '"', "-", "|", "&a ", "*a", "!", "{", "}", "[",
    "]", ",", "\t", "\\", "%", "é", "~", "<<: ",
])  # fmt: skip


@given(st.lists(PIECES, min_size=2, max_size=14).map("".join))
def test_what_is_read_quickly_is_read_as_the_parser_reads_it(text: str) -> None:
    is_as_the_parser_reads("contacts:\n  z:\n    city: x\n" + text)
    is_as_the_parser_reads(text + A)


def test_most_of_an_example_is_blocks() -> None:
    text = (ROOT / "examples/links/bookingmood.yaml").read_text()
    assert is_as_the_parser_reads(text)
    root = quickly(Origin("f.yaml", text))
    assert root is not None
    contacts, links = root.entries["contacts"].value, root.entries["contact_bookings"].value
    assert isinstance(links, SequenceNode)
    assert not isinstance(contacts, Scalar | SequenceNode)
    assert all(isinstance(item, BlockNode) for item in links.items)
    assert all(isinstance(item, BlockNode) for _, item in items(contacts))


def test_many_blocks_of_one_shape_are_read_as_the_parser_reads_them() -> None:
    many = "".join(f"  a{n}:\n    city: x{n}\n    zip: '{n}'\n" for n in range(250))
    others = (
        "  b:\n    city: x\n  c:\n    city: x\n    zip: 1\n    phone: 2\n"
        "  d:\n    zip: 1\n    city: x\n  e: {city: x, zip: 1}\n"
    )
    text = f"contacts:\n{many}{others}{others.replace('  b', '  f')}"
    assert not is_as_the_parser_reads(text)  # three keys are given twice
    assert is_as_the_parser_reads(f"contacts:\n{others}{many}")
    pairs = "".join(f'  - {{a: x{n}, b: "{n}"}}\n' for n in range(250))
    assert is_as_the_parser_reads(f"links:\n{pairs}  - a: x\n    b: y\n  - {{b: x, a: y}}\n{pairs}")
    root = quickly(Origin("f.yaml", f"contacts:\n{many}{others}"))
    assert root is not None
    blocks = [b for _, b in items(root.entries["contacts"].value)]  # type: ignore[arg-type]
    written_texts = [tuple(b.texts) for b in blocks if isinstance(b, BlockNode)]
    assert written_texts[-5:] == [
        ("x249", "'249'"),
        ("x",),
        ("x", "1", "2"),
        ("1", "x"),
        ("x", "1"),
    ]


VALUES = """\
contacts:
  a:
    city: x
    zip: "01"
    phone: ''
    language: en-US
bookings:
  b:
    reference: "null"
    exchange_rate: 1.50
    silent: true
    confirmed_at: 2026-07-04T15:00:00+02:00
    creator_id: 6F1C0A9E-3B52-4c8d-9a70-2f5d8e1b4c37
contact_bookings:
  - contact_id: a
    booking_id: b
"""
WRONG = (
    VALUES
    + """\
  - contact_id: c
    booking_id: b
services:
  s:
    creator_id: null
    nothing: 1
members:
  m:
    email: a@example.com
products:
  p:
    timezone: Europe/Nowhere
"""
)


def test_blocks_have_the_values_that_the_parser_finds(tmp_path: Path) -> None:
    quick = good(VALUES, folder=tmp_path)
    slow = good(VALUES.replace("\n", "\r\n"), folder=tmp_path)
    assert list(quick.resources.values()) == list(slow.resources.values())


def test_what_is_wrong_in_blocks_is_told_as_ever(tmp_path: Path) -> None:
    _, quick = check(WRONG, folder=tmp_path)
    _, slow = check(WRONG.replace("\n", "\r\n"), folder=tmp_path)
    assert [(p.code, p.message) for p in quick] == [(p.code, p.message) for p in slow]
    assert {p.code for p in quick} >= {"unknown-reference", "unknown-column", "wrong-type"}
