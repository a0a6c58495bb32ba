"""Load texts that are in no file any more, such as those of an earlier commit."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from . import MOST_MADE, Loaded, ProblemReport, Variables, paused_collector
from .block import find_settings
from .files import FileReader


def load_texts(
    folder: Path,
    layers: Sequence[Mapping[Path, bytes]],
    variables: Variables,
    *,
    most_made: int = MOST_MADE,
) -> Loaded:
    """Load the files of a folder, and of each overlay, from their texts alone."""
    report = ProblemReport()
    reader = FileReader(report, {path: text for layer in layers for path, text in layer.items()})
    with paused_collector():
        sources = tuple(tuple(map(reader.read, sorted(layer))) for layer in layers)
    return Loaded(
        folder=folder,
        layers=sources,
        settings=find_settings(folder, sources, report),
        limit=None,
        variables=variables,
        problems=report.problems,
        most_made=most_made,
    )
