#!/bin/sh
# Package the VS Code extension, and print the package's path.
# Argument: the directory to put it in.
set -eu
mkdir -p "$1"
place=$(cd "$1" && pwd)
cd "$(dirname "$0")/../../rpc/clients/vscode"

# npm notes when it installed what the lock file names.
[ node_modules/.package-lock.json -nt package-lock.json ] ||
    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2
npm run --silent package -- --out "$place/" >&2
echo "$place/amp-tray-$(node -p 'require("./package.json").version').vsix"
