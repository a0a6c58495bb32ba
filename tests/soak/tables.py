"""The summary of a soak as a table, for the page of figures."""

from collections.abc import Mapping
from typing import cast

SHOWN = {
    "sandbox_memory": "memory of the sandbox, MiB",
    "sandbox_files": "open files of the sandbox",
    "database_memory": "memory of its PostgreSQL, MiB",
    "journals": "journals in 30 folders",
    "cut_off": "of these, of runs that were killed",
    "journal_size": "size of the journals, KiB",
    "rows": "rows",
}
IN_MIB = {"sandbox_memory", "database_memory"}


def table(document: Mapping[str, object]) -> str:
    """Write what was done, what was found, and what was used at three moments."""
    counts = cast("Mapping[str, int]", document["counts"])
    lines = ["| what | number |", "|---|---|"]
    lines += [f"| {name} | {many:,} |" for name, many in counts.items()]
    for name in ("looks", "doubled", "lost", "unplanned"):
        lines.append(f"| {name} | {document[name]} |")
    lines.append(f"| broken | {len(cast('list[str]', document['broken']))} |")
    measures = cast("list[Mapping[str, float]]", document["measures"])
    if measures:
        chosen = [measures[0], measures[len(measures) // 2], measures[-1]]
        minutes = " | ".join(f"minute {one['minute']:.0f}" for one in chosen)
        lines += ["", f"| used | {minutes} |", "|---|---|---|---|"]
        for name, words in SHOWN.items():
            unit = 1024 if name in IN_MIB else 1
            cells = " | ".join(f"{one[name] / unit:,.0f}" for one in chosen)
            lines.append(f"| {words} | {cells} |")
    return "\n".join(lines)
