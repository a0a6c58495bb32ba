"""The Tab key: what is offered, in real shells, and that nothing slow is loaded for it."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from reconciler.cli import COMMANDS
from reconciler.commands.completion import SHELLS

from .sandbox_server import ROOT
from .terminal import terminal
from .test_wheel import HEAVY

VILLA = "examples/villa"
ENVIRONMENT = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
CASES = [
    ("reconciler va", ["validate"]),
    ("reconciler s", ["show", "schema", "sandbox"]),
    ("reconciler plan --det", ["--detailed-exitcode"]),
    ("reconciler plan --format j", ["json"]),
    (f"reconciler plan {VILLA} --target contacts.j", ["contacts.jane-doe", "contacts.john-doe"]),
    (f"reconciler apply {VILLA} --target capacity_group_dependencies.", [
        "capacity_group_dependencies.guests--adults",
        "capacity_group_dependencies.guests--children",
    ]),
    ("reconciler plan x --target nothing.", []),
    ("reconciler plam x --tar", []),
    ("reconciler plan x --kinds contact", ["contact_bookings", "contacts"]),
    ("reconciler plan x --kinds taxes,widg", ["taxes,widget_listings", "taxes,widgets"]),
    (f"reconciler graph {VILLA} --target contacts.j", ["contacts.jane-doe", "contacts.john-doe"]),
    ("reconciler graph x --kinds taxes,widg", ["taxes,widget_listings", "taxes,widgets"]),
    ("reconciler export --kinds tax", ["taxes"]),
    ("reconciler migrate --kinds tax", ["taxes"]),
    ("reconciler apply x --allow billing-", ["billing-create", "billing-delete"]),
    ("reconciler apply x --allow deletes,up", ["deletes,updates"]),
    ("reconciler explain unknown-c", ["unknown-column", "unknown-choice"]),
    ("reconciler explain contacts.last", ["contacts.last_name"]),
    ("reconciler completion ", ["bash", "zsh", "fish"]),
]  # fmt: skip


def test_bash_offers_what_can_follow() -> None:
    ask = """
    ask() {
      COMPREPLY=(); COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
      _reconciler_completion reconciler "${@: -1}"
      printf '%s ' "${COMPREPLY[@]}"; echo
    }
    """
    asked = [f"ask {shlex.join(line.split(' '))}" for line, _ in CASES]
    script = "\n".join(['eval "$(reconciler completion bash)"', ask, *asked])
    answers = run_in("bash", "--norc", f"exec 2>&1\n{script}").splitlines()
    assert [answer.split() for answer in answers] == [offered for _, offered in CASES]


def test_fish_offers_what_can_follow() -> None:
    some = CASES[1::3]
    asked = [f"complete -C {shlex.quote(line)}; echo ====" for line, _ in some]
    script = "\n".join(["reconciler completion fish | source", *asked])
    answers = run_in("fish", "--no-config", script).split("====\n")[:-1]
    found = [[line.split("\t")[0] for line in answer.splitlines()] for answer in answers]
    assert [sorted(one) for one in found] == [sorted(offered) for _, offered in some]


TABS = [
    ("bash", ["--norc", "-i"], 'eval "$(reconciler completion bash)"'),
    (
        "zsh",
        ["-f", "-i"],
        'autoload -Uz compinit; compinit -D; eval "$(reconciler completion zsh)"',
    ),
]


@pytest.mark.parametrize(("shell", "options", "setup"), TABS, ids=lambda value: str(value)[:4])
def test_the_tab_key_completes(shell: str, options: list[str], setup: str) -> None:
    needs(shell)
    plain = {**ENVIRONMENT, "TERM": "dumb", "PS1": "$ "}
    with terminal([shell, *options], plain) as screen:
        screen.type(f"cd {ROOT}; {setup}; echo rea''dy\n")
        screen.wait_for("ready\n")
        screen.type("reconciler vali\t")
        screen.wait_for("reconciler validate ")
        screen.type(f"\x15reconciler plan {VILLA} --target contacts.jo\t")
        screen.wait_for("contacts.john-doe")


# --- what is loaded ---------------------------------------------------------------------------

LOADED = f"""
import sys
from reconciler.cli import main
try:
    main()
except SystemExit:
    pass
real = [name for name in sorted({HEAVY!r}) if hasattr(sys.modules.get(name), "__file__")]
print("loaded:", *real)
"""


def completed(line: str) -> list[str]:
    """Complete a line as bash asks for it; the last line tells which slow libraries it loaded."""
    parts = line.split(" ")
    asked = {
        "_RECONCILER_COMPLETE": "bash_complete",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(parts) - 1),
    }
    code = LOADED.replace("import sys\n", "import sys\nsys.argv[0] = 'reconciler'\n")
    done = subprocess.run(
        [sys.executable, "-c", code], env={**ENVIRONMENT, **asked}, cwd=ROOT,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize("command", COMMANDS)
def test_the_options_of_every_command_are_offered_at_once(command: str) -> None:
    *offered, loaded = completed(f"reconciler {command} --")
    assert "plain,--help" in offered
    assert loaded == "loaded:"


def test_commands_and_addresses_are_offered_at_once() -> None:
    for line in ("reconciler ", f"reconciler plan {VILLA} --target "):
        *offered, loaded = completed(line)
        assert len(offered) > 10
        assert loaded == "loaded:"


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["completion", "bash"]])
def test_small_words_load_nothing_slow(words: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "reconciler", *words],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    modules = {
        line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.split("\n")
    }
    assert "click" in modules
    assert modules & (HEAVY | {"rich", "asyncio", "yaml"}) == set()


def test_every_shell_has_its_script() -> None:
    for shell in SHELLS:
        done = subprocess.run(
            [sys.executable, "-m", "reconciler", "completion", shell],
            env=ENVIRONMENT, cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert f"_RECONCILER_COMPLETE={shell}_complete" in done.stdout


# --- shells -----------------------------------------------------------------------------------


def needs(shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell} here: install it with the machine's packages")


def run_in(shell: str, option: str, script: str) -> str:
    """Run a script in a shell, in the checkout."""
    needs(shell)
    done = subprocess.run(
        [shell, option, "-c", script],
        env=ENVIRONMENT, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    return done.stdout
