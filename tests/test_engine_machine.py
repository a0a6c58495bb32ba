"""A few short stories of the engine; ``python -m tests.engine_machine`` tells many long ones."""

from tests.engine_machine import try_stories
from tests.server import Server


def test_nothing_is_doubled_lost_or_unplanned(server: Server) -> None:
    try_stories(server, stories=2, steps=8, first=3)
