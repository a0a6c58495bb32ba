"""How fast the sandbox is: bulk create, lists by keyset, locks and deletes, with many rows.

``python -m tests.benchmarks.sandbox [ROWS]`` prints a table; ROWS is 100,000 unless said.
Client and server share the machine, so both are measured together.
"""

import statistics
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter

import httpx
import orjson

from tests.benchmarks.figures import Figure
from tests.sandbox_server import running_sandbox

ORGANIZATION = "11111111-1111-4111-8111-111111111111"
BATCH = 1000
MINIMAL = {"Prefer": "return=minimal,count=exact"}
JSON = {"Content-Type": "application/json"}


@contextmanager
def timed(say: Callable[[float], str]) -> Iterator[None]:
    """Time a block, and print what is said of its seconds."""
    began = perf_counter()
    yield
    sys.stdout.write(say(perf_counter() - began) + "\n")


def create(http: httpx.Client, rows: int) -> Figure:
    """Create rows in arrays of a thousand."""
    began = perf_counter()
    bodies = [
        orjson.dumps([guest(n) for n in range(start, min(start + BATCH, rows))])
        for start in range(0, rows, BATCH)
    ]
    with timed(lambda s: f"bulk create        {rows / s:>9,.0f} rows/s   {rows:,} rows, {s:.2f} s"):
        for body in bodies:
            answer = http.post("/contacts?columns=organization_id,email,first_name", content=body)
            assert answer.status_code == 201, answer.text
    speed = rows / (perf_counter() - began)
    return Figure(f"sandbox: bulk create of {rows:,} rows", f"{speed:,.0f} rows/s")


def guest(number: int) -> dict[str, str]:
    """Make one row."""
    email = f"guest-{number}@example.com"
    return {"organization_id": ORGANIZATION, "email": email, "first_name": f"Guest {number}"}


def read_all(http: httpx.Client, select: str) -> tuple[list[dict[str, str]], float]:
    """Read all rows by keyset, a thousand at a time; gives them and the time of most pages."""
    found: list[dict[str, str]] = []
    seconds: list[float] = []
    last = ""
    while True:
        after = f"&id=gt.{last}" if last else ""
        began = perf_counter()
        answer = http.get(f"/contacts?select={select}&order=id&limit={BATCH}{after}")
        seconds.append(perf_counter() - began)
        page = orjson.loads(answer.content)
        found += page
        if len(page) < BATCH:
            break
        last = page[-1]["id"]
    middle, slowest = statistics.median(seconds) * 1000, max(seconds) * 1000
    per_second = len(found) / sum(seconds)
    columns = "all columns" if select == "*" else select
    sys.stdout.write(
        f"list by keyset     {per_second:>9,.0f} rows/s   {len(seconds)} pages of {BATCH},"
        f" {middle:.1f} ms each, slowest {slowest:.1f} ms ({columns})\n"
    )
    return found, middle


def one_page(http: httpx.Client, found: list[dict[str, str]]) -> None:
    """Read a page of 50 rows from the middle, and one row by its id."""
    middle = found[len(found) // 2]["id"]
    for name, query in (
        ("50 from the middle", f"id=gt.{middle}&limit=50"),
        ("one by its id", f"id=eq.{middle}"),
    ):
        times = []
        for _ in range(50):
            began = perf_counter()
            assert http.get(f"/contacts?select=*&order=id&{query}").status_code == 200
            times.append(perf_counter() - began)
        sys.stdout.write(f"{name:<18} {statistics.median(times) * 1000:>9.1f} ms\n")


def lock(http: httpx.Client, found: list[dict[str, str]]) -> None:
    """Change rows in batches of 90, each with its version as a lock."""
    some = found[:9000]
    with timed(lambda s: f"update with locks  {len(some) / s:>9,.0f} rows/s   90 in a request"):
        for start in range(0, len(some), 90):
            batch = some[start : start + 90]
            pairs = ",".join(
                f'and(id.eq.{r["id"]},updated_at.eq."{r["updated_at"]}")' for r in batch
            )
            params = httpx.QueryParams({"or": f"({pairs})"})
            answer = http.patch(f"/contacts?{params}", content=b'{"notes":"x"}', headers=MINIMAL)
            assert answer.headers["content-range"] == f"0-{len(batch) - 1}/{len(batch)}"


def remove(http: httpx.Client, found: list[dict[str, str]]) -> None:
    """Delete rows by lists of 200 ids."""
    some = found[:20000]
    with timed(lambda s: f"delete by id       {len(some) / s:>9,.0f} rows/s   200 in a request"):
        for start in range(0, len(some), 200):
            ids = ",".join(row["id"] for row in some[start : start + 200])
            assert http.delete(f"/contacts?id=in.({ids})", headers=MINIMAL).status_code == 204


def main() -> list[Figure]:
    """Run everything once."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    headers = {"Authorization": "Bearer one", **JSON}
    with (
        running_sandbox("--organization", f"{ORGANIZATION}=one") as sandbox,
        httpx.Client(base_url=sandbox.url, headers=headers, trust_env=False, timeout=60) as http,
    ):
        created = create(http, rows)
        found, page = read_all(http, "id,updated_at")
        assert len(found) == rows
        read_all(http, "*")
        one_page(http, found)
        lock(http, found)
        remove(http, found)
    pages = f"sandbox: page of {BATCH:,} by keyset among {rows:,}"
    return [created, Figure(pages, f"{page:.1f} ms")]


if __name__ == "__main__":
    main()
