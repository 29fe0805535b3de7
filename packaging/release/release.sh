#!/bin/sh
# Complete dist/ for a release: what the program is made of, and checksums of all of it.
# Argument: the environment with the tools.
set -eu
environment=$1
here=$(dirname "$0")
. "$here/tools.sh"

python=$(python_of "$environment")
version=$("$python" "$here/versions.py")
"$python" "$here/sbom.py" "$version" "dist/amp-tray-$version.cdx.json"
"$python" "$here/checksums.py" "$version" dist
