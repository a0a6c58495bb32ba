"""What a release is made of: the notes of its version, locks that are whole, licences that go."""

import re
import tomllib
from collections.abc import Iterator

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.release import notes_of
from tests.sandbox_server import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
OURS = PROJECT["project"]["name"]
EXTRAS = PROJECT["project"]["optional-dependencies"]
RUNTIME = [
    *PROJECT["project"]["dependencies"],
    *(one for name in ("sandbox", "policies", "fleet", "lsp", "telemetry") for one in EXTRAS[name]),
]
IMAGE = [one for name in ("policies", "fleet", "telemetry") for one in EXTRAS[name]]
LOCKS = {
    "requirements-image.lock": PROJECT["project"]["dependencies"] + IMAGE,
    "requirements-dev.lock": RUNTIME + EXTRAS["dev"],
    "requirements-release.lock": PROJECT["dependency-groups"]["release"],
}
CHANGELOG = "# Changelog\n\n## {heading}\n\nIn short.\n\n- A line.\n\n## 0.1.0\n\n- Old.\n"


def locked(name: str) -> dict[str, Version]:
    text = (ROOT / name).read_text("utf-8")
    lines = re.findall(r"^([\w.-]+)==([^ ;\\]+)", text, re.MULTILINE)
    return {canonicalize_name(one): Version(version) for one, version in lines}


def unlocked(name: str, wanted: list[str]) -> Iterator[str]:
    there = locked(name)
    for text in wanted:
        one = Requirement(text)
        version = there.get(canonicalize_name(one.name))
        if one.name != OURS and (version is None or version not in one.specifier):
            yield text


@pytest.mark.parametrize("name", sorted(LOCKS))
def test_a_lock_holds_what_is_required(name: str) -> None:
    assert list(unlocked(name, LOCKS[name])) == [], "run `make lock`"
    assert list(unlocked(name, ["click>=9999", "no-such-thing"])) == [
        "click>=9999",
        "no-such-thing",
    ]


@pytest.mark.parametrize("name", sorted(LOCKS))
def test_a_lock_checks_everything_and_names_no_registry(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    parts = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]
    assert {canonicalize_name(part.partition("==")[0]) for part in parts} == set(locked(name))
    assert [part for part in parts if "--hash=sha256:" not in part] == []
    assert re.findall(r"https?:|file:|index|find-links", text) == []


@pytest.mark.parametrize(
    ("heading", "tag", "wrong"),
    [
        ("0.2.0 (2026-12-31)", "v0.2.0", None),
        ("0.2.0 (2026-12-31)", "v0.2.1", "the tag is v0.2.1, and the version is 0.2.0"),
        ("0.2.0 (2026-12-31)", "0.2.0", "the tag is 0.2.0, and the version is 0.2.0"),
        ("0.2.0 (unreleased)", "v0.2.0", "gives 0.2.0 no day"),
        ("0.2.0", "v0.2.0", "gives 0.2.0 no day"),
        ("0.3.0 (2026-12-31)", "v0.2.0", "begins with 0.3.0, and not with 0.2.0"),
    ],
)
def test_the_notes_are_those_of_the_tag(heading: str, tag: str, wrong: str | None) -> None:
    changelog = CHANGELOG.format(heading=heading)
    if wrong is None:
        assert notes_of(changelog, tag, "0.2.0") == "In short.\n\n- A line."
    else:
        with pytest.raises(ValueError, match=re.escape(wrong)):
            notes_of(changelog, tag, "0.2.0")


def test_the_image_takes_what_is_there_and_leaves_root() -> None:
    text = (ROOT / "Containerfile").read_text("utf-8")
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    named = re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE)
    sources = [source for line in named for source in line.split()]
    assert len(sources) > 5
    assert [one for one in sources if not (ROOT / one).exists() or f"!{one}" not in ignored] == []
    assert re.findall(r"^USER (\d+):", text, re.MULTILINE)[-1] != "0"
    installs = re.findall(r"pip install [^&]*", text)
    assert [
        one for one in installs if "--require-hashes" not in one and "--no-deps" not in one
    ] == []
