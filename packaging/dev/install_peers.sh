#!/bin/sh
# Install the reader of Amp's files that tests compare this program with, and print its command.
# Arguments: the directory to keep it in, and other npm packages to install beside it.
# Nothing is done where all of it is there already.
set -eu
folder=$1
shift
# tests/e2e/test_ccusage.py states what this version does.
peers="ccusage@20.0.24${*:+ $*}"

[ "$(cat "$folder/installed" 2>/dev/null || true)" = "$peers" ] || {
    mkdir -p "$folder"
    # Its native program comes in a package of its own for each system, as a dependency.
    # shellcheck disable=SC2086 # names of packages have no blanks
    npm install --prefix "$folder" --ignore-scripts --no-save --no-audit --no-fund \
        --loglevel=error $peers >&2
    echo "$peers" >"$folder/installed"
}
echo "$folder/node_modules/.bin/ccusage"
