#!/bin/sh
# Installs what is needed, builds Gatehouse and starts it:
#
#   ./run.sh                   the window; where there is no display, the same as ./run.sh serve
#   ./run.sh serve [OPTIONS]   serves on http://127.0.0.1:3000, without a window
#   ./run.sh demo              a gateway to try out, which needs no provider and leaves nothing behind
#   ./run.sh COMMAND ...       any other command of the program (./run.sh --help)
set -eu
cd "$(dirname "$0")"

packaging/install-dependencies.sh >&2
[ -f build/release/build.ninja ] || cmake --preset release >&2
cmake --build --preset release --target gatehouse >&2

# True if the desktop offers a keychain to this session, running or to be started on demand.
has_keychain() {
    [ "$(uname -s)" = Linux ] || return 0
    [ -n "${DBUS_SESSION_BUS_ADDRESS-}" ] || return 1
    for list in ListNames ListActivatableNames; do
        dbus-send --session --print-reply --dest=org.freedesktop.DBus / \
            "org.freedesktop.DBus.$list" 2>/dev/null \
            | grep -Eq '"org\.(freedesktop\.secrets|kde\.kwalletd[56]?)"' && return 0
    done
    return 1
}

if [ "${1-}" = demo ]; then
    # It is about to be thrown away, and the keychain is none of its business.
    export GATEHOUSE_SECRETS=file
elif [ -z "${GATEHOUSE_SECRETS-}${GATEHOUSE_MASTER_KEY_FILE-}${CREDENTIALS_DIRECTORY-}" ] \
    && ! has_keychain; then
    data=${GATEHOUSE_DATA_DIR:-${XDG_DATA_HOME:-$HOME/.local/share}/gatehouse}
    export GATEHOUSE_SECRETS=file
    echo "There is no keychain here, so the master key is kept in a file that only you can read," >&2
    echo "in the data directory (by default $data). Keep it apart from backups of the database." >&2
fi

# The window, if there is anything to show it on.
if [ $# = 0 ] && [ "$(uname -s)" = Linux ] && [ -z "${DISPLAY-}${WAYLAND_DISPLAY-}" ]; then
    set -- serve
fi
exec build/release/app/gatehouse "$@"
