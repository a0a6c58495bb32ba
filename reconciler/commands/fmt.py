"""``reconciler fmt``: put the YAML in one order and style."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import click

from ..catalogue import Kind, load_kinds
from ..configuration.load import Loaded, Report, Variables
from ..configuration.load.block import folder_of
from ..configuration.load.files import (
    Reader,
    Source,
    absolute,
    is_folder,
    is_there,
    stays_inside,
    yaml_files,
)
from ..configuration.validate import Excerpts
from ..diagnostics import ReconcilerError
from ..diagnostics.words import count
from ..files import write_file
from ..format import formatted, is_foreign
from ..render.errors import error_text
from ..render.out import say, show
from ..render.problems import problems_text
from ..render.visible import visible
from .options import paths_argument


@click.command("fmt")
@paths_argument
@click.option(
    "--check",
    is_flag=True,
    help="Write nothing; exit 1 and name the files where something would change.",
)
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
@click.option("-v", "--verbose", is_flag=True, help="Also name the files that are left alone.")
def command(paths: tuple[Path, ...], *, check: bool, diff: bool, verbose: bool) -> int:
    """Put the YAML at each PATH, a file or a folder, in one order and style.

    Columns stand in the order of the schema, `$` keys and the pair of a link first. Kinds,
    resources and comments stay where people put them. No value changes: a file that would not
    say the same is left alone, and named. So are files that belong to no configuration, such as
    a workflow or a chart; they are no failure, and only `--verbose` names them.

    \b
    Examples:
      reconciler fmt villa/
      reconciler fmt villa/ --check
      reconciler fmt villa/contacts.yaml --diff
    """
    kinds = load_kinds()
    sources, foreign = _read(paths, kinds)
    results = [_result(source, kinds) for source in sources]
    changed = [result for result in results if result.text is not None]
    for result in changed:
        if not (check or diff):
            _write(result)
        if diff:
            show(_diff(result))
        else:
            say(result.source.file)
    failed = sum(result.failed for result in results)
    for source in foreign if verbose else ():
        say(f"{source.file}: no configuration of this tool, left alone", err=True)
    stay = len(results) - len(changed) - failed
    _summarize(len(changed), stay, len(foreign), wrote=not (check or diff))
    return 1 if failed or (check and changed) else 0


class _Result(NamedTuple):
    """What became of a file: ``text`` is its new one, None where it stays as it is."""

    source: Source
    text: str | None
    failed: bool = False


def _read(paths: Sequence[Path], kinds: Mapping[str, Kind]) -> tuple[list[Source], list[Source]]:
    """Read every file, those of no configuration apart; what cannot be read ends the run."""
    report = Report()
    files = dict.fromkeys(file for path in paths for file in _files(absolute(path), report))
    sources: list[Source] = []
    foreign: list[Source] = []
    for file in files:
        found = Report()
        source = Reader(found).read(file)
        if is_foreign(source, kinds):
            foreign.append(source)
        else:
            sources.append(source)
            report.extend(found.problems)
    if report.problems:
        loaded = Loaded(Path(), (tuple(sources),), None, None, Variables(), ())
        said = problems_text(report.problems, Excerpts(loaded, kinds).of)
        show(said, err=True)
        raise click.exceptions.Exit(1)
    return sources, foreign


def _files(path: Path, report: Report) -> Iterator[Path]:
    if is_folder(path):
        yield from yaml_files(path, report)
    elif is_there(path, report) and stays_inside(path, folder_of(path) or path.parent, report):
        yield path


def _result(source: Source, kinds: Mapping[str, Kind]) -> _Result:
    try:
        text = formatted(source.text, source.file, kinds)
    except ReconcilerError as error:
        show(error_text(error), err=True)
        return _Result(source, None, failed=True)
    return _Result(source, text if text != source.text else None)


def _write(result: _Result) -> None:
    """Replace a file at once, so that nobody ever sees half of it."""
    assert result.text is not None
    try:
        write_file(result.source.path.resolve(), result.text.encode())
    except OSError as error:
        raise ReconcilerError(
            f"{result.source.file} cannot be written: {error.strerror}"
        ) from error


def _diff(result: _Result) -> str:
    assert result.text is not None
    lines = difflib.unified_diff(
        result.source.text.split("\n"),
        result.text.split("\n"),
        result.source.file,
        f"{result.source.file} (formatted)",
        lineterm="",
    )
    return "".join(f"{visible(line)}\n" for line in lines)


def _summarize(changed: int, unchanged: int, foreign: int, *, wrote: bool) -> None:
    verb = "changed" if wrote else "would change"
    alone = f", {foreign} of no configuration left alone" if foreign else ""
    say(f"{count(changed, 'file')} {verb}, {unchanged} as they should be{alone}.", err=True)
