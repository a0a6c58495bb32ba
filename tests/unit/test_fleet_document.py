"""``fleet.yaml``: what it says becomes values; whatever is wrong is named at its place, at once."""

# ruff: noqa: E501 (one case, one line)

from pathlib import Path

import pytest

from reconciler.diagnostics import ConfigurationError, UsageError
from reconciler.fleet.document import read_fleet
from reconciler.fleet.members import Fleet, StopAfter, Wave, turns_of
from reconciler.fleet.selecting import select

A, B, C = (f"0d9cbb5e-62a4-4f0e-8d7b-00000000000{n}" for n in "abc")
CSV = "organizations.csv"


def folder(tmp_path: Path) -> Path:
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "bookingmood.yaml").write_text("reconciler: {stack: agency-1a2b}\n")
    (tmp_path / "orgs").mkdir()
    (tmp_path / "orgs" / "a.yaml").write_text("")
    (tmp_path / "a.env").write_text("A=1\n")
    (tmp_path / "out").symlink_to("/etc")
    (tmp_path / ".env").write_text("SECRET=1\n")
    (tmp_path / "seen.env").symlink_to(".env")
    return tmp_path


def read(tmp_path: Path, text: str, table: str = "") -> Fleet:
    here = folder(tmp_path)
    (here / "fleet.yaml").write_text(text)
    if table:
        (here / CSV).write_text(table)
    return read_fleet(here)


def of(organizations: str, more: str = "") -> str:
    return f"fleet:\n  base: base/\n  organizations:\n    {organizations}\n{more}"


def test_all_that_it_may_say(tmp_path: Path) -> None:
    fleet = read(
        tmp_path,
        of(
            f"a: {{organization: {A.upper()}, overlays: [orgs/a.yaml], var_file: a.env, wave: canary, tags: [it, eu]}}\n"
            f"    b: {{organization: {B}}}",
            "  waves: [canary, {rest: 25 %}]\n  stop_after: {failed: 2, not_started: 5}\n",
        ),
    )
    first, second = fleet.members
    assert (first.name, first.organization, first.wave) == ("a", A, "canary")
    assert first.overlays == (tmp_path / "orgs" / "a.yaml",)
    assert first.var_file == tmp_path / "a.env"
    assert first.tags == {"it", "eu"}
    assert (second.wave, second.overlays, second.tags) == (None, (), frozenset())
    assert fleet.waves == (Wave("canary"), Wave(None, 25))
    assert fleet.stop_after == StopAfter(2, 5)
    assert str(second.position).endswith("fleet.yaml:5:5")


def test_what_it_need_not_say(tmp_path: Path) -> None:
    fleet = read(tmp_path, of(f"a: {{organization: {A}}}"))
    assert fleet.waves == (Wave(None, 100),)
    assert fleet.stop_after == StopAfter(1, None)


TABLE = f"name,organization,overlays,tags\na,{A},orgs/a.yaml;orgs,it;eu\n\nb,{B},,\n"


def test_a_table_says_the_same(tmp_path: Path) -> None:
    first, second = read(tmp_path, of(f"from: {CSV}"), TABLE).members
    assert first.overlays == (tmp_path / "orgs" / "a.yaml", tmp_path / "orgs")
    assert first.tags == {"it", "eu"}
    assert (second.name, second.position.line) == ("b", 4)


