"""Somebody who acts after a run has made its plan and before it writes."""

from collections.abc import Awaitable, Callable

import pytest

from reconciler.execution.begun import rows_begun

WHERE = "reconciler.execution.engine.rows_begun"


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Let ``act`` happen once, when the next plan begins to be executed."""
    original: Callable[..., Awaitable[frozenset[tuple[str, str]]]] = rows_begun

    async def acting(*arguments: object, **options: object) -> frozenset[tuple[str, str]]:
        act()
        monkeypatch.setattr(WHERE, original)
        return await original(*arguments, **options)

    monkeypatch.setattr(WHERE, acting)
