"""How fast an editor is answered: 10,000 resources in 40 files, over stdin and stdout.

``python -m tests.benchmarks.language [RESOURCES]`` types, completes and renames, and prints the
median of each with the memory of the server.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from tests.benchmarks.figures import Figure
from tests.language_client import Editor, editor

FILES = 40
USES = 500
TIMES = 31
_MEBIBYTE = 1024
_LONGEST = 600.0


def main(resources: int = 10_000) -> list[Figure]:
    """Measure all, each over the protocol."""
    with TemporaryDirectory() as name:
        folder = Path(name).resolve() / "villa"
        write(folder, resources)
        with editor(folder, longest=_LONGEST) as one:
            return list(_measured(one, folder, resources))


def write(folder: Path, resources: int) -> None:
    """Write a folder: guests, bookings and their links, and one guest whom many links name."""
    folder.mkdir()
    (folder / "bookingmood.yaml").write_text("reconciler: {stack: speed-of-lsp}\n", "utf-8")
    each = resources // (FILES - 1) // 5
    for number in range(FILES - 1):
        lines = _lines(number, each, USES // (FILES - 1) + 1)
        (folder / f"part-{number:02}.yaml").write_text("\n".join([*lines, ""]), "utf-8")


def _lines(file: int, each: int, uses: int) -> Iterator[str]:
    yield "contacts:"
    if not file:
        yield "  often: {first_name: Often, last_name: Named, email: often@example.com}"
    for n in range(2 * each):
        yield f"  guest-{file}-{n}:\n    first_name: Jane{n}\n    last_name: Doe{file}"
        yield f"    email: jane{file}.{n}@example.com\n    notes: Likes the sea {n}"
    yield "bookings:"
    for n in range(2 * each):
        yield f"  stay-{file}-{n}:\n    reference: BM-{file}-{n:04}\n    currency: EUR"
        yield "    display_currency: EUR\n    exchange_rate: 1\n    silent: true"
    yield "contact_bookings:"
    for n in range(each):
        guest = "often" if n < uses else f"guest-{file}-{n}"
        yield f"  - contact_id: {guest}\n    booking_id: stay-{file}-{n}"


def _measured(one: Editor, folder: Path, resources: int) -> Iterator[Figure]:
    path = folder / "part-20.yaml"
    text = path.read_text("utf-8")
    uri = one.open(path)
    one.diagnostics(uri)
    line = text[: text.index("notes:")].count("\n")
    what = f"{resources:,} resources in {FILES} files"
    told = [_typed(one, uri, line) for _ in range(TIMES)]
    yield _figure(f"an editor is told of problems after a key is pressed, {what}", told)
    yield _figure(f"the keys of a reference are offered, {what}", list(_completed(one, uri, text)))
    yield _figure(f"a key with {USES} uses is renamed, {what}", list(_renamed(one, folder)))
    memory = _memory(one.process.pid)
    found = f"{memory} MiB"
    sys.stdout.write(f"memory of the server: {found}\n")
    yield Figure(f"memory of the language server, {what}", found)


def _typed(one: Editor, uri: str, line: int) -> float:
    place = {"line": line, "character": 11}
    begin = perf_counter()
    one.change(uri, {"range": {"start": place, "end": place}, "text": "x"})
    one.diagnostics(uri)
    return perf_counter() - begin


def _completed(one: Editor, uri: str, text: str) -> Iterator[float]:
    lines = text.splitlines()
    number = next(n for n, line in enumerate(lines) if "booking_id:" in line)
    column = lines[number].index("stay-")
    for _ in range(TIMES):
        place = {"line": number, "character": column}
        one.change(uri, {"range": {"start": place, "end": place}, "text": "s"})
        begin = perf_counter()
        assert one.at("textDocument/completion", uri, number, column + 1)
        yield perf_counter() - begin
        behind = {"line": number, "character": column + 1}
        one.change(uri, {"range": {"start": place, "end": behind}, "text": ""})
        one.diagnostics(uri)


def _renamed(one: Editor, folder: Path) -> Iterator[float]:
    uri = one.open(folder / "part-00.yaml")
    one.diagnostics(uri)
    for number in range(5):
        begin = perf_counter()
        edit = one.at("textDocument/rename", uri, 1, 4, newName=f"renamed-{number}")
        yield perf_counter() - begin
        assert sum(len(change.get("edits", ())) for change in edit["documentChanges"]) > USES


def _figure(what: str, seconds: list[float]) -> Figure:
    found = f"{median(seconds) * 1000:.0f} ms"
    sys.stdout.write(f"{what}: {found} (at most {max(seconds) * 1000:.0f})\n")
    return Figure(what, found)


def _memory(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(peak.split()[1]) // _MEBIBYTE


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
