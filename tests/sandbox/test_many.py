"""Many organizations: all are announced at once, and each has its tables when it is asked for."""

from concurrent.futures import ThreadPoolExecutor

import httpx

from tests.sandbox_server import running_sandbox

COUNT = 200
IDS = [f"{number:08x}-0000-4000-8000-{number:012x}" for number in range(1, COUNT + 1)]


def test_two_hundred_organizations_start() -> None:
    pairs = [f"{one}=key{number}" for number, one in enumerate(IDS)]
    with running_sandbox(*(word for pair in pairs for word in ("--organization", pair))) as running:
        assert [one for one, _ in running.organizations] == IDS

        def seen(number: int) -> list[dict[str, str]]:
            headers = {"Authorization": f"Bearer key{number}"}
            answer = httpx.get(f"{running.url}/organizations", headers=headers, trust_env=False)
            rows: list[dict[str, str]] = answer.raise_for_status().json()
            return rows

        with ThreadPoolExecutor(4) as pool:  # some ask for the same one at the same time
            asked = [COUNT - 1, COUNT - 1, COUNT - 1, 0, 7]
            assert [[row["id"] for row in rows] for rows in pool.map(seen, asked)] == [
                [IDS[number]] for number in asked
            ]
