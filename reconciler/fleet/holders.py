"""Who holds a lease: a process of a machine, and whether it surely is no more."""

import os
import socket
from functools import cache
from pathlib import Path


def this_process() -> str:
    """Name this process, as no other will ever be named; for people it begins with the machine."""
    pid = os.getpid()
    return f"{socket.gethostname()} {_machine()} {pid} {_began(pid)}"


def is_gone(holder: str) -> bool:
    """Tell whether a holder was a process of this machine and is not there any more.

    Of other machines, and of systems that do not say when a process began, nobody knows.
    """
    words = holder.split(" ")
    if len(words) != 4 or not _machine() or words[1] != _machine() or not words[2].isdecimal():
        return False
    return bool(words[3]) and _began(int(words[2])) != words[3]


@cache
def _machine() -> str:
    """Name the machine since it was last started, and which processes can be seen here."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot}.{Path('/proc/self/ns/pid').stat().st_ino}"
    except OSError:
        return ""


def _began(pid: int) -> str:
    """Say when a process began, in ticks since the machine was started; nothing if it is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return ""
    state, *rest = text.rpartition(")")[2].split()
    return "" if state in "ZX" else rest[18]
