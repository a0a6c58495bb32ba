"""A fleet as agencies have: a base with templates, overlays and variables for each organization.

``made_fleet`` writes the folder, ``filled`` puts into a sandbox what an apply would have put there:
the rows are planned in memory and sent in arrays, so that 200 organizations with 300 resources each
take seconds, and every plan is empty. Trouble can be asked for: keys that open nothing,
organizations that never answer, rows that somebody changed.

``python -m tests.benchmarks.made_fleets FOLDER [NUMBER]`` makes one beside a sandbox, and waits.
"""

import asyncio
import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from uuid import UUID

import httpx
import orjson

from reconciler.catalogue import load_kinds
from reconciler.configuration.read import read_configuration
from reconciler.execution.batches import bodies_of
from reconciler.planning.folder import plan_folder
from reconciler.values.address import Address
from tests.front import Cut, Forward, Reply, Request, front
from tests.memory import Memory
from tests.sandbox_server import RunningSandbox, running_sandbox

WAVES = "[canary, {rest: 25 %}]"
_THEME = """\
templates:
  theme:
    parameters:
      title: {type: string}
      town: {type: string}
    attributes:
      ${key}: {type: single-select, name: {default: "${title}", nl-NL: "${title} in ${town}"}}
    attribute_options:
      ${key}-low: {attribute_id: "${key}", name: {default: low}}
      ${key}-middle: {attribute_id: "${key}", name: {default: middle}}
      ${key}-high: {attribute_id: "${key}", name: {default: high}}
defaults:
  contacts: {country_code: NL}
"""


@dataclass(frozen=True, slots=True)
class MadeMember:
    """One organization of a fleet: its name, its id, and the key that opens it."""

    name: str
    organization: str
    key: str


@dataclass(frozen=True, slots=True)
class MadeFleet:
    """A fleet on the disk; ``keys`` is a file of sources, outside of the folder."""

    folder: Path
    keys: Path
    organizations: Path
    members: tuple[MadeMember, ...]

    @property
    def environment(self) -> dict[str, str]:
        """The keys as variables of the environment, by their names."""
        return {f"BM_KEY_{one.name.upper().replace('-', '_')}": one.key for one in self.members}


def made_fleet(folder: Path, number: int = 200, resources: int = 300) -> MadeFleet:
    """Write ``fleet/`` with its base and overlays; beside it the keys, and what a sandbox reads."""
    root = folder / "fleet"
    members = tuple(_member(at) for at in range(number))
    base = root / "base"
    base.mkdir(parents=True)
    for name, text in _base(resources).items():
        (base / name).write_text(text)
    for at, one in enumerate(members):
        own = root / "orgs" / one.name
        own.mkdir(parents=True)
        (own / "taxes.yaml").write_text(f"taxes:\n  vat: {{percentage: {at % 25 + 1}}}\n")
        (root / "orgs" / f"{one.name}.env").write_text(f"TOWN=Town {at}\n")
    lines = (
        f"    {one.name}: {{organization: {one.organization}, overlays: [orgs/{one.name}], "
        f"var_file: orgs/{one.name}.env{', wave: canary' if at < max(1, number // 20) else ''}, "
        f"tags: [{'it' if at % 2 else 'no'}]}}\n"
        for at, one in enumerate(members)
    )
    text = f"fleet:\n  base: base/\n  organizations:\n{''.join(lines)}  waves: {WAVES}\n"
    (root / "fleet.yaml").write_text(text)
    pairs = folder / "organizations.txt"
    pairs.write_text("".join(f"{one.organization}={one.key}\n" for one in members))
    fleet = MadeFleet(root, folder / "keys.yaml", pairs, members)
    write_keys(fleet)
    return fleet


def write_keys(fleet: MadeFleet, wrong: Sequence[str] = ()) -> None:
    """Write each key into a file, and the sources that name it; some open nothing."""
    secrets = fleet.keys.parent / "keys"
    secrets.mkdir(exist_ok=True)
    for one in fleet.members:
        (secrets / one.name).write_text("no-such-key" if one.name in wrong else one.key)
    lines = (f"{one.name}: {{file: {secrets / one.name}}}\n" for one in fleet.members)
    fleet.keys.write_text("".join(lines))


def _member(at: int) -> MadeMember:
    organization = UUID(int=(at + 1) << 96 | 0x4000_8000_0000_0000_0000 | at + 1)
    return MadeMember(f"haus-{at:04}", str(organization), f"key-of-haus-{at:04}")


def _base(resources: int) -> dict[str, str]:
    """Write about so many resources: a half of them by a template, the others as they stand."""
    themes = resources // 8
    rest = resources - themes * 4
    taxes, services, coupons = rest // 10, rest // 10, rest // 5
    contacts = rest - taxes - services - coupons
    return {
        "bookingmood.yaml": f"reconciler: {{stack: agency-1a2b}}\n{_THEME}",
        "themes.yaml": "theme:\n"
        + "".join(f'  theme-{n}: {{title: "Theme {n}", town: "${{TOWN}}"}}\n'
                  for n in range(themes)),
        "taxes.yaml": "taxes:\n  vat: {label: {default: VAT}, percentage: 9}\n"
        + "".join(f"  t-{n}: {{label: {{default: Tax {n}}}, percentage: {n}}}\n"
                  for n in range(1, taxes)),
        "services.yaml": "services:\n"
        + "".join(f"  s-{n}: {{type: checkbox, label: {{default: Service {n}}}}}\n"
                  for n in range(services)),
        "coupons.yaml": "coupons:\n"
        + "".join(f'  c-{n}: {{code: CODE{n}, description: "for ${{TOWN}}"}}\n'
                  for n in range(coupons)),
        "contacts.yaml": "contacts:\n"
        + "".join(f"  g-{n}: {{email: guest-{n}@example.com, first_name: Guest {n}}}\n"
                  for n in range(contacts)),
    }  # fmt: skip


