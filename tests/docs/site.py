"""A hook of MkDocs: the pages beside ``docs/`` and the files that pages link to join the site."""

import re
from pathlib import Path, PurePosixPath

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

BESIDE = {
    "README.md": "index.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
}
"""Pages that stand in the root, where people and GitHub look for them, and their names here."""

LINK = re.compile(r"(?<=\]\()(?![a-z]+:|#)([^)#\s]+)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages of the root, and every file outside of ``docs/`` that a page links to."""
    root = Path(config.config_file_path).parent
    for name, here in BESIDE.items():
        if (root / name).is_file():
            text = (root / name).read_text("utf-8")
            files.append(File.generated(config, here, content=LINK.sub(_here, text)))
    for page in list(files.documentation_pages()):
        for target in LINK.findall(page.content_string):
            _add(files, config, root, target.removeprefix("../"))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Point the links of ``docs/`` that lead out of it to where their files are in the site."""
    return LINK.sub(_here, markdown)


def _here(link: re.Match[str]) -> str:
    path = link[1].removeprefix("../").removeprefix("docs/")
    return BESIDE.get(path, path)


def _add(files: Files, config: MkDocsConfig, root: Path, target: str) -> None:
    outside = root / target
    known = files.get_file_from_path(target) or target in BESIDE or target in BESIDE.values()
    if not known and outside.is_file() and PurePosixPath(target).suffix != ".md":
        files.append(File.generated(config, target, abs_src_path=str(outside)))
