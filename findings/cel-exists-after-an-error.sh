#!/bin/sh
# In CEL, exists() is an "or" over the elements, and an element that cannot be judged does not matter
# where another one is true, wherever each stands; all() is the same for "and". The operators || and
# && of common-expression-language 0.10.0 are so; its exists() and all() are not: [null, 5] and
# [5, null] give two answers. A rule about a list that holds a null depends on the order of the list.
# Prints what is seen; exits 1 when that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check common-expression-language==0.10.0
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

import cel

SOURCES = {
    "null > 0 || 5 > 0": "True",
    "[5, null].exists(e, e > 0)": "True",
    "[null, 5].exists(e, e > 0)": "TypeError",
    "[0, null].all(e, e > 0)": "False",
    "[null, 0].all(e, e > 0)": "TypeError",
}
print("common-expression-language", version("common-expression-language"))
print("expected: true, true, true, false, false")
same = True
for source, wanted in SOURCES.items():
    try:
        seen = str(cel.evaluate(source, {}))
    except TypeError as error:
        seen = type(error).__name__
    print(f"seen: {source} is {seen}")
    same = same and seen == wanted
sys.exit(not same)
PYTHON
