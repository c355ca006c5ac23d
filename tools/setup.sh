#!/bin/sh
# Makes the environment in which everything runs: sh tools/setup.sh FOLDER. PYTHON names a Python of 3.11 or newer.
set -eu
folder="$1"
if [ -z "${PYTHON:-}" ]; then
    echo "Python 3.11 or newer is needed; install it, or name it: make PYTHON=/path/to/python3.11" >&2
    exit 1
fi
if ! "$PYTHON" -c 'import venv, ensurepip' 2>/dev/null; then
    echo "this Python has no venv; on Debian and Ubuntu: apt-get install python3-venv" >&2
    exit 1
fi
echo "setting up $folder (once; a minute or two)"
[ -x "$folder/bin/python" ] || "$PYTHON" -m venv "$folder"
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
