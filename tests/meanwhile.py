"""Somebody who acts after a run has made its plan and before it writes."""

from collections.abc import Awaitable, Callable

import pytest

from reconciler.apply import Report, apply

WHERE = "reconciler.commands.carrying_out.apply"


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Let ``act`` happen once, just before the next plan is carried out."""
    original: Callable[..., Awaitable[Report]] = apply

    async def acting(*arguments: object, **options: object) -> Report:
        act()
        monkeypatch.setattr(WHERE, original)
        return await original(*arguments, **options)

    monkeypatch.setattr(WHERE, acting)
