"""``reconciler fmt``: one order, one style, every comment kept, no value changed."""

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler import format as formatting
from reconciler.catalogue import load_kinds
from reconciler.configuration.load import load
from reconciler.configuration.load.nodes import MappingNode, Node, Scalar, is_null
from reconciler.configuration.load.parse import parse
from reconciler.configuration.validate import validate
from reconciler.diagnostics import ConfigurationError, ReconcilerError
from reconciler.format import formatted
from reconciler.format.reading import reading
from reconciler.format.same import says_the_same
from reconciler.values.core import read_core
from reconciler.values.unreadable import UnreadableError
from tests.commandline import Finished, run
from tests.messy_yaml import Messy
from tests.mutated_yaml import mutated
from tests.properties import examples
from tests.sandbox_server import ROOT

KINDS = load_kinds()
EXAMPLES = [ROOT / "examples" / name for name in ("links", "villa", "every-kind")]


def fmt(text: str) -> str:
    return formatted(text, "a.yaml", KINDS)


# --- what becomes of what ---------------------------------------------------------------------

TABLE = {
    "a text that on a line of its own would begin another item": (
        "contacts:\n  a:\n    meta: [-, # c\n      b]\n",
        "contacts:\n  a:\n    meta:\n      - '-' # c\n      - b\n",
    ),
    "columns that people read first come first, those that no schema knows last": (
        "contacts:\n  a:\n    zip: x\n    unknown: y\n    email: z\n    avatar: u\n"
        "    first_name: v\n",
        "contacts:\n  a:\n    first_name: v\n    email: z\n    zip: x\n    avatar: u\n"
        "    unknown: y\n",
    ),
    "the natural key, what a create needs, other values, other references": (
        "bookings:\n  a:\n    site_id: s\n    silent: true\n    currency: EUR\n    reference: r\n",
        "bookings:\n  a:\n    reference: r\n    currency: EUR\n    silent: true\n    site_id: s\n",
    ),
    "in templates, too; when a row is made stands before its columns": (
        "templates:\n  house:\n    parameters:\n      zip: {type: string}\n"
        "      email: {type: string}\n"
        "    contacts:\n      ${key}:\n        zip: ${zip}\n        email: ${email}\n"
        "    contact_bookings:\n      - {booking_id: b, $when: '${x}', contact_id: '${key}'}\n"
        "    annex:\n      a:\n        zip: x\n        email: y\n",
        "templates:\n  house:\n    parameters:\n      zip: {type: string}\n"
        "      email: {type: string}\n"
        "    contacts:\n      ${key}:\n        email: ${email}\n        zip: ${zip}\n"
        "    contact_bookings:\n      - {$when: '${x}', contact_id: '${key}', booking_id: b}\n"
        "    annex:\n      a:\n        zip: x\n        email: y\n",
    ),
    "and in defaults": (
        "defaults:\n  contacts:\n    zip: x\n    email: y\n  other:\n    zip: x\n    email: y\n",
        "defaults:\n  contacts:\n    email: y\n    zip: x\n  other:\n    zip: x\n    email: y\n",
    ),
    "the mark of deleted rows comes after all other values": (
        "coupons:\n  a:\n    deleted_at: null\n    scope: rent\n    code: C\n",
        "coupons:\n  a:\n    code: C\n    scope: rent\n    deleted_at: null\n",
    ),
    "a comment goes where its line goes": (
        "bookings:\n  a:\n    # who\n    site_id: s # where\n    reference: r # what\n",
        "bookings:\n  a:\n    reference: r # what\n    # who\n    site_id: s # where\n",
    ),
    "merges and what is said about the resource come first": (
        "x-b: &b {zip: z}\ncontacts:\n  a:\n    email: e\n    $ignore: [zip]\n"
        "    $renamed_from: b\n"
        "    <<: *b\n",
        "x-b: &b {zip: z}\ncontacts:\n  a:\n    <<: *b\n    $renamed_from: b\n"
        "    $ignore: [zip]\n"
        "    email: e\n",
    ),
    "the pair of a link comes first": (
        "contact_bookings:\n  - {booking_id: b, contact_id: c}\n",
        "contact_bookings:\n  - {contact_id: c, booking_id: b}\n",
    ),
    "kinds and resources stay in their order": (
        "taxes:\n  b: {type: x}\n  a: {type: y}\ncontacts:\n  a: {email: e}\n",
        "taxes:\n  b: {type: x}\n  a: {type: y}\ncontacts:\n  a: {email: e}\n",
    ),
    "JSON stays in its order": (
        "taxes:\n  a:\n    label: {nl-NL: Btw, default: VAT}\n",
        "taxes:\n  a:\n    label: {nl-NL: Btw, default: VAT}\n",
    ),
    "the settings have an order, too": (
        "reconciler:\n  protect: [products]\n  stack: villa\n",
        "reconciler:\n  stack: villa\n  protect: [products]\n",
    ),
    "two spaces, lists too": (
        "contacts:\n     a:\n         meta:\n         - {key: k}\n         -    {key: l}\n",
        "contacts:\n  a:\n    meta:\n      - {key: k}\n      - {key: l}\n",
    ),
    "a short link is one line": (
        "contact_bookings:\n- contact_id: c\n  booking_id: b\n",
        "contact_bookings:\n  - {contact_id: c, booking_id: b}\n",
    ),
    "a long link is not": (
        f"widget_listings:\n- {{widget_id: w, product_id: p, url: {{default: {'x' * 80}}}}}\n",
        "widget_listings:\n  - widget_id: w\n    product_id: p\n"
        f"    url: {{default: {'x' * 80}}}\n",
    ),
    "a link with comments keeps its lines": (
        "contact_bookings:\n- contact_id: c # who\n  booking_id: b\n",
        "contact_bookings:\n  - contact_id: c # who\n    booking_id: b\n",
    ),
    "brackets stay where they fit": (
        "taxes:\n  a: { label : {default: VAT} ,percentage: 9 }\n",
        "taxes:\n  a: {label: {default: VAT}, percentage: 9}\n",
    ),
    "brackets that do not fit become lines": (
        f"taxes:\n  a: {{label: {{default: {'x' * 50}, nl-NL: {'y' * 50}}}, percentage: 9}}\n",
        f"taxes:\n  a:\n    label:\n      default: {'x' * 50}\n      nl-NL: {'y' * 50}\n"
        "    percentage: 9\n",
    ),
    "brackets with comments become lines": (
        "taxes:\n  a: {label: {default: VAT}, # what\n    # how much\n    percentage: 9}\n",
        "taxes:\n  a:\n    label: {default: VAT} # what\n    # how much\n    percentage: 9\n",
    ),
    "a wide space at the end of a line is part of the text": (
        "contacts:\n   a:\n      city: &c Lund\u2028\n      notes: one\n          two\u2028\n",
        "contacts:\n  a:\n    city: &c Lund\u2028\n    notes: one\n      two\u2028\n",
    ),
    "a name over two lines comes on one": (
        'taxes:\n  a:\n    label: {two\n      "words", b: x}\n',
        'taxes:\n  a:\n    label: {two "words": null, b: x}\n',
    ),
    "an alias of a name that is nothing stays nothing": (
        "taxes:\n  a:\n    label: {? &n : x, b: *n}\n    name:\n      ? &m\n      : *m\n",
        "taxes:\n  a:\n    label: {&n : x, b: *n}\n    name:\n      &m : *m\n",
    ),
    "quotes go where nobody needs them": (
        "contacts:\n  a: {email: \"e@x.y\", city: 'Loon op Zand'}\n",
        "contacts:\n  a: {email: e@x.y, city: Loon op Zand}\n",
    ),
    "quotes stay where somebody would read something else": (
        "contacts:\n  a:\n    email: '12'\n    street: '2026-01-01'\n    zip: \"~\"\n"
        "    city: \"no\"\n    state: 'a #b'\n    country: ''\n    avatar: 'a: b'\n"
        "    notes: \"${N}\"\n",
        "contacts:\n  a:\n    email: '12'\n    street: '2026-01-01'\n    zip: \"~\"\n"
        "    city: \"no\"\n    state: 'a #b'\n    country: ''\n    avatar: 'a: b'\n"
        "    notes: \"${N}\"\n",
    ),
    "quotes come where brackets need them": (
        "contact_bookings:\n- contact_id: {lookup: {email: e}}\n  booking_id: a, b\n",
        "contact_bookings:\n  - {contact_id: {lookup: {email: e}}, booking_id: 'a, b'}\n",
    ),
    "quotes around a question stay in brackets, where some readers need them": (
        "taxes:\n  a:\n    label: {default: 'VAT?', nl-NL: Btw?}\n",
        "taxes:\n  a:\n    label: {default: 'VAT?', nl-NL: Btw?}\n",
    ),
    "a variable keeps its quotes, and its lack of them": (
        "contact_bookings:\n- contact_id: ${C}\n  booking_id: b\n- {contact_id: \"${C}\","
        " booking_id: b}\n",
        "contact_bookings:\n  - contact_id: ${C}\n    booking_id: b\n"
        "  - {contact_id: \"${C}\", booking_id: b}\n",
    ),
    "what is plain stays plain": (
        "contacts:\n  a: {zip: 0123, country_code: NO, notes: }\n",
        "contacts:\n  a: {zip: 0123, country_code: NO, notes: null}\n",
    ),
    "texts of lines keep their lines": (
        "contacts:\n    a:\n        notes: |\n            one\n              two\n\n"
        "            three\n        email: >-\n          four\n",
        "contacts:\n  a:\n    email: >-\n      four\n    notes: |\n      one\n        two\n\n"
        "      three\n",
    ),
    "texts that begin with spaces say how deep they are": (
        "contacts:\n a:\n  notes: |1\n     one\n   two\n",
        "contacts:\n  a:\n    notes: |2\n        one\n      two\n",
    ),
    "empty lines at the end of a text are a part of it only with |+": (
        "contacts:\n  a:\n    avatar: |+\n      one\n\n\n    city: |\n      two\n\n\n"
        "    notes: x\n",
        "contacts:\n  a:\n    city: |\n      two\n    avatar: |+\n      one\n\n\n    notes: x\n",
    ),
    "plain and quoted texts of several lines stay so": (
        'contacts:\n  a:\n    avatar: one\n     two\n    notes: "three\n\n\n          four"\n',
        'contacts:\n  a:\n    avatar: one\n      two\n    notes: "three\n\n\n      four"\n',
    ),
    "anchors and aliases": (
        "x-a: &list [a, b]\ncontacts:\n  a: &a\n    meta: *list\n  b: *a\n  c: &c {zip: &z x}\n"
        "  d:\n    zip: *z\n",
        "x-a: &list [a, b]\ncontacts:\n  a: &a\n    meta: *list\n  b: *a\n  c: &c {zip: &z x}\n"
        "  d:\n    zip: *z\n",
    ),
    "an alias never comes before its anchor": (
        "contacts:\n  a:\n    zip: &z x\n    city: *z\n",
        "contacts:\n  a:\n    zip: &z x\n    city: *z\n",
    ),
    "comments move with what they are about": (
        "# the file\n\ncontacts: # the kind\n  # Jane\n  a:\n    # where\n    zip: x # beside\n"
        "    # who\n    email: e\n    # nothing more\n  # last\n# end\n",
        "# the file\n\ncontacts: # the kind\n  # Jane\n  a:\n    # who\n    email: e\n    # where\n"
        "    zip: x # beside\n    # nothing more\n  # last\n# end\n",
    ),
    "a comment beside a dash": (
        "contacts:\n  a:\n    meta:\n    - # one\n      key: k\n    -\n      # two\n      key: l\n",
        "contacts:\n  a:\n    meta:\n      - # one\n        key: k\n      # two\n      - key: l\n",
    ),
    "one empty line is enough, and none at the beginning": (
        "\n\n\ncontacts:\n\n\n  a: {email: e}\n\n\n\n  b: {email: f}\n\n\n",
        "contacts:\n  a: {email: e}\n\n  b: {email: f}\n",
    ),
    "byte order marks and blanks at the end of lines": (
        "\ufeffcontacts:  \n  a: {email: e}   # x  \n",
        "contacts:\n  a: {email: e} # x\n",
    ),
    "lines end as the first one does": (
        "contacts:\r\n  a:\n    notes: |\r\n      x\r\n\r\n      y\r\n",
        "contacts:\r\n  a:\r\n    notes: |\r\n      x\r\n\r\n      y\r\n",
    ),
    "a text of nothing but empty lines does not grow": (
        "contacts:\n  a:\n    avatar: |+\n      \n    notes: x\n",
        "contacts:\n  a:\n    avatar: |+\n\n    notes: x\n",
    ),
    "spaces inside a text of lines are text": (
        "contacts:\n  a:\n    avatar: |\n     one  \n        \n     two\n       \n"
        "    notes: |1\n         \n      x\n",
        "contacts:\n  a:\n    avatar: |\n      one  \n         \n      two\n        \n"
        "    notes: |2\n          \n       x\n",
    ),
    "a comment that touches a value": (
        "contacts:\n  a:\n    email: \"e\"#c\n    meta: [a]#d\n    notes: 'n'#e\n",
        "contacts:\n  a:\n    email: e #c\n    meta: [a] #d\n    notes: 'n' #e\n",
    ),
    "a key that is nothing": ("x-a:\n  ? \n  : 1\n", 'x-a:\n  "": 1\n'),
    "no kinds at all": ("{}\n", "{}\n"),
    "the beginning of a document": ("%YAML 1.1\n---\nx-a: 1\n...\n", "%YAML 1.1\n---\nx-a: 1\n"),
    "nothing": ("# nothing yet\n", "# nothing yet\n"),
    "one line for everything": (
        "{contacts: {a: {email: e}}, taxes: {}}\n",
        "contacts: {a: {email: e}}\ntaxes: {}\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLE)
def test_what_becomes_of(name: str) -> None:
    before, after = TABLE[name]
    assert fmt(before) == after
    assert fmt(after) == after


# --- laws -------------------------------------------------------------------------------------


@settings(max_examples=examples(150))
@given(st.integers(0, 2**32))
def test_nothing_changes_but_the_looks(seed: int) -> None:
    messy = Messy(Random(seed))
    before = messy.file()
    if parse(before, "a.yaml").problems:
        return  # an alias without its anchor, a text where no text can be
    after = fmt(before)
    assert fmt(after) == after
    assert values(before) == values(after)
    assert [c for c in messy.comments if after.count(c) != before.count(c)] == []
    assert all(line == line.rstrip() or "'" in line or '"' in line for line in after.split("\n"))


@settings(max_examples=examples(150))
@given(st.integers(0, 2**32))
def test_whatever_is_yaml_is_formatted_once_and_for_all(seed: int) -> None:
    before = mutated(Random(seed))
    if parse(before.removeprefix("\ufeff"), "a.yaml").problems:
        return
    after = fmt(before)
    assert fmt(after) == after
    assert values(before) == values(after)


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: folder.name)
def test_an_example_says_the_same(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / folder.name
    shutil.copytree(folder, copy)
    before = configuration(copy)
    comments = Counter(comment_lines(copy))
    assert reconciler("fmt", copy).code == 0
    assert configuration(copy) == before
    assert Counter(comment_lines(copy)) == comments
    again = reconciler("fmt", copy, "--check")
    assert (again.code, again.out) == (0, "")


@pytest.mark.parametrize(
    "folder", sorted(path.name for path in (ROOT / "examples").iterdir() if path.is_dir())
)
def test_examples_are_as_fmt_writes_them(folder: str) -> None:
    done = reconciler("fmt", ROOT / "examples" / folder, "--check")
    assert (done.code, done.out) == (0, ""), done.out


@pytest.mark.parametrize("file", sorted((ROOT / "tests" / "bad").rglob("*.y*ml")), ids=str)
def test_bad_files_are_formatted_or_refused(file: Path) -> None:
    try:
        before = file.read_bytes().decode()
        after = fmt(before)
    except (ConfigurationError, UnicodeDecodeError):
        return
    assert values(before) == values(after)


# --- the proof --------------------------------------------------------------------------------

DIFFERENT = [
    ("a: 1", "a: 2"),
    ("a: 1", "a: '1'"),
    ("a: true", "a: 'true'"),
    ("a: ~", "a: '~'"),
    ("a: ", "a: ''"),
    ("a: ${X}", "a: '${X}'"),
    ("a: [1, 2]", "a: [2, 1]"),
    ("a: {b: 1}", "a: {b: 1, c: }"),
    ("a: {b: 1}", "a: {c: 1}"),
    ("a: {}", "a: []"),
    ("a: 1.0", "a: 1"),
    ("a: 0x10", "a: 16"),
    ("a: |\n  x\n", "a: |-\n  x\n"),
    ("a: 1 # x", "a: 1"),
    ("a: 1 # x", "a: 1 # y"),
    ("# x\n# x\na: 1", "# x\na: 1"),
    ("a: 1", "a: ["),
    ("# x", "# x\na: 1"),
]
SAME = [
    ("a: x", "a: 'x'"),
    ("a: ~", "a: null"),
    ("a: {b: 1, c: 2}", "a: {c: 2, b: 1}"),
    ("a: {<<: {b: 1}, c: 2}", "a: {c: 2, <<: {b: 1}}"),
    ("a: x # y", "# y\na: x"),
]


@pytest.mark.parametrize(("before", "after"), DIFFERENT)
def test_the_proof_sees_a_difference(before: str, after: str) -> None:
    assert not says_the_same(reading(before, "a.yaml"), reading(after, "a.yaml"))


@pytest.mark.parametrize(("before", "after"), SAME)
def test_the_proof_sees_the_same(before: str, after: str) -> None:
    assert says_the_same(reading(before, "a.yaml"), reading(after, "a.yaml"))


def test_what_would_change_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formatting, "write", lambda *_: iter(["contacts: {a: {email: other}}"]))
    with pytest.raises(ReconcilerError, match="it stays as it is"):
        fmt("contacts: {a: {email: e}}\n")


# --- the command ------------------------------------------------------------------------------

UGLY = "contacts:\n    a: {zip: x, email: e}\n"
NEAT = "contacts:\n  a: {email: e, zip: x}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two files, one of them as it should be, and bindings, which are nobody's to format."""
    for name, text in {"ugly.yaml": UGLY, "neat.yml": NEAT, "bindings/x.yaml": "a:   1\n"}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_files_are_written_where_they_change(folder: Path) -> None:
    (folder / "ugly.yaml").chmod(0o640)
    done = reconciler("fmt", folder)
    assert (done.code, done.out) == (0, f"{folder / 'ugly.yaml'}\n")
    assert done.err == "1 file changed, 1 as they should be.\n"
    assert (folder / "ugly.yaml").read_text() == NEAT
    assert (folder / "ugly.yaml").stat().st_mode & 0o777 == 0o640
    assert (folder / "bindings" / "x.yaml").read_text() == "a:   1\n"
    assert not list(folder.glob("*.new"))


def test_check_writes_nothing_and_names_the_files(folder: Path) -> None:
    done = reconciler("fmt", folder, "--check")
    assert (done.code, done.out) == (1, f"{folder / 'ugly.yaml'}\n")
    assert (folder / "ugly.yaml").read_text() == UGLY
    assert reconciler("fmt", folder / "neat.yml", "--check").code == 0


def test_diff_shows_what_would_change(folder: Path) -> None:
    done = reconciler("fmt", folder, "--diff")
    assert done.code == 0
    assert "-    a: {zip: x, email: e}\n+  a: {email: e, zip: x}\n" in done.out
    assert (folder / "ugly.yaml").read_text() == UGLY
    assert reconciler("fmt", folder, "--diff", "--check").code == 1


def test_a_link_to_a_file_stays_a_link(folder: Path) -> None:
    (folder / "link.yaml").symlink_to(folder / "ugly.yaml")
    assert reconciler("fmt", folder / "link.yaml").code == 0
    assert (folder / "link.yaml").is_symlink()
    assert (folder / "ugly.yaml").read_text() == NEAT


def test_a_file_that_cannot_be_read_stops_everything(folder: Path) -> None:
    (folder / "broken.yaml").write_text("contacts: {a\n")
    done = reconciler("fmt", folder)
    assert done.code == 1
    assert "broken.yaml:1:11: error:" in done.err
    assert (folder / "ugly.yaml").read_text() == UGLY


def test_a_file_that_would_change_is_named_and_the_others_are_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "zebra.yaml").write_text(UGLY)
    answers = iter([False, True])  # what stays as it is needs no proof
    monkeypatch.setattr(formatting, "says_the_same", lambda *_: next(answers))
    done = reconciler("fmt", folder)
    assert done.code == 1
    assert "ugly.yaml cannot be formatted without changing what it says" in done.err
    assert (folder / "zebra.yaml").read_text() == NEAT


