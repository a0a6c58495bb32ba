"""Type every command of the pages as a stranger does, and compare what is said with the page.

``python -m tests.typed`` needs no network, and takes some minutes; words name pages, or commands.
It installs the wheel in a folder whose path has a space. There a fresh user (where this runs as
root) with an empty ``HOME`` types in a shell without a terminal, 80 columns wide. Each block is a
session of its own, in a folder with what its page speaks of, and an organization of its own.

A command ends with 0, unless ``tests/typed_cases.py`` says otherwise; where its page shows an
output, each line of it is said. What nobody can type here is listed there, too, with the reason.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import click
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.docs.links import pages
from tests.sandbox_server import ROOT, running_sandbox
from tests.typed_cases import BEFORE, ENDS, FILES, UNTYPED

TAKEN = re.compile(r"(?<=received\\ )[\d,]+|(?<=ms\\ )[\d,]+|[\d,]*\d(?=\\ ms)")
"""How long it took, and how many bytes came: no two runs agree."""
MOST = 250
USER = "nobody"
END = "-- ended with"
SECONDS = 180


@dataclass(frozen=True, slots=True)
class Typed:
    """A command, and the lines that its page shows for it."""

    command: str
    shown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Session:
    """A block of a page: commands that are typed one after the other."""

    page: str
    line: int
    typed: tuple[Typed, ...]

    def __str__(self) -> str:
        return f"{self.page}:{self.line}  {self.typed[0].command}"

    @property
    def before(self) -> str:
        """Say what the page takes for granted: a script that is run first."""
        wanted = (script for (page, word), script in BEFORE.items() if self._is_about(page, word))
        return "\n".join(wanted)

    def _is_about(self, page: str, word: str) -> bool:
        return page in ("", self.page) and any(word in one.command for one in self.typed)

    @property
    def why_not(self) -> str | None:
        """Say why nobody can type it here."""
        return next(
            (why for (page, word), why in UNTYPED.items() if self._is_about(page, word)), None
        )


def sessions() -> Iterator[Session]:
    """Find every block of commands on every page; the tour of the README is one session."""
    for page in pages():
        name, tour = page.relative_to(ROOT).as_posix(), list[Session]()
        inside = False
        for token in MarkdownIt("commonmark").parse(page.read_text("utf-8")):
            inside = inside or token.content.startswith("<!-- tour -->")
            if token.content.startswith("<!-- end of tour -->"):
                inside = False
                yield Session(name, tour[0].line, tuple(one for each in tour for one in each.typed))
            session = _session(name, token)
            if session is not None and inside:
                tour.append(session)
            elif session is not None:
                yield session


def _session(page: str, token: Token) -> Session | None:
    if token.type != "fence" or token.info not in ("sh", "console", ""):
        return None
    body = token.content
    typed = tuple(_typed(body, prompts=token.info == "console" or body.startswith("$ ")))
    known = token.info or (typed and typed[0].command.startswith("reconciler "))
    if not typed or not known or "[OPTIONS]" in body:
        return None
    return Session(page, 1 + (token.map or [0])[0], typed)


def _typed(body: str, *, prompts: bool = True) -> Iterator[Typed]:
    lines = re.sub(r"\\\n *", "", body).splitlines()
    if not prompts:
        yield from (Typed(line) for line in lines if line)
        return
    begun = [n for n, line in enumerate(lines) if line.startswith("$ ")]
    for here, there in zip(begun, [*begun[1:], len(lines)], strict=True):
        yield Typed(lines[here][2:], tuple(filter(str.strip, lines[here + 1 : there])))


class Key(NamedTuple):
    """An organization, and the key that opens it."""

    id: str
    key: str


@dataclass(slots=True)
class Stranger:
    """A user who has nothing but the installed command."""

    folder: Path
    url: str
    keys: list[Key]

    def faults(self, session: Session) -> list[str]:
        """Type a session; answers what is not as the page says."""
        here = self.folder / "their own" / "a folder"
        shutil.rmtree(here.parent, ignore_errors=True)
        shutil.copytree(ROOT / "examples", here / "examples")
        first, second = self.keys.pop(), self.keys.pop()
        for name, text in FILES.items():
            (here / name).parent.mkdir(exist_ok=True, parents=True)
            (here / name).write_text(text.replace("FIRST", first.id).replace("SECOND", second.id))
        for names, key in (("old.key a old", first), ("new.key b new", second)):
            for name in names.split():
                (here / name).write_text(key.key)
                (here / name).chmod(0o600)
        shutil.copytree(here, here / "agency")
        self.give(here.parent)
        script = f"{session.before}\n" + "".join(map(_line, session.typed))
        done = self._play(script, here, first, second)
        parts = done.split(f"{END} ")
        if len(parts) != len(session.typed) + 1:
            return [f"the shell ended early: {done[-600:]}"]
        found, said = list[str](), parts[0]
        for one, part in zip(session.typed, parts[1:], strict=True):
            code, _, rest = part.partition("\n")
            found += _differing(session.page, one, int(code), said, first)
            said = rest
        return found

    def give(self, path: Path) -> None:
        """Let a folder and all in it belong to the user."""
        if os.getuid() == 0:
            for one in (path, *path.rglob("*")):
                shutil.chown(one, USER)

    def _play(self, script: str, here: Path, first: Key, second: Key) -> str:
        home = self.folder / "home"
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir()
        self.give(home)
        user = {"user": USER, "group": "nogroup", "extra_groups": []} if os.getuid() == 0 else {}
        environment = {
            "HOME": str(home),
            "PATH": f"{self.folder / 'venv' / 'bin'}:/usr/bin:/bin",
            "COLUMNS": "80",
            "BOOKINGMOOD_API_URL": self.url,
            "BOOKINGMOOD_API_KEY": first.key,
            "BM_KEY_AMALFI": first.key,
            "BM_KEY_BERGEN": second.key,
        }
        port = _spare_port()
        process = subprocess.Popen(
            ["bash", "-c", script.replace("8787", port)], cwd=here, env=environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            start_new_session=True, text=True, errors="replace", **user,  # type: ignore[call-overload]
        )  # fmt: skip
        try:
            return str(process.communicate(timeout=SECONDS)[0]).replace(port, "8787")
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return str(process.communicate()[0])


def _line(one: Typed) -> str:
    """Write a command as the script has it; a server is waited for until it says its address."""
    if one.command.startswith("reconciler sandbox"):
        ended = '[ -z "$server" ] || { kill $server; wait $server; rm ../begun; } 2> /dev/null'
        begun = f"{one.command.removesuffix('&')} --port 8787 > ../begun &\nserver=$!"
        wait = "while [ ! -s ../begun ] && kill -0 $server; do sleep 0.1; done; cat ../begun"
        trap = "trap 'kill $server 2> /dev/null; wait' EXIT"
        return f"{ended}\n{begun}\n{trap}\n{wait}\necho '{END}' $?\n"
    return f"{one.command}\necho '{END}' $?\n"


def _spare_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as spare:
        return str(spare.getsockname()[1])


def _differing(page: str, one: Typed, code: int, said: str, key: Key) -> Iterator[str]:
    line = f"{one.command}\n"
    ends = (end for (where, word), end in ENDS.items() if where == page and word in line)
    wanted, words = next(ends, (0, ""))
    if code != wanted or words not in said:
        yield f"{one.command}: exit {code}, and not {wanted} with {words!r}:\n{said[-800:]}"
    if "Traceback" in said or "Usage:" in said:
        yield f"{one.command}: it is not understood, or a traceback:\n{said[-800:]}"
    for text in one.shown:
        pattern = TAKEN.sub("[0-9,]+", re.escape(text)).replace("…", ".*")
        if not re.search(f"^{pattern}$", said.replace(key.id, "…"), re.MULTILINE):
            yield f"{one.command}: the page shows, and nobody said: {text}\n{said[-1500:]}"


def installed(folder: Path) -> None:
    """Install the wheel beside the libraries that are here, for a Python that others may run."""
    build = (sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT)
    subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
    version = sysconfig.get_python_version()
    public = Path(f"/usr/bin/python{version}")
    python = public if os.getuid() == 0 and public.exists() else Path(sys.executable)
    subprocess.run([python, "-m", "venv", "--without-pip", folder / "venv"], check=True)
    own = folder / "venv" / "bin" / "python"
    [wheel] = folder.glob("*.whl")
    pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--python", own)
    subprocess.run([*pip, "install", "--no-deps", "--no-index", wheel], check=True)
    site = folder / "venv" / "lib" / f"python{version}" / "site-packages"
    (site / "libraries.pth").write_text(f"{Path(click.__file__).parent.parent}\n")


def main() -> None:
    """Type everything, or what the words name; ends with 1 where something is not as it says."""
    wanted = [
        one
        for one in sessions()
        if all(any(word in text for text in (one.page, *(t.command for t in one.typed)))
               for word in sys.argv[1:])
    ]  # fmt: skip
    typed, differences, left_out = 0, 0, Counter[str]()
    keys = [Key(f"{n:08x}-0000-4000-8000-000000000000", f"key-{n}") for n in range(1, MOST)]
    with tempfile.TemporaryDirectory(prefix="two words ") as name:
        folder = Path(name)
        folder.chmod(0o755)
        installed(folder)
        (folder / "organizations.txt").write_text("\n".join(map("=".join, keys)))
        with running_sandbox("--organizations", str(folder / "organizations.txt")) as sandbox:
            stranger = Stranger(folder, sandbox.url, keys)
            for session in wanted:
                if why := session.why_not:
                    left_out[why] += len(session.typed)
                    print(f"left out  {session} ({why})", flush=True)
                    continue
                typed += len(session.typed)
                differences += _differences(session, stranger)
    print(f"{typed} commands typed, {differences} differences, {left_out.total()} left out")
    for why, many in left_out.most_common():
        print(f"  {many:3} {why}")
    sys.exit(bool(differences))


def _differences(session: Session, stranger: Stranger) -> int:
    found = stranger.faults(session)
    print(f"{'FAILED' if found else 'ok':8}  {session}", flush=True)
    for fault in found:
        print(f"    {fault}".replace("\n", "\n    "), flush=True)
    return len(found)


if __name__ == "__main__":
    main()
