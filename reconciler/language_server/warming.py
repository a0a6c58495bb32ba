"""What the first question of an editor would wait for, made a little at a time."""

from collections.abc import Iterator

from .session import Session


def warming(session: Session) -> Iterator[bool]:
    """Make the schema and the index of each folder; each step takes some milliseconds."""
    for stack in tuple(session.stacks.values()):
        analysis = stack.last
        if analysis is None or analysis.kinds is None:
            continue
        _ = analysis.walker
        yield True
        for path in analysis.paths:
            analysis.index.in_file(path)
            yield True
