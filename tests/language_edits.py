"""Random edits in an editor: after each, what it is told must be what ``validate`` tells.

``python -m tests.language_edits --edits 5000`` plays many. hypothesis throws the dice: where
something differs, it looks for a shorter story, and prints how that one is thrown again.
"""

import argparse
import os
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from lsprotocol import types

from reconciler.configuration.grown import kinds_of
from reconciler.configuration.load import load
from reconciler.configuration.validate import validate
from reconciler.diagnostics import ConfigurationError, Problem
from reconciler.language_server.analysis import Analysis
from reconciler.language_server.diagnostics import Marker
from reconciler.language_server.session import Session

from .mutated_yaml import PIECES, mutated

FILES = {
    "villa/bookingmood.yaml": """\
reconciler:
  stack: edits-7f3a
  protect: [contacts.jane-doe, bookings]
  editor: {overlays: [../staging.yaml], var_files: [../values.env]}
defaults:
  contacts: {country_code: NL}
""",
    "villa/contacts.yaml": """\
contacts:
  jane-doe:
    first_name: Jane
    last_name: Doe
    email: jane.doe@example.com
  john-doe:
    first_name: John
    last_name: Doe
    email: ${MAIL}
    notes: "é😀 tall"
  old-one: {$absent: true}
  new-one:
    $renamed_from: former
    first_name: New
    last_name: One
    email: new@example.com
""",
    "villa/more/bookings.yaml": """\
bookings:
  summer-stay:
    reference: BM-1
    currency: EUR
    display_currency: EUR
    exchange_rate: 1
    silent: true
  winter-stay:
    reference: BM-2
    currency: EUR
    display_currency: EUR
    exchange_rate: 1.25
    silent: true
contact_bookings:
  - contact_id: jane-doe
    booking_id: summer-stay
  - contact_id: john-doe
    booking_id: winter-stay
  - {contact_id: jane-doe, booking_id: winter-stay}
""",
    "villa/services.yaml": """\
defaults:
  contacts: {notes: Shared by all}
x-shared: &shared {first_name: Shared, last_name: Person}
contacts:
  shared-person:
    <<: *shared
    email: shared@example.com
  changed-key:
    $renamed_from: former
    first_name: Changed
    last_name: Key
    email: changed@example.com
""",
    "villa/guests.yaml": """\
templates:
  guest:
    parameters:
      name: {type: string}
      stay: {type: string, default: summer-stay}
    contacts:
      ${key}-guest: {first_name: "${name}", last_name: Guest, email: "${key}@example.com"}
    contact_bookings:
      - {contact_id: "${key}-guest", booking_id: "${stay}"}
""",
    "staging.yaml": """\
contacts:
  jane-doe:
    last_name: Staging
  only-staging:
    first_name: Only
    last_name: Staging
    email: only@example.com
""",
    "values.env": "MAIL=john.doe@example.com\n",
    "villa/instances.yaml": """\
guest:
  first: {name: First}
  second: {name: Second, stay: winter-stay}
""",
    "villa/empty.yaml": "",
}
WORDS = (
    "jane-doe", "john-doe", "old-one", "new-one", "former", "summer-stay", "winter-stay", "guest",
    "contacts", "bookings", "contact_bookings", "templates", "defaults", "reconciler", "email",
    "first-guest", "EUR", "XXX", "${MAIL}", "${OTHER}", "jane.doe@example.com", "BM-1", "true",
)  # fmt: skip


_TELLING = ("former", "jane-doe", "old-one", "first-guest")
"""What others name: a key that is gone, one that is used, one that is absent, one that is made."""
_WORD = re.compile(r"[\w.@-]*\w")
_KEY = re.compile("|".join(map(re.escape, WORDS)))


class DifferentError(Exception):
    """The editor was told something else than ``validate`` tells."""


