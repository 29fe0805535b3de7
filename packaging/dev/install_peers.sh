#!/bin/sh
# Install the reader of Amp's files that tests compare this program with, and print its command.
# Argument: the directory to keep it in. Nothing is done where it is there already.
set -eu
folder=$1
peer=ccusage@20.0.24 # tests/e2e/test_ccusage.py states what this version does

[ "$(cat "$folder/installed" 2>/dev/null || true)" = "$peer" ] || {
    mkdir -p "$folder"
    # Its native program comes in a package of its own for each system, as a dependency.
    npm install --prefix "$folder" --ignore-scripts --no-save --no-audit --no-fund \
        --loglevel=error "$peer" >&2
    echo "$peer" >"$folder/installed"
}
echo "$folder/node_modules/.bin/ccusage"
