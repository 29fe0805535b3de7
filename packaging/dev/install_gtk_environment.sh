#!/bin/sh
# Install amp-tray for the system's own Python, which alone has PyGObject where a distribution
# packages it, and print the command of that Python.
# Argument: the directory to keep the environment in. Nothing is done where it is up to date.
set -eu
folder=$1
root=$(dirname "$0")/../..
python=/usr/bin/python3

"$python" -c 'import gi; gi.require_version("Gtk", "3.0")' 2>/dev/null || {
    echo "$python has no PyGObject with GTK 3; on Debian: apt-get install python3-gi gir1.2-gtk-3.0" >&2
    exit 1
}
stamp="$("$python" --version) $(cksum <"$root/pyproject.toml")"
[ "$(cat "$folder/installed" 2>/dev/null || true)" = "$stamp" ] || {
    "$python" -m venv --clear --without-pip --system-site-packages "$folder" >&2
    "$root/.venv/bin/pip" --python "$folder/bin/python" install --quiet \
        --disable-pip-version-check --editable "$root" >&2
    echo "$stamp" >"$folder/installed"
}
echo "$folder/bin/python"
