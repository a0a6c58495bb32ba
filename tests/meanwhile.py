"""Somebody who acts after a run has made its plan and before it writes."""

from collections.abc import Awaitable, Callable

import pytest

from reconciler.apply import Report
from reconciler.commands import carrying_out

Act = Callable[[], object]


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Act) -> None:
    """Let ``act`` happen once, just before the next plan is carried out."""
    original: Callable[..., Awaitable[Report]] = carrying_out.apply

    async def acting(*arguments: object, **options: object) -> Report:
        act()
        monkeypatch.setattr(carrying_out, "apply", original)
        return await original(*arguments, **options)

    monkeypatch.setattr(carrying_out, "apply", acting)
