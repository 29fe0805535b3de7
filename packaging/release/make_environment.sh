#!/bin/sh
# Make the environment that packages are built in: what the program needs and what builds it, all
# of it as `packaging/locked` says. Arguments: the Python to use, the directory.
set -eu
python=$1
folder=$2
[ -n "$python" ] || exit 1
here=$(dirname "$0")
. "$here/tools.sh"

rm -rf "$folder"
"$python" -m venv "$folder"
"$(python_of "$folder")" -m pip install --quiet --disable-pip-version-check --require-hashes \
    --requirement "$here/../locked/program.txt" --requirement "$here/../locked/tools.txt"