def test_a_path_that_is_not_there_is_said() -> None:
    done = reconciler("fmt", "nowhere.yaml")
    assert done.code == 1
    assert done.err.startswith("error: nowhere.yaml does not exist [no-such-path]\n")


FOREIGN = {
    ".github/workflows/ci.yml": 'name: x\n"on":\n  push: {branches: [ main ]}\n',
    "chart/templates/a.yaml": "a: {{ .Values.x }}\n",
    "chart/values.yaml": "contacts:\n    team:   ops\n",
    "compose.yaml": "services:\n    web: {image: x,   ports: [ 80 ]}\n",
    "play.yml": "- hosts:   all\n",
    "two.yaml": "kind:   Pod\n---\nkind: Pod\n",
}


@pytest.mark.parametrize("name", FOREIGN)
def test_what_is_no_configuration_is_left_alone(name: str, folder: Path) -> None:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(FOREIGN[name])
    quiet, loud = reconciler("fmt", file, "--check"), reconciler("fmt", folder, file, "-v")
    assert (quiet.code, loud.code) == (0, 0), loud.all
    assert (name in quiet.all, f"{name}: no configuration of this tool" in loud.err) == (
        False,
        True,
    )
    assert file.read_text() == FOREIGN[name]
    assert (folder / "ugly.yaml").read_text() == NEAT


