"""``reconciler fmt``: put the YAML in one order and style."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import click

from ..errors import ReconcilerError
from ..files import write_file
from ..format import formatted
from ..kind import Kind, load_kinds
from ..load import Loaded, Report, Variables
from ..load.block import folder_of
from ..load.files import (
    Reader,
    Source,
    absolute,
    is_folder,
    is_there,
    stays_inside,
    yaml_files,
)
from ..render.errors import error_text
from ..render.problems import problems_text
from ..render.visible import visible
from ..render.words import count
from ..validate import Excerpts
from .options import paths_argument
from .out import say, show


@click.command("fmt")
@paths_argument
@click.option(
    "--check",
    is_flag=True,
    help="Write nothing; exit 1 and name the files where something would change.",
)
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
def command(paths: tuple[Path, ...], *, check: bool, diff: bool) -> int:
    """Put the YAML at each PATH, a file or a folder, in one order and style.

    Columns stand in the order of the schema, `$` keys and the pair of a link first. Kinds,
    resources and comments stay where people put them. No value changes: a file that would not
    say the same is left alone, and named.

    \b
    Examples:
      reconciler fmt villa/
      reconciler fmt villa/ --check
      reconciler fmt villa/contacts.yaml --diff
    """
    kinds = load_kinds()
    sources = _read(paths, kinds)
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
    _summarize(len(changed), len(results) - len(changed) - failed, wrote=not (check or diff))
    return 1 if failed or (check and changed) else 0


class _Result(NamedTuple):
    """What became of a file: ``text`` is its new one, None where it stays as it is."""

    source: Source
    text: str | None
    failed: bool = False


def _read(paths: Sequence[Path], kinds: Mapping[str, Kind]) -> list[Source]:
    """Read every file; what cannot be read is said, and ends the run."""
    report = Report()
    reader = Reader(report)
    files = dict.fromkeys(file for path in paths for file in _files(absolute(path), report))
    sources = [reader.read(file) for file in files]
    if report.problems:
        loaded = Loaded(Path(), (tuple(sources),), None, None, Variables(), ())
        said = problems_text(report.problems, Excerpts(loaded, kinds).of)
        show(said, err=True)
        raise click.exceptions.Exit(1)
    return sources


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


def _summarize(changed: int, unchanged: int, *, wrote: bool) -> None:
    verb = "changed" if wrote else "would change"
    say(f"{count(changed, 'file')} {verb}, {unchanged} as they should be.", err=True)
