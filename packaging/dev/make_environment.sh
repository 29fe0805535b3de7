#!/bin/sh
# Make .venv with a pip that knows dependency groups (25.1). Argument: the Python to use.
set -eu
python=$1
[ -n "$python" ] || exit 1
here=$(dirname "$0")
. "$here/may_install.sh"

echo "Making .venv with $("$python" --version) ..."
if ! "$python" -m venv .venv >/dev/null 2>&1; then
    # Debian ships venv apart from Python.
    rm -rf .venv
    if has_apt && apt_install python3-venv && "$python" -m venv .venv; then
        :
    else
        echo "Python cannot make a virtual environment; on Debian: apt-get install python3-venv" >&2
        exit 1
    fi
fi
.venv/bin/pip install --quiet --upgrade 'pip>=25.1'
