#!/bin/sh
# Print the first Python 3.11 or newer on the PATH.
for python in python3 python3.14 python3.13 python3.12 python3.11 python; do
    if command -v "$python" >/dev/null 2>&1 &&
        "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        command -v "$python"
        exit 0
    fi
done
echo "amp-tray needs Python 3.11 or newer on the PATH" >&2
exit 1
