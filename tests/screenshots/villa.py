"""The example of a villa, applied to a sandbox, edited and planned again."""

import fcntl
import os
import pty
import shutil
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.sandbox_server import ROOT, running_sandbox

ORGANIZATION = "0f9ad0c6-6e37-4bb5-93f1-0a2c8f1de001"
EDITS = {
    "products.yaml": [
        ("house for eight, a hundred", "house for nine, a hundred"),
        ("cooldown_time: 1 ", "cooldown_time: 2 "),
        ("latest_arrival_time: 21:00\n", "latest_arrival_time: null\n"),
    ],
    "services.yaml": [("value: 95,", "value: 110,")],
    "channels.yaml": [
        ("ready from three in the afternoon.", "ready from four in the afternoon."),
        ("of your arrival.\n", "of your arrival.\n        Please close the gate.\n"),
    ],
    "contacts.yaml": [
        ("send the invoice to her.", "invoices go to the office."),
        ("contacts:\n", "contacts:\n  ola-nordmann:\n    first_name: Ola\n"
         "    last_name: Nordmann\n    email: ola@example.org\n    language: en-US\n"),
    ],
    "bookings.yaml": [
        ("contact_bookings:\n", "  nordmann-may:\n    reference: BM-2026-0003\n"
         "    currency: EUR\n    display_currency: NOK\n    exchange_rate: 11.75\n"
         "    method: book\n\ncontact_bookings:\n"
         "  - {contact_id: ola-nordmann, booking_id: nordmann-may}\n"),
    ],
}  # fmt: skip


@contextmanager
def villa(folder: Path) -> Iterator["Command"]:
    """Give the command in a folder with the villa, and its plan in ``plan.json``."""
    with running_sandbox("--organization", f"{ORGANIZATION}=k") as api:
        shutil.copytree(ROOT / "examples" / "villa", folder / "villa")
        command = Command(folder, {"BOOKINGMOOD_API_URL": api.url, "BOOKINGMOOD_API_KEY": api.key})
        command.run("apply", "villa", "--auto-approve", "--allow", "billing-create")
        _edit(folder / "villa")
        taxes = {"headers": {"Authorization": f"Bearer {api.key}"}, "json": {"percentage": 6.5}}
        httpx.patch(f"{api.url}/taxes?label->>default=eq.Tourist tax", **taxes).raise_for_status()  # type: ignore[arg-type]
        command.run("plan", "villa", "--out", "plan.json")
        yield command


def _edit(folder: Path) -> None:
    for file, edits in EDITS.items():
        path = folder / file
        text = path.read_text(encoding="utf-8")
        for old, new in edits:
            assert old in text, old
            text = text.replace(old, new, 1)
        path.write_text(text, encoding="utf-8")
    prices = folder / "prices.yaml"
    text = prices.read_text(encoding="utf-8")
    prices.write_text(text[: text.index("coupons:")], encoding="utf-8")


class Command:
    """The command, in a folder, on the sandbox."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.environment = {**os.environ, **environment}
        self.environment.pop("NO_COLOR", None)

    def run(self, *arguments: str) -> str:
        """Run it as a script does."""
        return subprocess.run(
            [sys.executable, "-m", "reconciler", *arguments],
            cwd=self.folder, env=self.environment, check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip

    def watch(self, *arguments: str) -> str:
        """Run it as people do, on a terminal of 80 columns."""
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 80, 0, 0))
        process = subprocess.Popen(
            [sys.executable, "-m", "reconciler", *arguments],
            cwd=self.folder, env=self.environment, stdout=theirs, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(theirs)
        said = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:
                break
            if not part:
                break
            said += part
        process.wait()
        os.close(ours)
        return f"$ reconciler {' '.join(arguments)}\n{said.decode().replace(chr(13), '')}"