# --- filling --------------------------------------------------------------------------------------


def filled(fleet: MadeFleet, url: str, workers: int | None = None) -> None:
    """Put the rows of every organization into a sandbox."""
    fill = partial(_fill, fleet.folder, url)
    with ProcessPoolExecutor(workers or os.cpu_count(), get_context("spawn")) as pool:
        for _ in pool.map(fill, fleet.members, range(len(fleet.members)), chunksize=8):
            pass


def _fill(folder: Path, url: str, one: MadeMember, at: int) -> None:
    headers = {"Authorization": f"Bearer {one.key}", "Prefer": "return=minimal"}
    with httpx.Client(base_url=url, headers=headers, trust_env=False, timeout=120) as http:
        for kind, rows in rows_of(folder, one, at):
            answer = http.post(f"/{kind}", content=orjson.dumps(rows))
            assert answer.status_code == 201, answer.text


def rows_of(
    folder: Path, one: MadeMember, at: int
) -> Iterator[tuple[str, list[dict[str, object]]]]:
    """Plan an organization that is empty, and give what an apply creates, in its order."""
    kinds = load_kinds()
    paths = [folder / "base", folder / "orgs" / one.name]
    town = {"TOWN": f"Town {at}"}
    desired = read_configuration(paths, kinds, variables=town, environment={})
    api = Memory()
    api.rows.clear()
    api.put("organizations", {"id": one.organization})
    plan = asyncio.run(plan_folder(desired.configuration, api, kinds)).plan
    ids = {change.address: change.id for change in plan.changes if change.address and change.id}
    for level in plan.levels:
        alike = sorted(level, key=lambda change: (change.kind, sorted(change.columns)))
        for (kind, _), some in groupby(alike, lambda c: (c.kind, sorted(c.columns))):
            known: dict[Address, str] = ids
            yield kind, [*bodies_of(some, kinds[kind], known, one.organization)]  # type: ignore[list-item]


# --- trouble --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Trouble:
    """Which organizations have keys that open nothing, never answer, or were changed by hand."""

    locked: tuple[str, ...]
    silent: tuple[str, ...]
    drifted: tuple[str, ...]

    @classmethod
    def among(cls, fleet: MadeFleet, each: int = 5) -> "Trouble":
        """Choose some of each sort, none of them in the first wave."""
        names = [one.name for one in fleet.members][-3 * each :]
        return cls(*(tuple(names[at : at + each]) for at in range(0, 3 * each, each)))


@contextmanager
def troubled(fleet: MadeFleet, trouble: Trouble, url: str) -> Iterator[str]:
    """Bring trouble upon a fleet while the block lasts; gives the address to ask instead."""
    keys = {one.name: one.key for one in fleet.members}
    for name in trouble.drifted:
        headers = {"Authorization": f"Bearer {keys[name]}"}
        body = {"percentage": 99.5}
        answer = httpx.patch(
            f"{url}/taxes?percentage=gte.1&limit=1&order=id",
            headers=headers, json=body, trust_env=False, timeout=60,
        )  # fmt: skip
        answer.raise_for_status()
    write_keys(fleet, trouble.locked)
    silent = {f"Bearer {keys[name]}" for name in trouble.silent}

    def rule(request: Request, forward: Forward) -> Reply:
        if request.headers.get("authorization") in silent:
            raise Cut
        try:
            return forward(request)
        except httpx.TransportError:  # a busy sandbox: who asked sees no answer, and asks again
            raise Cut from None

    try:
        with front(rule, url) as address:
            yield address
    finally:
        write_keys(fleet)


@contextmanager
def running_fleet(
    folder: Path, number: int = 200, resources: int = 300
) -> Iterator[tuple[MadeFleet, RunningSandbox]]:
    """Make a fleet, and run a sandbox that holds it as its YAML says while the block lasts."""
    fleet = made_fleet(folder, number, resources)
    with running_sandbox("--organizations", str(fleet.organizations)) as sandbox:
        filled(fleet, sandbox.url)
        yield fleet, sandbox


def main(folder: str, number: str = "200") -> None:
    """Make one, say where it is, and wait for Ctrl-C."""
    began = perf_counter()
    with running_fleet(Path(folder).absolute(), int(number)) as (fleet, sandbox):
        seconds = perf_counter() - began
        sys.stdout.write(f"{number} organizations in {seconds:.1f} s\n")
        sys.stdout.write(f"export BOOKINGMOOD_API_URL={sandbox.url}\n")
        sys.stdout.write(f"reconciler fleet plan {fleet.folder} --keys {fleet.keys}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
