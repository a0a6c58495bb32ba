"""``--help``: every command shows examples that would run, in lines that fit a terminal."""

import re
import shlex
from collections.abc import Iterator

import click
import pytest

from reconciler.cli import COMMANDS, cli
from tests.commandline import run

WIDEST = 80
EXAMPLES = re.compile(r"^  Examples?:\n((?:^    .*\n)+)", re.MULTILINE)
each_command = pytest.mark.parametrize("name", COMMANDS)


@each_command
def test_help_fits_a_terminal(name: str) -> None:
    assert [line for line in help_of(name).splitlines() if len(line) > WIDEST] == []


@each_command
def test_help_says_what_the_list_of_commands_says(name: str) -> None:
    assert COMMANDS[name].endswith(".")
    # click puts the name of whoever runs the tests in front where that is a module
    assert f"reconciler {name} " in help_of(name).splitlines()[0]


@each_command
def test_help_has_examples_that_would_run(name: str) -> None:
    lines = list(examples(help_of(name)))
    assert lines, "no Examples section"
    for line in lines:
        program, command, *words = shlex.split(line)
        assert (program, command) == ("reconciler", name)
        parse(name, words)


@each_command
def test_every_option_is_explained(name: str) -> None:
    silent = [one for one in loaded(name).params if isinstance(one, click.Option) and not one.help]
    assert [one.name for one in silent] == []


def test_the_help_of_all_fits_a_terminal() -> None:
    text = run("--help", environment={}).out
    assert [line for line in text.splitlines() if len(line) > WIDEST] == []
    assert all(f"\n  {name} " in text for name in COMMANDS)


def test_an_example_with_an_unknown_option_is_seen() -> None:
    with pytest.raises(click.NoSuchOption):
        parse("init", ["villa/", "--nonsense"])


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["plna", "villa"], "No such command 'plna'. Did you mean 'plan'?"),
        (["complete"], "No such command 'complete'. Did you mean 'completion'?"),
        (["xyzzy"], "No such command 'xyzzy'.\n"),
        (["--nocolor", "plan"], "No such option '--nocolor'. Did you mean '--no-color'?"),
        (["plan", "--frmat", "text"], "'--format'"),
        (["graph", "examples/villa", "--target", "contacts.jane-do"], "mean 'contacts.jane-doe'?"),
        (["graph", "examples/villa", "--kinds", "contcts"], "did you mean contacts?"),
        (["fmt", "nowhere"], "error: nowhere does not exist [no-such-path]"),
    ],
)
def test_a_typo_is_answered_with_what_may_be_meant(words: list[str], says: str) -> None:
    done = run(*words, environment={})
    assert (done.code, done.out) == (1, "")
    assert says in done.err


def test_no_color_stands_where_people_write_it() -> None:
    words = ["graph", "examples/links", "--by", "kind"]
    plain = run(*words, environment={})
    assert run("--no-color", *words, environment={}) == plain
    assert run(*words, "--no-color", environment={}) == plain


def help_of(name: str) -> str:
    done = run(name, "--help", environment={"COLUMNS": "80"})
    assert (done.code, done.err) == (0, "")
    return done.out


def examples(text: str) -> Iterator[str]:
    """Find the example lines, continued lines joined, without remarks and what a shell adds."""
    found = EXAMPLES.search(text)
    joined = re.sub(r"\\\n\s*", "", found[1]) if found else ""
    for line in joined.splitlines():
        yield re.split(r"\s{2,}| > | >> | \| ", line.strip())[0]


def parse(name: str, words: list[str]) -> None:
    """Parse what follows a command, as if it were run; its function is not."""
    parent = click.Context(cli, info_name="reconciler")
    command = loaded(name)
    with click.Context(command, parent=parent, info_name=name) as context:
        command.parse_args(context, list(words))


def loaded(name: str) -> click.Command:
    command = cli.get_command(click.Context(cli), name)
    assert isinstance(command, click.Command)
    return command
