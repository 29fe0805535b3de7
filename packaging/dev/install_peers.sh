#!/bin/sh
# Install the reader of Amp's files that tests compare this program with, and print its command.
# Arguments: the directory to keep it in, and other npm packages to install beside it.
# Nothing is done where all of it is there already.
set -eu
folder=$1
shift
. "$(dirname "$0")/npm_packages.sh"

# tests/e2e/test_ccusage.py states what this version does. Its native program comes in a package
# of its own for each system, as a dependency.
install_npm_packages "$folder" ccusage@20.0.24 "$@"
echo "$folder/node_modules/.bin/ccusage"
