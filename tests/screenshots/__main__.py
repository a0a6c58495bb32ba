"""Take the pictures of the pages anew: ``python -m tests.screenshots [NAME …]`` (needs Chromium).

Everything in them is real: the example is applied to a sandbox, edited, and planned again; what
the commands then write is put before a browser. Fleets, rehearsals and migrations, in which much
goes wrong, are made up. ``before/`` holds the same pages as an earlier commit wrote them.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.chromium import Browser, chromium
from tests.screenshots.before import BEFORE, pages_before
from tests.screenshots.pages import pages
from tests.screenshots.pictures import LOOKS, look_at, save
from tests.screenshots.terminal import markdown_picture, terminal_pictures
from tests.screenshots.villa import villa


def main() -> None:
    """Take all pictures, or those of the pages that are named."""
    names = set(sys.argv[1:])
    with TemporaryDirectory() as name, villa(Path(name)) as command, chromium() as browser:
        browser.ask("Emulation.setScrollbarsHidden", hidden=True)
        folder = Path(name)
        if not names or "terminal" in names:
            terminal_pictures(browser, command)
            markdown_picture(browser, command.run("show", "plan.json", "--format", "markdown"))
        for page, (text, after) in pages(command).items():
            if not names or page in names:
                _take(browser, page, text, after, folder)
        for page, text in pages_before(folder, command).items():
            if not names or "before" in names:
                _take(browser, f"before/{page}", text, "", folder)


def _take(browser: Browser, name: str, page: str, after: str, folder: Path) -> None:
    for look in LOOKS:
        if "before" in name and (name.partition("/")[2], look.name) not in BEFORE:
            continue
        whole = look.name == "narrow"  # there a change would stand in place of the list
        look_at(browser, page, look, folder, after="" if whole else after)
        save(browser, f"{name}-{look.name}")
        print(f"{name}-{look.name}")


if __name__ == "__main__":
    main()
