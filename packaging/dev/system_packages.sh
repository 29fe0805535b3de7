#!/bin/sh
# Install the Debian packages that tests use, where that takes no password. A test whose package
# is missing says so and is skipped; with CI set it fails instead.
set -eu
here=$(dirname "$0")
. "$here/may_install.sh"

packages='dbus netcat-openbsd'
# What starts programs at login, and what checks their entries.
packages="$packages desktop-file-utils dex libglib2.0-bin systemd"
# The panels that the tray is looked at in, on a screen of their own, and GTK for those of the old
# kind, which the system's own Python has.
packages="$packages xvfb xfce4-panel xfconf lxqt-panel trayer adwaita-icon-theme fonts-dejavu-core"
packages="$packages python3-gi gir1.2-gtk-3.0 gir1.2-ayatanaappindicator3-0.1"
# What checks the packages, and the clean Debian that one of them is installed into.
packages="$packages appstream binutils debootstrap lintian"
# Tests look at the report's page in this browser, which may be there by other means.
command -v chromium >/dev/null 2>&1 || packages="$packages chromium"
# The Emacs that its package is tried in, with or without windows.
command -v emacs >/dev/null 2>&1 || packages="$packages emacs-nox"
# The peer that figures are compared with and the browser's driver come from npm; the same.
command -v npm >/dev/null 2>&1 || packages="$packages nodejs npm"
# The editor that the VS Code extension is tried in has modules to be compiled.
command -v c++ >/dev/null 2>&1 || packages="$packages g++"
command -v make >/dev/null 2>&1 || packages="$packages make"

has_apt || {
    echo "No apt-get here: install $packages by your system's means for all tests to run." >&2
    exit 0
}
missing=''
for package in $packages; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
        missing="$missing $package"
done
[ -n "$missing" ] || exit 0
echo "Installing$missing ..."
# shellcheck disable=SC2086 - a list of names
apt_install $missing ||
    echo "Not installed (no root): apt-get install$missing; the tests that need them are skipped." >&2
