#!/bin/sh
# A page built by mkdocs-material 9.8.2 with its plugin `offline`, which is for sites that are opened
# from the disk without a network: the page itself names a script of another host, for its search.
# Prints what is seen; exits 1 when that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check mkdocs==1.6.1 mkdocs-material==9.8.2
mkdir "$folder/docs"
echo "# A page" > "$folder/docs/index.md"
printf 'site_name: a\ntheme: {name: material, font: false}\nplugins: [search, offline]\n' \
  > "$folder/mkdocs.yml"
cd "$folder"
"$folder/venv/bin/python" -m mkdocs build --quiet 2> /dev/null
"$folder/venv/bin/python" - <<'PYTHON'
import re
import sys
from importlib.metadata import version
from pathlib import Path

print("mkdocs-material", version("mkdocs-material"))
print("expected: every script of the page lies beside it")
sources = re.findall(r'<script[^>]*\ssrc="?([^" >]+)', Path("site/index.html").read_text())
elsewhere = [source for source in sources if source.startswith("http")]
print(f"seen: {len(sources)} scripts, from elsewhere: {elsewhere}")
sys.exit(0 if elsewhere else 1)
PYTHON
