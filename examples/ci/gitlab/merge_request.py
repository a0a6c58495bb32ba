"""Comment on a merge request of GitLab, and get the plan that was reviewed in it.

    python merge_request.py comment plan.md     in the pipeline of a merge request
    git rev-list HEAD | python merge_request.py get plan.json     after the merge

Needs NOTES_TOKEN, a project access token with the scope `api`; the rest GitLab sets itself.
"""

import json
import os
import re
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

JOB = "plan"
PER_PAGE = 100


def comment(file: str) -> None:
    """Write a file as a comment of the merge request; the one of the same stack is replaced."""
    body = Path(file).read_text(encoding="utf-8")
    notes = f"merge_requests/{os.environ['CI_MERGE_REQUEST_IID']}/notes"
    stack = re.search("^Stack `[a-z0-9-]*` in organization", body, re.MULTILINE)
    assert stack, "not a plan"
    for note in every(notes):
        if note["body"].startswith("### Plan") and stack[0] in note["body"]:
            ask("PUT", f"{notes}/{note['id']}", {"body": body})
            return
    ask("POST", notes, {"body": body})


def get(file: str) -> None:
    """Get the plan of the merge request that the newest of these commits came with."""
    for commit in sys.stdin.read().split():
        for request in every(f"repository/commits/{commit}/merge_requests"):
            for pipeline in every(f"merge_requests/{request['iid']}/pipelines"):
                for job in every(f"pipelines/{pipeline['id']}/jobs"):
                    if job["name"] == JOB and job["status"] == "success":
                        Path(file).write_bytes(ask("GET", f"jobs/{job['id']}/artifacts/{file}"))
                        return
            sys.exit(f"no job `{JOB}` of merge request !{request['iid']} made a plan")
    sys.exit("no merge request led to this commit, so nobody reviewed a plan for it")


def every(path: str) -> list:
    """Read a list, all of its pages."""
    found: list = []
    while True:
        number = len(found) // PER_PAGE + 1
        page = json.loads(ask("GET", f"{path}?per_page={PER_PAGE}&page={number}"))
        found += page
        if len(page) < PER_PAGE:
            return found


def ask(method: str, path: str, values: dict | None = None) -> bytes:
    """Send a request about this project."""
    base = f"{os.environ['CI_API_V4_URL']}/projects/{os.environ['CI_PROJECT_ID']}"
    request = urllib.request.Request(  # noqa: S310 (the address is GitLab's own)
        f"{base}/{path}",
        method=method,
        data=None if values is None else json.dumps(values).encode(),
        headers={
            "PRIVATE-TOKEN": os.environ["NOTES_TOKEN"],
            "Content-Type": "application/json",
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return answer.read()
    except urllib.error.HTTPError as error:
        sys.exit(f"GitLab answered {error.code} to {method} {path}")


if __name__ == "__main__":
    {"comment": comment, "get": get}[sys.argv[1]](sys.argv[2])
