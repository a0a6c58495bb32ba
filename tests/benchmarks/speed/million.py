"""10,000 contacts of ours among a million, against the same without the others."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from tests.benchmarks.speed import data
from tests.benchmarks.speed.process import Taken
from tests.benchmarks.speed.results import Row
from tests.benchmarks.speed.stage import Stage
from tests.benchmarks.speed.versions import Version

OURS = 10_000
ALL = 1_000_000
ROW = "million"
OTHERS = """
insert into {table} (organization_id, email, first_name, last_name, notes)
select %s, 'other-' || n || '@example.com', 'Other', 'Guest ' || n, 'made by hand'
from generate_series(1, %s) n
"""


def million(stage: Stage, versions: Sequence[Version], repeats: int) -> Iterator[Row]:
    """Plan them, first alone, then among the others."""
    stage.empty()
    folder = data.write_contacts(stage.folder("million"), OURS)
    stage.apply(versions[-1], folder)
    for size in (OURS, ALL):
        if size == ALL:
            _add_others(stage, ALL - OURS)
        stage.vacuum()
        yield from _planned(stage, versions, size, repeats or 3)
    stage.state = ""


def _planned(stage: Stage, versions: Sequence[Version], size: int, repeats: int) -> Iterator[Row]:
    least: dict[str, Taken] = {}
    for _ in range(repeats):
        for version in versions:
            taken = stage.run([*version.command("plan", "million", "--detailed-exitcode")])
            before = least.get(version.name)
            least[version.name] = before.least(taken) if before else taken
    for who, taken in least.items():
        yield Row(ROW, size, who, taken)


def _add_others(stage: Stage, number: int) -> None:
    """Add contacts of other people, past the API: a million requests would take an hour."""
    table = f"org_{UUID(stage.organization.id).hex}.contacts"
    with stage.server.database.cursor() as cursor:
        cursor.execute(OTHERS.format(table=table).encode(), (stage.organization.id, number))
