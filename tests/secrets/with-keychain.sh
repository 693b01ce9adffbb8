#!/bin/sh
# Runs a command in a D-Bus session of its own, with a keychain of its own in a temporary directory.
#
#   with-keychain.sh STATE [--service PROGRAM] COMMAND…
#
# STATE says what the command finds there:
#   unlocked    gnome-keyring with an open default collection
#   locked      the same after a restart: everything that was stored by --before is locked
#   empty       gnome-keyring without any collection
#   no-daemon   a bus on which nobody offers the Secret Service
#   no-bus      no bus at all
#   silent      PROGRAM (see --service) offers the Secret Service, in its own way
#
# --before COMMAND runs a shell command while the keychain is unlocked, before STATE is set up.
set -eu

state=$1
shift
service=
before=
while [ $# -gt 0 ]; do
    case $1 in
    --service) service=$2; shift 2 ;;
    --before) before=$2; shift 2 ;;
    *) break ;;
    esac
done

if [ -z "${GATEHOUSE_KEYCHAIN_HOME:-}" ]; then
    for program in dbus-run-session dbus-send gnome-keyring-daemon; do
        command -v "$program" >/dev/null || {
            echo "with-keychain.sh: $program is not installed" >&2
            exit 125
        }
    done
    home=$(mktemp -d)
    trap 'rm -rf "$home"' EXIT
    mkdir -m 700 "$home/runtime"
    # Nothing is started by the bus itself, so that no prompt and no second daemon can appear.
    cat >"$home/bus.conf" <<EOF
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir=$home/runtime</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
EOF
    export GATEHOUSE_KEYCHAIN_HOME="$home" HOME="$home" XDG_RUNTIME_DIR="$home/runtime"
    export XDG_DATA_HOME="$home/data" XDG_CONFIG_HOME="$home/config" XDG_CACHE_HOME="$home/cache"
    unset DBUS_SESSION_BUS_ADDRESS DISPLAY WAYLAND_DISPLAY GNOME_KEYRING_CONTROL
    unset XDG_CURRENT_DESKTOP DESKTOP_SESSION KDE_FULL_SESSION
    if [ "$state" = no-bus ]; then
        "$@"
        exit
    fi
    dbus-run-session --config-file="$home/bus.conf" -- "$0" "$state" \
        --service "$service" --before "$before" "$@"
    exit
fi

daemon=
stop_daemon() {
    [ -z "$daemon" ] || { kill "$daemon" 2>/dev/null && wait "$daemon" 2>/dev/null; } || true
    daemon=
}
trap stop_daemon EXIT

has_owner() {
    dbus-send --session --print-reply --dest=org.freedesktop.DBus /org/freedesktop/DBus \
        org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets | grep -q "boolean $1"
}

# Waits until the name of the Secret Service is owned (true) or free (false).
wait_for_owner() {
    tries=0
    until has_owner "$1"; do
        tries=$((tries + 1))
        [ "$tries" -lt 200 ] || { echo "with-keychain.sh: no Secret Service" >&2; exit 125; }
        sleep 0.05
    done
}

unlock() {
    printf 'a password that is not empty' >"$GATEHOUSE_KEYCHAIN_HOME/password"
    gnome-keyring-daemon --foreground --components=secrets --unlock \
        <"$GATEHOUSE_KEYCHAIN_HOME/password" >/dev/null 2>"$GATEHOUSE_KEYCHAIN_HOME/log" &
    daemon=$!
    wait_for_owner true
}

start_closed() {
    gnome-keyring-daemon --foreground --components=secrets </dev/null >/dev/null \
        2>"$GATEHOUSE_KEYCHAIN_HOME/log" &
    daemon=$!
    wait_for_owner true
}

if [ -n "$before" ]; then
    unlock
    sh -c "$before"
    stop_daemon
    wait_for_owner false
fi
case $state in
unlocked) unlock ;;
locked | empty) start_closed ;;
silent)
    $service &
    daemon=$!
    wait_for_owner true
    ;;
no-daemon) ;;
*) echo "with-keychain.sh: unknown state $state" >&2; exit 125 ;;
esac
"$@"
