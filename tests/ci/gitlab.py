"""GitLab as far as our jobs go: their scripts, their artifacts, and its API."""

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import yaml

from tests.ci.machine import Machine, Repository

TOKEN = "a-token-for-notes"


@dataclass(slots=True)
class GitLab:
    """A project with a pipeline; ``variables`` are those of the project."""

    folder: Path
    repository: Repository
    machine: Machine
    variables: dict[str, str]
    template: Mapping[str, Any]
    notes: list[dict[str, Any]] = field(default_factory=list)
    merged: dict[str, int] = field(default_factory=dict)
    kept: Path | None = None
    runs: int = 0

    def run(self, job: str, ref: str, **variables: str) -> int:
        """Run a job on a ref; answers the exit code of its script."""
        self.runs += 1
        place = self.folder / f"run-{self.runs}-{job}"
        self.repository.checkout(place, ref)
        said = self.template[job]
        before = said.get("before_script", self.template["default"]["before_script"])
        for need in said.get("needs", []):
            assert self.kept, f"{need} kept nothing"
            shutil.copytree(self.kept, place, dirs_exist_ok=True)
        code = self.machine.run(
            ["bash", "-eo", "pipefail"],
            "\n".join([*before, *said["script"]]),
            place,
            **{**self.template["variables"], **self.variables, **variables},
        )
        if code == 0 and "artifacts" in said:
            self.kept = self.folder / f"kept-{self.runs}"
            self.kept.mkdir()
            for name in said["artifacts"]["paths"]:
                if (place / name).exists():
                    shutil.copy(place / name, self.kept)
        return code

    def answer(self, method: str, path: str, body: Any) -> object:
        """Answer a request of the API; None is a 404."""
        match method, path.split("/"):
            case "GET", ["repository", "commits", commit, "merge_requests"]:
                return [{"iid": self.merged[commit]}] if commit in self.merged else []
            case "GET", ["merge_requests", "7", "pipelines"]:
                return [{"id": 70}] if self.kept else []
            case "GET", ["pipelines", "70", "jobs"]:
                return [{"id": 700, "name": "validate", "status": "success"},
                        {"id": 701, "name": "plan", "status": "success"}]  # fmt: skip
            case "GET", ["jobs", "701", "artifacts", name] if self.kept:
                return (self.kept / name).read_bytes()
            case "GET", ["merge_requests", "7", "notes"]:
                return self.notes
            case "POST", ["merge_requests", "7", "notes"]:
                self.notes.append({"id": len(self.notes) + 1, **body})
                return self.notes[-1]
            case "PUT", ["merge_requests", "7", "notes", number]:
                self.notes[int(number) - 1].update(body)
                return self.notes[int(number) - 1]
        return None


@contextmanager
def gitlab_project(
    folder: Path, template: Path, repository: Repository, variables: Mapping[str, str]
) -> Iterator[GitLab]:
    """Serve the API of a project while the block lasts."""
    machine = Machine(folder / "machine")
    gitlab = GitLab(folder, repository, machine, {}, yaml.safe_load(template.read_text()))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = re.fullmatch(r"/api/v4/projects/5/([^?]*)(\?per_page=100&page=1)?", self.path)
            length = int(self.headers.get("Content-Length", 0))
            body = json.loads(self.rfile.read(length)) if length else None
            known = self.headers["PRIVATE-TOKEN"] == TOKEN
            answer = gitlab.answer(self.command, found[1], body) if found and known else None
            self.send_response(404 if answer is None else 200)
            self.end_headers()
            self.wfile.write(answer if isinstance(answer, bytes) else json.dumps(answer).encode())

        do_POST = do_PUT = do_GET  # noqa: N815 (their names are what the library looks for)

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        gitlab.variables = {
            "CI_API_V4_URL": f"http://127.0.0.1:{server.server_port}/api/v4",
            "CI_DEFAULT_BRANCH": "main",
            "CI_MERGE_REQUEST_IID": "7",
            "CI_PROJECT_ID": "5",
            "CI_PROJECT_URL": str(repository.origin).removesuffix(".git"),
            "NOTES_TOKEN": TOKEN,
            "PUSH_TOKEN": "a-token-to-push",
            **variables,
        }
        yield gitlab
        server.shutdown()
