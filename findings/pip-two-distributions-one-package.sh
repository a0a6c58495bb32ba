#!/bin/sh
# pip 25.3 installs two distributions that bring the same package into one environment without a
# word: jwt 1.3.1 and PyJWT 2.10.1 both write jwt/__init__.py. Uninstalling the first takes the
# file of the second along, and `pip check` says that nothing is broken.
# Prints what is seen; exits 1 when that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
pip="$folder/venv/bin/pip --disable-pip-version-check"
$pip install --quiet pip==25.3
$pip --version | cut -d " " -f 1-2
echo "expected: the second install, the uninstall or the check says that jwt/__init__.py is shared"
$pip install --quiet PyJWT==2.10.1
said=$($pip install --quiet --no-deps jwt==1.3.1 2>&1 | grep -ciE "overwr|conflict|__init__" || true)
echo "seen: $said lines of the second install tell it"
$pip uninstall --quiet --yes jwt
checked=$($pip check)
if "$folder/venv/bin/python" -c "import jwt; jwt.encode" 2> /dev/null; then seen=whole; else seen=broken; fi
echo "seen: PyJWT is $seen, and the check says: $checked"
[ "$said" = 0 ] && [ "$seen" = broken ] && [ "$checked" = "No broken requirements found." ]
