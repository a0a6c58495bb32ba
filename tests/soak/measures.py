"""What the processes of a soak use: memory, open files; and how large the journals are."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from reconciler.catalogue import load_kinds
from reconciler.journal.read import past_runs, read_run
from reconciler.journal.records import DEFAULT_FOLDER

GROWTH = 1.25
"""How much more the last third of a soak may use than the middle one."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What is used at one moment; memory and journals in KiB.

    ``cut_off`` are the journals of runs that were killed: they are kept until a later run ended.
    """

    minute: float
    sandbox_memory: int
    sandbox_files: int
    database_memory: int
    database_processes: int
    own_files: int
    journals: int
    cut_off: int
    journal_size: int
    rows: int

    def as_document(self) -> dict[str, float]:
        """Give it for JSON."""
        return asdict(self)


def measure(minute: float, sandbox: int, folders: Iterable[Path], rows: int) -> Measured:
    """Look at the process of the sandbox, at its database, at this process, at the journals."""
    database = list(_below(_parents(), "postgres"))
    paths = [path for folder in folders for path in past_runs(folder / DEFAULT_FOLDER)]
    sizes = [path.stat().st_size for path in paths]
    cut_off = sum(not read_run(path, load_kinds()).ended for path in paths)
    return Measured(
        round(minute, 1),
        _field(sandbox, "VmRSS"),
        _files(sandbox),
        sum(_field(process, "RssAnon") for process in database),
        len(database),
        _files("self"),
        len(sizes),
        cut_off,
        sum(sizes) // 1024,
        rows,
    )


def grown(measures: Sequence[Measured], most_journals: int) -> list[str]:
    """Name what the last third used more of than the middle one, and journals beyond a bound."""
    third = len(measures) // 3
    if not third:
        return []
    names = ("sandbox_memory", "sandbox_files", "database_memory", "own_files")
    found = []
    kept = measures[-1].journals
    if kept > most_journals:
        found.append(f"journals: {kept}, more than {most_journals}")
    for name in names:
        middle = max(getattr(one, name) for one in measures[third : 2 * third])
        last = max(getattr(one, name) for one in measures[-third:])
        if last > middle * GROWTH:
            found.append(f"{name}: {last:,} after {middle:,}")
    return found


def _parents() -> dict[int, tuple[int, str]]:
    """Give the parent and the name of each process."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            name, _, rest = (entry / "stat").read_text().partition("(")[2].rpartition(")")
        except OSError:
            continue
        found[int(entry.name)] = int(rest.split()[1]), name
    return found


def _below(parents: dict[int, tuple[int, str]], wanted: str) -> Iterator[int]:
    """Find the processes of a name that descend from this one."""
    own = int(Path("/proc/self").readlink().name)
    for process, (parent, name) in parents.items():
        above = parent
        while above not in {0, 1, own} and above in parents:
            above = parents[above][0]
        if name == wanted and above == own:
            yield process


def _field(process: int, name: str) -> int:
    try:
        text = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    lines = (line.split() for line in text.splitlines())
    return next((int(words[1]) for words in lines if words[0] == f"{name}:"), 0)


def _files(process: int | str) -> int:
    return sum(1 for _ in Path(f"/proc/{process}/fd").iterdir())