WRONG = {
    "no fleet": ("other: 1\n", ["1:8: other has no place here", "1:1: there is no mapping `fleet:`"]),
    "empty": ("", ["says nothing"]),
    "a list": ("[1]\n", ["1:1: the file holds a list"]),
    "no base": (f"fleet: {{organizations: {{a: {{organization: {A}}}}}}}\n", ["1:1: there is no `base`"]),
    "base above": (f"fleet: {{base: .., organizations: {{a: {{organization: {A}}}}}}}\n", ["1:15: this is no path below"]),
    "base here": (f"fleet: {{base: ., organizations: {{a: {{organization: {A}}}}}}}\n", ["1:15: `base` is no folder beside"]),
    "base is a file": (f"fleet: {{base: a.env, organizations: {{a: {{organization: {A}}}}}}}\n", ["1:15: `base` is no folder beside"]),
    "no organizations": ("fleet: {base: base}\n", ["1:1: there is no mapping `organizations`"]),
    "none of them": ("fleet: {base: base, organizations: {}}\n", ["1:36: there is no organization"]),
    "no mapping": (of("a: b"), ["4:8: a is no mapping"]),
    "no id": (of("a: {}"), ["4:8: a has no `organization`"]),
    "no uuid": (of("a: {organization: abc}"), ["4:23: this is no id of an organization"]),
    "capital": (of(f"Amalfi: {{organization: {A}}}"), ["4:5: 'Amalfi' is no name"]),
    "a name as in the environment": (of(f"a_b: {{organization: {A}}}"), ["4:5: 'a_b' is no name"]),
    "long name": (of(f"{'a' * 65}: {{organization: {A}}}"), ["is longer than 64"]),
    "twice the same key": (of(f"a: {{organization: {A}}}\n    a: {{organization: {B}}}"), ["5:5: the key 'a' is given twice"]),
    "twice the same organization": (of(f"a: {{organization: {A}}}\n    b: {{organization: {A.upper()}}}"), ["5:5: b is the organization of a"]),
    "names a key": (of(f"a: {{organization: {A}, key: BM_OTHER}}"), ["'key' is no setting here"]),
    "names a command": (of(f"a: {{organization: {A}}}", "  keys: {command: [x]}\n"), ["5:3: 'keys' is no setting here"]),
    "absolute": (of(f"a: {{organization: {A}, overlays: [/etc]}}"), ["this is no path below"]),
    "a link out": (of(f"a: {{organization: {A}, overlays: [out]}}"), ["is a link that leads out"]),
    "through a link": (of(f"a: {{organization: {A}, var_file: out/passwd}}"), ["is a link that leads out"]),
    "hidden": (of(f"a: {{organization: {A}, var_file: .env}}"), ["hidden files may hold secrets"]),
    "hidden behind a link": (of(f"a: {{organization: {A}, var_file: seen.env}}"), ["hidden files may hold secrets"]),
    "in a hidden folder": (of(f"a: {{organization: {A}, overlays: [./.git/hooks]}}"), ["hidden files may hold secrets"]),
    "not there": (of(f"a: {{organization: {A}, var_file: b.env}}"), ["b.env does not exist"]),
    "unknown wave": (of(f"a: {{organization: {A}, wave: c}}"), ["4:5: a is in the wave c, which"]),
    "the wave of the rest": (of(f"a: {{organization: {A}, wave: rest}}"), ["4:5: a is in the wave rest, which"]),
    "empty wave": (of(f"a: {{organization: {A}}}", "  waves: [canary, rest]\n"), ["5:10: no organization is in the wave canary"]),
    "no share": (of(f"a: {{organization: {A}}}", "  waves: [{rest: 0 %}]\n"), ["5:11: this is no wave"]),
    "more than all": (of(f"a: {{organization: {A}}}", "  waves: [{rest: 101 %}]\n"), ["5:11: this is no wave"]),
    "rest twice": (of(f"a: {{organization: {A}}}", "  waves: [rest, rest]\n"), ["5:10: a wave is named twice"]),
    "stops after none": (of(f"a: {{organization: {A}}}", "  stop_after: {failed: 0}\n"), ["5:24: this is no number"]),
    "everything at once": (
        "fleet: {base: /x, organizations: {A: {}, b: 1}, waves: 1, stop_after: {x: 1}}\n",
        ["1:15:", "1:35: 'A' is no name", "1:38: A has no", "1:45: b is no mapping", "1:56: `waves`", "1:72: 'x' is no setting"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_named_at_its_place(
    text: str, expected: list[str], tmp_path: Path
) -> None:
    told = problems(tmp_path, text)
    assert len(told) == len(expected), told
    for words in expected:
        assert any(words in one for one in told), (words, told)


TABLES = {
    "no header": (f"a,{A}\n", "1:1: the first line does not name the columns"),
    "a column too many": ("name,organization,key\n", "1:1: the first line does not name the columns"),
    "short line": (f"name,organization,tags\na,{A}\n", "2:1: the line has 2 values, the first line 3"),
    "a name twice": (f"name,organization\na,{A}\na,{B}\n", "3:1: a is named twice, first in line 2"),
    "an organization twice": (f"name,organization\na,{A}\nb,{A}\n", "3:1: b is the organization of a"),
    "no name": (f"name,organization\nA B,{A}\n", "2:1: 'A B' is no name"),
    "no id": ("name,organization\na,1\n", "2:1: this is no id"),
    "an open quote": (f'name,organization\n"a,{A}\n', "2:1: this is no CSV"),
    "hidden": (f"name,organization,var_file\na,{A},.env\n", "2:1: hidden files may hold secrets"),
    "out of the folder": (f"name,organization,overlays\na,{A},../x\n", "2:1: this is no path below"),
}  # fmt: skip


@pytest.mark.parametrize(("table", "expected"), TABLES.values(), ids=TABLES)
def test_what_is_wrong_in_a_table(table: str, expected: str, tmp_path: Path) -> None:
    told = problems(tmp_path, of(f"from: {CSV}"), table)
    assert len(told) == 1, told
    assert f"{CSV}:{expected}" in told[0]


def problems(tmp_path: Path, text: str, table: str = "") -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        read(tmp_path, text, table)
    return [f"{one.position}: {one.message}" for one in caught.value.problems]


FLEET = of(
    "\n".join(
        f"    m{n}: {{organization: {A[:-1]}{n}, tags: [{'even' if n % 2 == 0 else 'odd'}]"
        f"{', wave: canary' if n == 0 else ''}}}"
        for n in range(9)
    ).strip(),
    "  waves: [canary, {rest: 30 %}]\n",
)


def test_waves_are_in_order_and_the_rest_comes_in_shares(tmp_path: Path) -> None:
    fleet = read(tmp_path, FLEET)
    turns = [
        (turn.wave, [one.name for one in turn.members]) for turn in turns_of(fleet, fleet.members)
    ]
    assert turns == [
        ("canary", ["m0"]),
        ("rest 1 of 3", ["m1", "m2", "m3"]),
        ("rest 2 of 3", ["m4", "m5", "m6"]),
        ("rest 3 of 3", ["m7", "m8"]),
    ]


@pytest.mark.parametrize(
    ("words", "wave", "expected"),
    [
        (None, None, "012345678"),
        ("tag:even", None, "02468"),
        ("tag:even,!m4", None, "0268"),
        ("!tag:even", None, "1357"),
        ("m1, m2", None, "12"),
        ("m1,tag:even,!m0", None, "12468"),
        (None, "canary", "0"),
        (None, "rest", "12345678"),
        ("tag:even", "rest", "2468"),
    ],
)
def test_members_are_chosen(
    words: str | None, wave: str | None, expected: str, tmp_path: Path
) -> None:
    found = select(read(tmp_path, FLEET), words, wave)
    assert "".join(one.name[1:] for one in found) == expected


@pytest.mark.parametrize(
    ("words", "wave", "expected"),
    [
        ("m10", None, "no organization of the fleet has m10"),
        ("tag:evn", None, "has the tag evn"),
        ("!m77", None, "has m77"),
        (" , ", None, "--select names nothing"),
        (None, "b", "there is no wave b"),
        ("m1", "canary", "no organization is chosen"),
        ("m1,!m1", None, "no organization is chosen"),
    ],
)
def test_a_name_that_is_none_chooses_nothing(
    words: str | None, wave: str | None, expected: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=expected):
        select(read(tmp_path, FLEET), words, wave)
