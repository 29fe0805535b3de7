#!/bin/sh
# Install what drives a browser in tests, and print its directory of modules. The browser itself
# is the system's Chromium; nothing here downloads one.
# Argument: the directory to keep it in. Nothing is done where it is there already.
set -eu
folder=$1
. "$(dirname "$0")/npm_packages.sh"

install_npm_packages "$folder" playwright-core@1.65.1
echo "$folder/node_modules"