@pytest.mark.parametrize(
    ("text", "says"),
    [("a: {{ x }}\n", "error:"), ("contcts:   {}\n", "1 file changed")],
    ids=["broken", "misspelt"],
)
def test_what_lies_in_the_folder_of_a_stack_is_configuration(
    text: str, says: str, folder: Path
) -> None:
    (folder / "bookingmood.yaml").write_text("reconciler:\n  stack: villa\n")
    (folder / "more.yaml").write_text(text)
    assert says in reconciler("fmt", folder / "more.yaml").err


# --- reading ----------------------------------------------------------------------------------


def reconciler(*words: str | Path) -> Finished:
    return run(*words, environment={})


def values(text: str) -> object:
    """Read a file's values, each as a text column and as JSON would have it."""
    parsed = parse(text.removeprefix("\ufeff"), "a.yaml")
    assert parsed.problems == ()
    return None if parsed.root is None else meaning(parsed.root)


def meaning(node: Node) -> object:
    if isinstance(node, Scalar):
        if is_null(node):
            return None
        return (node.text, core(node.text) if node.plain else repr(node.text))
    if isinstance(node, MappingNode):
        return {name: meaning(entry.value) for name, entry in node.entries.items()}
    return [meaning(item) for item in node.items]


def core(text: str) -> str:
    try:
        return repr(read_core(text))
    except UnreadableError:
        return "unreadable"


def configuration(folder: Path) -> object:
    """Read the desired state, typed by column; places in files do not count."""
    found, _ = validate(load([folder], variables={}, environment={}), KINDS, unset_is_error=False)
    assert found is not None
    return {
        address: (one.values, one.inputs, one.ignore, one.absent, one.renamed_from)
        for address, one in found.resources.items()
    }


def comment_lines(folder: Path) -> Iterator[str]:
    for file in folder.glob("*.yaml"):
        for line in file.read_text().splitlines():
            before, mark, comment = line.partition("# ")
            if mark and (not before.strip() or before.endswith(" ")):
                yield comment
