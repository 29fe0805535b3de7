# Sourced. `install_npm_packages FOLDER PACKAGE …` installs packages from npm into a directory of
# their own. Nothing is done where they are there already.
install_npm_packages() (
    folder=$1
    shift
    [ "$(cat "$folder/installed" 2>/dev/null || true)" = "$*" ] || {
        mkdir -p "$folder"
        # Scripts of packages would fetch programs.
        npm install --prefix "$folder" --ignore-scripts --no-save --no-audit --no-fund \
            --loglevel=error "$@" >&2
        echo "$*" >"$folder/installed"
    }
)
