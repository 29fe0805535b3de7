#!/bin/sh
# Build the bundle into dist/: the folder, and an archive of it. Argument: the environment with
# the tools.
set -eu
environment=$1
here=$(dirname "$0")
. "$here/../release/tools.sh"

python=$(python_of "$environment")
version=$("$python" "$here/../release/versions.py")
system=$("$python" -c 'import platform as p; print(f"{p.system()}-{p.machine()}".lower())')
"$python" -m PyInstaller --noconfirm --log-level ERROR --distpath dist \
    --workpath build/pyinstaller "$here/amp-tray.spec"
"$python" "$here/../release/pack.py" dist/amp-tray "amp-tray-$version-$system"