@dataclass(slots=True)
class Story:
    """A folder, an editor with some of its files open, and dice that decide what happens."""

    root: Path
    dice: Random
    session: Session = field(default_factory=Session)
    versions: int = 0
    before: dict[Path, str] = field(default_factory=dict)

    def begin(self) -> None:
        """Write the files, and open the folder."""
        for name, text in FILES.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        self.session.open_folders([self.root])
        for path in self.dice.sample(self.paths(), 3):
            self.open(path)
        self.compare()
        first = next(iter(self.session.stacks.values())).last
        assert first and first.configuration, first and first.problems  # else little is checked

    def step(self) -> None:
        """Do one thing, then compare; what is wrong is often put right soon."""
        analyses = [one.last for one in self.session.stacks.values() if one.last]
        wrong = sum(len(one.problems) for one in analyses)
        if wrong and self.dice.random() < min(0.1 + 0.1 * wrong, 0.6):
            self.undo()
            self.write_first()
        else:
            self.dice.choices(ACTIONS, weights=[weight for _, weight in _WEIGHED])[0](self)
        self.compare()

    def write_first(self) -> None:
        """Write what files held at the beginning, but for those that are open."""
        for name, text in FILES.items():
            if self.session.documents.at(self.root / name) is None:
                (self.root / name).write_bytes(text.encode())
        self.session.touch_all()

    def paths(self) -> list[Path]:
        """List the files there are."""
        return sorted(self.root / name for name in FILES)

    def open(self, path: Path, text: str | None = None) -> None:
        """Open a file, with the text that it has."""
        if text is None:
            data = path.read_bytes() if path.exists() else b""
            text = data.decode("utf-8", "replace")
        item = types.TextDocumentItem(path.as_uri(), "yaml", self._version(), text)
        self.session.touch(self.session.documents.open(item) or path)

    def edit(self) -> None:
        """Change a part of an open file as somebody types."""
        open_ones = [one for one in self.session.documents if one.path.suffix == ".yaml"]
        if not open_ones:
            return self.open(self.dice.choice(self.paths()))
        document = self.dice.choice(open_ones)
        text = document.text
        self.before[document.path] = text.whole
        start, stop, new = self._edit(text.whole)
        change = types.TextDocumentContentChangePartial(text.range(start, stop), new)
        self._change(document.uri, [change])
        expected = text.whole[:start] + new + text.whole[stop:]
        now = self.session.documents.at(document.path)
        if now is None or (now.text.whole != expected and not _splits(text.whole, start, stop)):
            raise DifferentError(f"the text is another: {text.whole!r} {start} {stop} {new!r}")
        return None

    def undo(self) -> None:
        """Put back what a file held before, or at the very beginning."""
        for document in self.session.documents:
            name = str(document.path.relative_to(self.root))
            first = FILES.get(name, "")
            text = self.before.get(document.path, first) if self.dice.random() < 0.2 else first
            self._change(document.uri, [types.TextDocumentContentChangeWholeDocument(text)])

    def other_line_ends(self) -> None:
        """Give a file other line ends, or a mark at its beginning."""
        for document in self.session.documents:
            text = document.text.whole.replace("\r\n", "\n")
            new = self.dice.choice([text.replace("\n", "\r\n"), "\ufeff" + text, text])
            self._change(document.uri, [types.TextDocumentContentChangeWholeDocument(new)])
            break

    def strange(self) -> None:
        """Put a file of a bad day into the place of one."""
        document = next(iter(self.session.documents), None)
        if document is not None:
            change = types.TextDocumentContentChangeWholeDocument(mutated(self.dice))
            self._change(document.uri, [change])

    def open_or_close(self) -> None:
        """Open a file, or close one without saving it."""
        path = self.dice.choice(self.paths())
        document = self.session.documents.at(path)
        if document is None:
            self.open(path)
        else:
            self.session.documents.close(document.uri)
            self.session.touch(path)

    def write_on_disk(self) -> None:
        """Change a file on the disk, as git would; or take it away, or put it back."""
        name = self.dice.choice(sorted(FILES))
        path = self.root / name
        if self.dice.random() < 0.2 and path.exists():
            path.unlink()
        else:
            text = path.read_bytes().decode("utf-8", "replace") if path.exists() else FILES[name]
            start, stop, new = self._edit(text)
            path.write_bytes((text[:start] + new + text[stop:]).encode("utf-8", "replace"))
            if self.dice.random() < 0.4:
                path.write_bytes(FILES[name].encode())
        self.session.touch(path)
        self.session.touch_all()

    def compare(self) -> None:
        """Compare with what ``validate`` tells of the same texts on the disk."""
        known = list(self.session.stacks.values())
        analyses = [self.session.analysis(stack) for stack in known]
        for document in self.session.documents:
            document.path.write_bytes(document.text.data())
        for analysis in analyses:
            configuration, problems = _validate(analysis)
            told, expected = list(map(_told, analysis.problems)), list(map(_told, problems))
            if told != expected:
                raise DifferentError(_difference(told, expected))
            if analysis.configuration != configuration:
                raise DifferentError("the configurations differ")
            marks = Marker(analysis, self.session.documents, lambda code: code)
            for path, some in marks.marks(analysis.problems).items():
                self._check_marks(path, some)

    def _check_marks(self, path: Path, marks: tuple[types.Diagnostic, ...]) -> None:
        document = self.session.documents.at(path)
        for mark in marks if document else ():
            assert document
            start = document.text.offset(mark.range.start)
            stop = document.text.offset(mark.range.end)
            again = document.text.range(start, stop)
            if again != mark.range:
                raise DifferentError(f"{mark.range} is no place in {document.text.whole!r}")

    def _change(self, uri: str, changes: list[types.TextDocumentContentChangeEvent]) -> None:
        item = types.VersionedTextDocumentIdentifier(uri=uri, version=self._version())
        path = self.session.documents.change(item, changes)
        if path is not None:
            self.session.touch(path)

    def _version(self) -> int:
        self.versions += 1
        return self.versions

    def _edit(self, text: str) -> tuple[int, int, str]:
        """Choose a part of a text, and what is to stand there."""
        dice = self.dice
        start = dice.randint(0, len(text))
        lines = text.splitlines(keepends=True) or [""]
        match dice.randint(0, 15):
            case 0:  # type something
                return start, start, dice.choice(PIECES)
            case 1:  # take some characters away
                return start, min(len(text), start + dice.choice([1, 1, 2, 10, 40])), ""
            case 2:  # copy a line of any file
                other = dice.choice(list(FILES.values())).splitlines(keepends=True) or ["\n"]
                where = len("".join(lines[: dice.randint(0, len(lines))]))
                return where, where, dice.choice(other)
            case 3:  # take a line away
                number = dice.randrange(len(lines))
                where = len("".join(lines[:number]))
                return where, where + len(lines[number]), ""
            case 4:  # half a line
                stop = text.find("\n", start)
                return start, len(text) if stop < 0 else stop, ""
            case 5:  # exchange two lines
                number = dice.randrange(len(lines))
                where, two = len("".join(lines[:number])), lines[number : number + 2]
                return where, where + len("".join(two)), "".join(two[::-1])
            case number:  # another word, or another key
                pattern = _KEY if number < 10 else _WORD
                words = list(pattern.finditer(text))
                if not words:
                    return start, start, dice.choice(WORDS)
                word = dice.choice(words)
                some = dice.choice(WORDS), dice.choice(_TELLING), dice.choice(words)[0]
                new = dice.choice([*some, word[0] + "x"])
                return word.start(), word.end(), new


