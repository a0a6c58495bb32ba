"""The Python side of a plan, for tests that look between plan and apply."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from reconciler.catalogue import load_kinds
from reconciler.client.client import ApiClient
from reconciler.client.connection import Connection
from reconciler.configuration.load import load
from reconciler.configuration.resource import Configuration, with_references
from reconciler.configuration.validate import validate
from reconciler.planning.folder import plan_folder
from reconciler.planning.planned import Planned
from tests.front import Rule, front
from tests.organization import Organization

Answer = TypeVar("Answer")


def connection_to(organization: Organization, key: str | None = None) -> Connection:
    """Give the address and key of an organization."""
    return Connection.checked(organization.url, key or organization.key)


def with_client(
    organization: Organization,
    use: Callable[[ApiClient], Awaitable[Answer]],
    key: str | None = None,
) -> Answer:
    """Run something that needs a client."""

    async def run() -> Answer:
        async with ApiClient(connection_to(organization, key)) as client:
            return await use(client)

    return asyncio.run(run())


def ask(
    rule: Rule,
    use: Callable[[ApiClient], Awaitable[object]],
    behind: Organization,
    **settings: Any,
) -> object:
    """Use a client that talks to a front before the sandbox; ``settings`` are of its connection."""

    async def run(url: str) -> object:
        async with ApiClient(replace(Connection.checked(url, behind.key), **settings)) as client:
            return await use(client)

    with front(rule, behind.url) as url:
        return asyncio.run(run(url))


def desired(*paths: Path) -> Configuration:
    """Read a configuration that is valid."""
    loaded = load(paths, variables={}, environment={})
    configuration, problems = validate(loaded, load_kinds(), unset_is_error=True)
    assert configuration is not None, problems
    return with_references(configuration)


def planned(organization: Organization, *paths: Path) -> Planned:
    """Plan, as values."""
    configuration = desired(*paths)
    return with_client(organization, lambda c: plan_folder(configuration, c, load_kinds()))
