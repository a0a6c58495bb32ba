"""Somebody who acts after a run has made its plan and before it writes."""

from collections.abc import Awaitable, Callable

import pytest

from reconciler.execution.in_doubt import rows_in_doubt

WHERE = "reconciler.execution.engine.rows_in_doubt"


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Let ``act`` happen once, when the next plan begins to be executed."""
    original: Callable[..., Awaitable[frozenset[tuple[str, str]]]] = rows_in_doubt

    async def acting(*arguments: object, **options: object) -> frozenset[tuple[str, str]]:
        act()
        monkeypatch.setattr(WHERE, original)
        return await original(*arguments, **options)

    monkeypatch.setattr(WHERE, acting)
