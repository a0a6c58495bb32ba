#!/bin/sh
# PyYAML 6.0.4 puts quotes around a text that would be read as a number - by itself, by YAML 1.1. Of
# two telephone numbers only one gets them: 0612345670 could be octal, 0687654321 could not. A reader
# of YAML 1.2, as editors, JavaScript and ruamel.yaml 0.19.1 are, takes the other one for a number,
# and the 0 is lost. The same with 1e5, a code of a coupon.
# Prints what is seen; exits 1 when that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  PyYAML==6.0.4 ruamel.yaml==0.19.1
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

import yaml
from ruamel.yaml import YAML

WRITTEN = {"0612345670": "0612345670", "0687654321": 687654321, "1e5": 100000.0, "0o17": 15}
print("PyYAML", yaml.__version__, "ruamel.yaml", version("ruamel.yaml"))
print("expected: each text is read as the text that was written")
same = True
for text, wanted in WRITTEN.items():
    document = yaml.safe_dump({"value": text})
    read = YAML(typ="safe", pure=True).load(document)["value"]
    print(f"seen: {text!r} is written as {document.strip()}, and read as {read!r}")
    same = same and read == wanted and yaml.safe_load(document)["value"] == text
sys.exit(not same)
PYTHON
