"""Starts commands, and tells what each took: a JSON line in, a JSON line out.

A process begins with the peak of the process that started it. So it is this small one that starts
them, and not the benchmark with all its libraries: run it with ``-S -E``.
"""

import json
import os
import sys
import time


def run(words: list[str], environment: dict[str, str], cwd: str, output: str) -> dict[str, object]:
    """Run one program to its end; ``output`` is the file of what it writes."""
    began = time.perf_counter()
    child = os.fork()
    if not child:
        try:
            os.chdir(cwd)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 1)
            os.dup2(1, 2)
            os.execvpe(words[0], words, environment)
        finally:
            os._exit(127)
    _, status, used = os.wait4(child, 0)
    return {
        "code": os.waitstatus_to_exitcode(status),
        "cpu": used.ru_utime + used.ru_stime,
        "wall": time.perf_counter() - began,
        "peak": used.ru_maxrss * (1 if sys.platform == "darwin" else 1024),
    }


if __name__ == "__main__":
    for line in sys.stdin:
        sys.stdout.write(json.dumps(run(**json.loads(line))) + "\n")
        sys.stdout.flush()
