#!/bin/sh
# Build the sdist, and the wheel from it, into dist/. Argument: the environment with the tools.
set -eu
environment=$1
here=$(dirname "$0")
. "$here/tools.sh"

python=$(python_of "$environment")
version=$("$python" "$here/versions.py")
"$python" -m build --no-isolation --outdir dist . >/dev/null
printf '%s\n' "dist/amp_tray-$version.tar.gz" "dist/amp_tray-$version-py3-none-any.whl"
