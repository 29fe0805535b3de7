#!/bin/sh
# Pin what the packages are built of and by, for every system and Python, with checksums.
# Argument: uv, which resolves. Versions in the files are kept unless UPGRADE=--upgrade is set.
set -eu
uv=$1
here=$(dirname "$0")

pin() {
    # shellcheck disable=SC2086 # an option or nothing
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
        --custom-compile-command "make lock" ${UPGRADE:-} "$@"
}

pin pyproject.toml --output-file "$here/program.txt"
# Both go into one environment, so that what both need is of one version.
pin "$here/tools.in" --constraints "$here/program.txt" --output-file "$here/tools.txt"
