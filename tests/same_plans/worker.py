"""Runs commands of one tree in one process: a JSON line in, a JSON line out.

It is run as a file, with the tree first on ``PYTHONPATH``: it must import nothing of ``tests``,
which would be that of the other tree. A request is ``{"words": [...], "environment": {...}}``,
an answer ``{"code": n, "out": text, "err": text}``.
"""

import contextlib
import io
import json
import os
import sys
import time

from reconciler.cli import main


def answer(words: list[str], environment: dict[str, str]) -> dict[str, object]:
    """Run one command, with streams in memory and an environment of its own."""
    out, err = io.StringIO(), io.StringIO()
    before, sys.argv, sys.stdin = dict(os.environ), ["reconciler", *words], io.StringIO()
    os.environ.update(environment)
    code: object = None
    began = time.process_time()
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            main()
    except SystemExit as error:
        code = error.code
    finally:
        os.environ.clear()
        os.environ.update(before)
    took = time.process_time() - began
    return {"code": code, "out": out.getvalue(), "err": err.getvalue(), "seconds": took}


def serve() -> None:
    """Answer until stdin ends."""
    requests, answers = sys.stdin, sys.stdout
    for line in requests:
        found = answer(**json.loads(line))
        answers.write(json.dumps(found) + "\n")
        answers.flush()


if __name__ == "__main__":
    serve()
