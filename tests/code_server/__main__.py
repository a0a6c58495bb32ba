"""The extension in a real VS Code: ``python -m tests.code_server`` (needs Chromium, Node.js 20).

It installs code-server from npm in a temporary folder (``--folder`` keeps it), builds and installs
the package of ``editors/vscode``, and opens the example villa in Chromium, once for each story.
"""

import argparse
import signal
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.chromium import PROGRAM
from tests.code_server.installing import CODE_SERVER, code_server_in, extension_in
from tests.code_server.stories import STORIES, Place
from tests.field.installing import place_for


def main() -> int:
    """Play the stories that are named, or all; 1 if something is not as it must be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stories", nargs="*", help=f"of {', '.join(STORIES)}")
    parser.add_argument("--folder", type=Path, help="keep what is installed here")
    options = parser.parse_args()
    if PROGRAM is None:
        print("no Chromium here: apt-get install chromium")
        return 1
    # Who is told to end ends the editors, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with place_for(options.folder) as folder:
        script, package = code_server_in(folder), extension_in(folder)
        print(f"{CODE_SERVER} and {package.name} are installed", flush=True)
        names = options.stories or list(STORIES)
        return 1 if [one for one in names if not _holds(one, folder, script, package)] else 0


def _holds(name: str, folder: Path, script: Path, package: Path) -> bool:
    program = Path(sys.prefix) / "bin" / "reconciler"
    with TemporaryDirectory(prefix="editor-", ignore_cleanup_errors=True) as own:
        place = Place(script, package, program, Path(own).resolve(), folder / f"{name}.png")
        try:
            seen = STORIES[name](place)
        except AssertionError as error:
            print(f"{name}: NOT as it must be: {error}", flush=True)
            return False
    print(f"{name}: {seen}", flush=True)
    return True


if __name__ == "__main__":
    raise SystemExit(main())
