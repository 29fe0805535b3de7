#!/bin/sh
# Build the package for Debian 12 into dist/. Argument: the environment that has the tools.
set -eu
environment=$1
here=$(dirname "$0")
. "$here/../release/tools.sh"

for program in dpkg-deb strip; do
    command -v "$program" >/dev/null || {
        echo "no $program here; on Debian: apt-get install dpkg binutils" >&2
        exit 1
    }
done
python=$(python_of "$environment")
version=$("$python" "$here/../release/versions.py")
root=build/debian
rm -rf "$root"
"$python" "$here/environment.py" "$root" "dist/amp_tray-$version-py3-none-any.whl"
"$python" "$here/contents.py" "$root" "$version"
"$python" "$here/package.py" "$root" "$version" dist
