#!/bin/sh
# Install what drives a browser in tests, and print its directory of modules. The browser itself
# is the system's Chromium; nothing here downloads one.
# Argument: the directory to keep it in. Nothing is done where it is there already.
set -eu
folder=$1
driver=playwright-core@1.65.1

[ "$(cat "$folder/installed" 2>/dev/null || true)" = "$driver" ] || {
    mkdir -p "$folder"
    npm install --prefix "$folder" --ignore-scripts --no-save --no-audit --no-fund \
        --loglevel=error "$driver" >&2
    echo "$driver" >"$folder/installed"
}
echo "$folder/node_modules"
