"""``gh`` as our workflows use it, answering from the files of a folder; jq is the real one."""

import json
import os
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import jq  # type: ignore[import-not-found]

Options = dict[str, str]


def main(state: Path, words: list[str]) -> None:
    """Answer one call; anything else than what GitHub's program can do is an error."""
    if words == ["auth", "setup-git"]:
        assert os.environ["GH_TOKEN"]
        return
    assert os.environ["GH_TOKEN"]
    assert os.environ["GH_REPO"] == "somebody/villa"
    arguments, options = parsed(words)
    match arguments:
        case ["api", path]:
            api(state, path, options)
        case ["run", "list"]:
            run = known(state, "runs.json").get(options["commit"])
            found = [{"databaseId": run}] if run else []
            write(jq.compile(options["jq"]).input(found).all())
        case ["run", "download", run]:
            kept = state / "artifacts" / run / options["name"]
            shutil.copytree(kept, options["dir"])
        case _:
            sys.exit(f"gh: {words}")


def api(state: Path, path: str, options: Options) -> None:
    """Answer ``gh api``."""
    comments = known(state, "comments.json")
    path = path.removeprefix("repos/somebody/villa/")
    method = options.get("method", "GET")
    if method == "GET" and re.fullmatch(r"issues/7/comments", path):
        write(jq.compile(options["jq"]).input(comments).all())
    elif method == "GET" and (found := re.fullmatch(r"commits/(\w+)/pulls", path)):
        pulls = known(state, "pulls.json").get(found[1], [])
        write(jq.compile(options["jq"]).input(pulls).all())
    elif method == "POST" and path == "issues/7/comments":
        user = {"login": "github-actions[bot]"}
        comments.append({"id": len(comments) + 1, "user": user, "body": body(options)})
    elif method == "PATCH" and (found := re.fullmatch(r"issues/comments/(\d+)", path)):
        [comment] = [one for one in comments if one["id"] == int(found[1])]
        comment["body"] = body(options)
    else:
        sys.exit(f"gh: 404 {method} {path}")
    (state / "comments.json").write_text(json.dumps(comments))


def body(options: Options) -> str:
    """Read the body that is to be sent."""
    name, _, file = options["field"].partition("=@")
    assert name == "body"
    text = Path(file).read_text()
    assert len(text) <= 65_536, "GitHub takes no longer comment"
    return text


def parsed(words: list[str]) -> tuple[list[str], Options]:
    """Tell arguments from options."""
    arguments, options, rest = [], {}, list(words)
    while rest:
        word = rest.pop(0)
        if word in ("--silent", "--paginate"):
            continue
        if word.startswith("--"):
            options[word[2:]] = rest.pop(0)
        else:
            arguments.append(word)
    return arguments, options


def known(state: Path, name: str) -> Any:
    """Read what is known."""
    return json.loads((state / name).read_bytes())


def write(values: list[object]) -> None:
    """Print values as ``gh`` does: texts without quotes."""
    for value in values:
        sys.stdout.write(f"{value if isinstance(value, str) else json.dumps(value)}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
