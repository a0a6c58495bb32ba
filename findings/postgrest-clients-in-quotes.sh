#!/bin/sh
# `in` of the official clients of PostgREST puts a value with a comma or a parenthesis into double quotes.
# Inside of them PostgREST wants a backslash before a quote: postgrest-js 2.119.0 writes none, so the list
# is another one, or no list; postgrest 2.34.1 for Python does. Neither quotes a value that begins with a space,
# which PostgREST skips behind the parenthesis. So rows that are there are not found.
# Prints what is seen; exits 1 when that has changed. Nothing is sent.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check postgrest==2.34.1
npm install --prefix "$folder/node" --no-audit --no-fund --ignore-scripts --loglevel=error \
  @supabase/postgrest-js@2.119.0 > /dev/null
cat > "$folder/node/urls.mjs" <<'NODE'
import { PostgrestClient } from "@supabase/postgrest-js";

for (const value of ['say "a, b"', " spaced"]) {
  const query = new PostgrestClient("http://localhost").from("contacts").select("id").in("name", [value]);
  console.log(query.url.searchParams.get("name"));
}
NODE
node "$folder/node/urls.mjs" > "$folder/seen"
"$folder/venv/bin/python" - "$folder/seen" <<'PYTHON'
import sys
from pathlib import Path

from postgrest import SyncPostgrestClient

table = SyncPostgrestClient("http://localhost").table("contacts")
python = [
    table.select("id").in_("name", [value]).request.params["name"]
    for value in ('say "a, b"', " spaced")
]
javascript = Path(sys.argv[1]).read_text().splitlines()
print(r'expected: in.("say \"a, b\"") and in.(" spaced")')
print(f"seen: {' and '.join(javascript)} by postgrest-js")
print(f"seen: {' and '.join(python)} by postgrest for Python")
wanted = ['in.("say "a, b"")', "in.( spaced)"], [r'in.("say \"a, b\"")', "in.( spaced)"]
sys.exit((javascript, python) != wanted)
PYTHON