_WEIGHED: tuple[tuple[Callable[[Story], None], int], ...] = (
    (Story.edit, 60),
    (Story.undo, 14),
    (Story.other_line_ends, 4),
    (Story.strange, 3),
    (Story.open_or_close, 8),
    (Story.write_on_disk, 11),
)
ACTIONS = [action for action, _ in _WEIGHED]


DICE = st.randoms(use_true_random=False)


def play(dice: Random, edits: int) -> None:
    """Play a story; raises where something differs."""
    with tempfile.TemporaryDirectory() as folder:
        story = Story(Path(folder).resolve(), dice)
        story.begin()
        for _ in range(edits):
            story.step()


def _validate(analysis: Analysis) -> tuple[object, tuple[Problem, ...]]:
    assert analysis.loaded
    paths = (analysis.folder, *analysis.loaded.overlays)
    given = analysis.loaded.variables.given
    try:
        kinds = kinds_of(paths)
    except ConfigurationError as error:
        return None, error.problems
    return validate(
        load(paths, variables=given, environment=os.environ), kinds, unset_is_error=False
    )


def _told(problem: Problem) -> tuple[object, ...]:
    places = [problem.position, *problem.others]
    ends = [(p and (p.file, p.line, p.column, p.end_line, p.end_column, p.made_by)) for p in places]
    return problem, ends


def _splits(text: str, start: int, stop: int) -> bool:
    """Tell whether an offset lies inside of a line's end, which no place of the protocol does."""
    return any(text[at - 1 : at + 1] == "\r\n" for at in (start, stop) if at)


def _difference(told: list[tuple[object, ...]], expected: list[tuple[object, ...]]) -> str:
    more = [one for one in told if one not in expected]
    less = [one for one in expected if one not in told]
    return f"only told: {more}\nonly by validate: {less}\nof {len(told)} and {len(expected)}"


def main() -> int:
    """Play stories until there were so many edits."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--edits", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--each", type=int, default=25, help="edits of one story")
    wanted = parser.parse_args()
    played = Counter[str]()

    @seed(wanted.seed)
    @settings(
        max_examples=-(-wanted.edits // wanted.each),
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(DICE)
    def stories(dice: Random) -> None:
        play(dice, wanted.each)
        played.update(stories=1, edits=wanted.each)

    stories()
    told = f"{played['edits']:,} edits in {played['stories']:,} stories"
    sys.stdout.write(f"{told}, each told as validate tells it\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
