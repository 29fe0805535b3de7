#!/bin/sh
# Install the editor that the VS Code extension is tested in, and print its entry: code-server,
# which is VS Code's own workbench and extension host behind a web page.
# Argument: the directory to keep it in. Nothing is done where it is there already.
set -eu
folder=$1
. "$(dirname "$0")/npm_packages.sh"

# Node's headers, where it came with them: they need not be fetched to compile against.
node_home=$(dirname "$(dirname "$(command -v node)")")
if [ -f "$node_home/include/node/node.h" ]; then
    export npm_config_nodedir="$node_home"
fi

install_npm_packages "$folder" code-server@4.100.3
workbench=$folder/node_modules/code-server/lib/vscode
# The link is made last, and a new version comes without it: where it is, all is done.
[ -e "$workbench/node_modules.asar" ] || {
    # No script of a package has run; what must be compiled is named instead.
    npm rebuild --prefix "$folder" --loglevel=error argon2 >&2
    # It comes without the workbench's own dependencies, but with the list of their versions.
    (
        cd "$workbench"
        npm install --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error >&2
        npm rebuild --loglevel=error @vscode/spdlog native-watchdog >&2
        ln -sfn node_modules node_modules.asar
    )
}
echo "$folder/node_modules/code-server/out/node/entry.js"
