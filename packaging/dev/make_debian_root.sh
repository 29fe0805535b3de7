#!/bin/sh
# Make the minimal Debian 12 that the package is installed into by tests, with a plain user, ada.
# What the package depends on is downloaded, not installed. Needs root and debootstrap.
# Argument: the directory to keep it in. Nothing is done where it is there already.
set -eu
folder=$1
made="Debian 12, 1"

[ "$(cat "$folder/made" 2>/dev/null || true)" = "$made" ] || {
    [ "$(id -u)" = 0 ] || {
        echo "only root can make and enter another root" >&2
        exit 1
    }
    rm -rf "$folder"
    mkdir -p "$folder"
    debootstrap --variant=minbase bookworm "$folder/root" >&2
    cp /etc/resolv.conf "$folder/root/etc/resolv.conf"
    chroot "$folder/root" useradd --create-home ada
    chroot "$folder/root" apt-get install --quiet --yes --download-only --no-install-recommends \
        python3 zlib1g dex >&2
    echo "$made" >"$folder/made"
}
echo "$folder/root"
