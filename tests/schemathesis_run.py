"""schemathesis over the sandbox's OpenAPI document: no answer of 5xx, none that breaks it.

``python -m tests.schemathesis_run`` installs it, pinned, in a temporary folder (``--folder`` keeps
it) and tries every operation.
"""

import argparse
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import orjson

from tests.field.document import completed, document_of
from tests.field.installing import SCHEMATHESIS, place_for, python_with
from tests.sandbox_server import RunningSandbox, running_sandbox
from tests.server import FIRST

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)


def tried(sandbox: RunningSandbox, folder: Path, options: argparse.Namespace) -> int:
    """Run it; gives its exit code."""
    document = folder / "openapi.json"
    document.write_bytes(orjson.dumps(completed(document_of(sandbox))))
    paths = [word for kind in options.kinds for word in ("--include-path", f"/{kind}")]
    command = [
        str(python_with(folder, SCHEMATHESIS) / "schemathesis"), "run", str(document),
        "--url", sandbox.url, "--header", f"Authorization: Bearer {sandbox.key}",
        "--checks", ",".join(CHECKS), "--phases", "coverage,fuzzing",
        "--max-examples", str(options.examples), "--seed", str(options.seed),
        "--workers", "1", "--continue-on-failure", "--no-color", "--warnings", "off", *paths,
    ]  # fmt: skip
    if options.minutes:
        command += ["--max-time", str(int(60 * options.minutes))]
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, text=True, check=False)
    print(done.stdout if done.returncode else _summary(done.stdout))
    return done.returncode


def _summary(text: str) -> str:
    return text[match.start() :] if (match := re.search(r"^=+ SUMMARY", text, re.M)) else text


def main() -> int:
    """Try what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", help="only these; else all")
    parser.add_argument("--examples", type=int, default=10, help="made up for each operation")
    parser.add_argument("--minutes", type=float, default=0, help="at most; else to the end")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="keep what is installed here")
    options = parser.parse_args()
    pair = f"{FIRST}=schemathesis-key"
    with (
        place_for(None) as own,
        place_for(options.folder) as folder,
        running_sandbox("--organization", pair, log=own / "requests.jsonl") as sandbox,
    ):
        code = tried(sandbox, folder, options)
        answers = Counter(int(str(one["status"])) for one in sandbox.requests())
        failed = sum(many for status, many in answers.items() if status >= 500)
        told = ", ".join(f"{many:,} with {status}" for status, many in sorted(answers.items()))
        print(f"{answers.total():,} requests, {failed} answered with 5xx: {told}", file=sys.stderr)
    return 1 if code or failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
