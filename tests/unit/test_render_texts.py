"""How two texts differ: words around each change, lines, and what nobody would see."""

import pytest
from rich.cells import cell_len

from reconciler.render.texts import clips, line_diff, quoted, unlike

LONG = " ".join(f"word{number}" for number in range(60))
ADDRESS = "https://example.com/" + "a" * 80 + "?room=1&" + "b" * 80


@pytest.mark.parametrize(
    ("before", "after", "width", "shown"),
    [
        ("same", "same!", 10, [("same", "same!")]),
        (LONG, LONG.replace("word40", "WORD"), 50, [
            ("…word38 word39 word40 word41 word42 word43…",
            "…word38 word39 WORD word41 word42 word43…")]),
        (LONG, LONG.replace("word0 ", "").replace("word59", "end"), 40, [
            ("word0 word1 word2 word3 word4 word5…", "word1 word2 word3 word4 word5…"),
            ("…word55 word56 word57 word58 word59", "…word55 word56 word57 word58 end")]),
        (LONG, LONG.replace("word30", "a").replace("word31", "b"), 60, [(
            "…word27 word28 word29 word30 word31 word32 word33 word34…",
            "…word27 word28 word29 a b word32 word33 word34…")]),
        (ADDRESS, ADDRESS.replace("room=1", "room=2"), 40, [
            ("…aaaaaaaaaaaaa?room=1&bbbbbbbbbbbbbbbbb…",
             "…aaaaaaaaaaaaa?room=2&bbbbbbbbbbbbbbbbb…")]),
        ("x" * 90, "y" * 90, 40, [
            ("xxxxxxxxxxxxxxxxxxxxxxx… (90 characters)",
             "yyyyyyyyyyyyyyyyyyyyyyy… (90 characters)")]),
    ],
)  # fmt: skip
def test_of_a_long_line_the_words_around_each_change_are_shown(
    before: str, after: str, width: int, shown: list[tuple[str, str]]
) -> None:
    found = clips(before, after, width)
    assert found == shown
    assert max(cell_len(side) for pair in found for side in pair) <= width


@pytest.mark.parametrize("width", [20, 33, 72, 200])
def test_wide_letters_are_no_wider_than_there_is_room(width: int) -> None:
    before = "日本語の説明 " * 40 + "百ユーロ" + " とても長い" * 40
    found = clips(before, before.replace("百", "九百"), width)
    assert max(cell_len(side) for pair in found for side in pair) <= width
    assert "九百" in found[0][1]


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        ("a\nb\n", "a\nc\n", ["  a", "- b", "+ c"]),
        ("a\n", "a\nb\n", ["  a", "+ b"]),
        ("1\n2\n3\n4\n5\n6", "0\n2\n3\n4\n5\n7", [
            "- 1", "+ 0", "  2", "… 2 lines", "  5", "- 6", "+ 7"]),
        ("a\n\nb", "a\n\nc", ["… 2 lines", "- b", "+ c"]),
        ("a\nx\ny\nb", "a\nX\nY\nb", ["  a", "- x", "- y", "+ X", "+ Y", "  b"]),
        ("a\x1b[31m\nb", "a\nb", ["- a\\u001b[31m", "+ a", "  b"]),
        ("a\\nb\n1", "a\\nb\n2", ["  a\\\\nb", "- 1", "+ 2"]),
        ("a\r\nb", "a\nb", ["- a\\r", "+ a", "  b"]),
        ("a \nb", "a\nb", ["- a\\u0020", "+ a", "  b"]),
        ("", "\n ", ["… 1 line", "+ \\u0020"]),
        ("a\nb", "a\nb \n", ["  a", "- b", "+ b\\u0020", "+"]),
        ("a \nb", "a \nc", ["  a", "- b", "+ c"]),
        ("1\n2", "1\nnew one\n3", ["  1", "- 2", "+ new one", "+ 3"]),
        ("a\n" * 2000, "b\n" * 2000, ["- a"] * 2000 + ["+ b"] * 2000),
    ],
)  # fmt: skip
def test_lines_that_differ(before: str, after: str, lines: list[str]) -> None:
    assert line_diff(before, after, 70) == lines


def test_a_long_line_is_found_again_behind_a_new_one() -> None:
    lines = line_diff(f"x\n{LONG}", f"x\nA new line.\n{LONG.replace('word50', 'fifty')}", 50)
    assert lines == [
        "  x", "+ A new line.",
        "- …word48 word49 word50 word51 word52 word53…",
        "+ …word48 word49 fifty word51 word52 word53…",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "shown", "said"),
    [
        ("a b", "a c", ("a b", "a c"), ""),
        ("Villa\u00a0Rosa", "Villa Rosa", ("Villa\\u00a0Rosa", "Villa\\u0020Rosa"),
         "looks the same: U+00A0 (no-break space) → U+0020 (space)"),
        ("caf\u00e9", "cafe\u0301", ("caf\u00e9", "cafe\\u0301"),
         "only the form differs: U+00E9 (latin small letter e with acute) → "
         "U+0065 (latin small letter e) U+0301 (combining acute accent)"),
        ("co\u00adop", "coop", ("co\\u00adop", "coop"),
         "looks the same: U+00AD (soft hyphen) is gone"),
        ("Donau\u00addampf 1", "Donau\u00addampf 2",
         ("Donau\u00addampf 1", "Donau\u00addampf 2"), ""),
        ("a ", "a", ("a\\u0020", "a"), "looks the same: U+0020 (space) is gone"),
        ("a\n", "a", ("a\\n", "a"), "looks the same: U+000A (line end) is gone"),
        ("a\r\nb", "a\nb", ("a\\r\\nb", "a\\nb"),
         "looks the same: U+000D (carriage return) is gone"),
        ("1\u00a0euro", "9 euro", ("1\\u00a0euro", "9\\u0020euro"),
         "not to be seen: U+00A0 (no-break space) → U+0020 (space)"),
        ("👩\u200d🚀 a", "👩\u200d🚀 b", ("👩\u200d🚀 a", "👩\u200d🚀 b"), ""),
    ],
)  # fmt: skip
def test_what_looks_the_same_is_spelled_out(
    before: str, after: str, shown: tuple[str, str], said: str
) -> None:
    assert quoted(before, after) == tuple(f'"{text}"' for text in shown)
    assert unlike(before, after) == said
