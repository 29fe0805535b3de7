# Sourced. What the building scripts share: the Python of an environment, and the time that what
# they build says it was built at: that of the last commit, so that the same gives the same.
python_of() {
    # A Python of Windows has its programs elsewhere.
    [ -d "$1/bin" ] && echo "$1/bin/python" || echo "$1/Scripts/python"
}

SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 1767225600)}
export SOURCE_DATE_EPOCH
