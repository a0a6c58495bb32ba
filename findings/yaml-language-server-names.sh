#!/bin/sh
# In JSON every name of an object is a text, so `propertyNames: {type: string}` refuses nothing. The
# YAML language server 1.25.0, which VS Code and others check with, reads the name 2026 as a number
# first: a booking called 2026 is "Incorrect type. Expected string", while patternProperties, right
# beside it, take the same name as a text. A day, 2026-07-04, is fine.
# Needs node and npm. Prints what is seen; exits 1 when that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$folder" \
  yaml-language-server@1.25.0
cd "$folder"
python3 - <<'PYTHON'
import json
import subprocess
import sys
from pathlib import Path

SCHEMA = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "object",
    "propertyNames": {"type": "string"},
    "patternProperties": {"^[0-9]+$": {"type": "object"}},
}
WANTED = {
    "villa: {}\n": [],
    "2026: {}\n": ['Incorrect type. Expected "string".'],
    "'2026': {}\n": [],
    "2026-07-04: {}\n": [],
    "2026: a\n": ['Incorrect type. Expected "string".', 'Incorrect type. Expected "object".'],
}
folder = Path.cwd()
(folder / "schema.json").write_text(json.dumps(SCHEMA))
program = [*("node", "node_modules/yaml-language-server/bin/yaml-language-server"), "--stdio"]
server = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def send(**message):
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    server.stdin.flush()


def read():
    length = 0
    while line := server.stdout.readline().strip():
        name, _, value = line.partition(b":")
        length = int(value) if name.lower() == b"content-length" else length
    return json.loads(server.stdout.read(length))


def wait(wanted):
    settings = {"validate": True, "schemas": {(folder / "schema.json").as_uri(): "*.yaml"}}
    while not wanted(message := read()):
        if message.get("method") == "workspace/configuration":
            items = message["params"]["items"]
            send(id=message["id"], result=[settings if i["section"] == "yaml" else {} for i in items])
        elif "id" in message and "method" in message:
            send(id=message["id"], result=None)
    return message


can = {"workspace": {"configuration": True}}
send(id=0, method="initialize", params={"processId": None, "rootUri": None, "capabilities": can})
wait(lambda message: message.get("id") == 0 and "result" in message)
send(method="initialized", params={})
print("expected: nothing but the wrong value in the last is marked")
same = True
for number, (text, wanted) in enumerate(WANTED.items()):
    uri = (folder / f"{number}.yaml").as_uri()
    document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
    send(method="textDocument/didOpen", params={"textDocument": document})
    told = wait(
        lambda message, uri=uri: message.get("method") == "textDocument/publishDiagnostics"
        and message["params"]["uri"] == uri
    )
    seen = [one["message"] for one in told["params"]["diagnostics"]]
    print(f"seen: {text.strip()}: {seen}")
    same = same and sorted(seen) == sorted(wanted)
server.kill()
sys.exit(not same)
PYTHON
