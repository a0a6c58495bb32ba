#!/bin/sh
# webcolors 25.10.0 lists the names of CSS's colours, of the third edition by default, and knows no
# later one. rebeccapurple, which every browser has taken since 2014, is not among them; nor are
# transparent and currentcolor. Whoever checks a colour by the list refuses what every page shows.
# Prints what is seen; exits 1 when that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check webcolors==25.10.0
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

import webcolors

NAMES = ("teal", "rebeccapurple", "transparent", "currentcolor")
print("webcolors", version("webcolors"))
print("expected: all four are names, of a newer edition if not of the default")
known = [name in webcolors.names() for name in NAMES]
try:
    webcolors.names("css4")
    newer = "listed"
except ValueError as error:
    newer = f"refused: {error}"
print("seen:", dict(zip(NAMES, known, strict=True)))
print("seen: css4 is", newer)
sys.exit(not (known == [True, False, False, False] and newer.startswith("refused")))
PYTHON
