#!/bin/sh
# Installs what building Gatehouse needs, with "tests" also what testing it needs. With apt on Debian
# and Ubuntu; elsewhere it says what is missing. A second run finds everything there and is quick.
set -eu

build_packages="
    cmake ninja-build g++ ccache pkg-config
    qt6-base-dev qt6-tools-dev qt6-tools-dev-tools qt6-l10n-tools
    qtkeychain-qt6-dev libqt6sql6-sqlite libqt6sql6-psql
    libboost1.81-dev|libboost-dev libboost-json1.81-dev|libboost-json-dev
    libsimdjson-dev libbotan-2-dev libexpected-dev libsqlite3-dev zlib1g-dev libzstd-dev libyaml-cpp-dev libtomlplusplus-dev
    qt6-svg-dev libqt6svg6 libqcustomplot-dev libqrencode-dev qt6-qpa-plugins qt6-translations-l10n"

# The servers that tests start for themselves, other clocks and languages for the program, the fuzzers'
# compiler, and what runs the scripts.
test_packages="
    python3 curl openssl postgresql dbus gnome-keyring nginx-light haproxy strace faketime locales
    desktop-file-utils appstream man-db
    clang libclang-rt-14-dev|libclang-rt-dev"

with_tests=false
[ "${1-}" = tests ] && with_tests=true

is_installed() {
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# Of "first|second", whichever is installed, or else the first that apt knows.
wanted() {
    alternatives=$(echo "$1" | tr '|' ' ')
    for name in $alternatives; do
        is_installed "$name" && return
    done
    for name in $alternatives; do
        if apt-cache show "$name" >/dev/null 2>&1; then
            echo "$name"
            return
        fi
    done
    echo "${1%%|*}"
}

missing_packages() {
    for each in $1; do
        wanted "$each"
    done
    if $with_tests; then
        # Other distributions of Node.js carry npm in the one package.
        command -v node >/dev/null || echo nodejs
        command -v npm >/dev/null || echo npm
    fi
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "These packages must be installed by root, and there is no sudo:" >&2
        echo "  apt-get install --no-install-recommends $packages" >&2
        exit 1
    fi
}

install_with_apt() {
    all=$build_packages
    $with_tests && all="$all $test_packages"
    packages=$(missing_packages "$all" | xargs)
    [ -z "$packages" ] && return
    as_root apt-get update -qq
    packages=$(missing_packages "$all" | xargs) # by the fresh lists
    echo "Installing: $packages"
    # shellcheck disable=SC2086
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends $packages >/dev/null
}

has_header() {
    echo "#include <$1>" | ${CXX:-c++} -std=c++20 -E -x c++ - >/dev/null 2>&1
}

# Where there is no apt: tells what is missing, by the names that the projects themselves use.
check_by_hand() {
    lacking=
    for tool in cmake ninja pkg-config "${CXX:-c++}"; do
        command -v "$tool" >/dev/null || lacking="$lacking $tool"
    done
    if command -v pkg-config >/dev/null; then
        for module in Qt6Core Qt6Network Qt6Sql Qt6DBus Qt6Widgets Qt6Svg Qt6PrintSupport libqrencode \
            simdjson sqlite3 zlib libzstd yaml-cpp; do
            pkg-config --exists "$module" || lacking="$lacking $module"
        done
        pkg-config --exists botan-2 || lacking="$lacking botan-2"
    fi
    has_header qcustomplot.h || lacking="$lacking QCustomPlot(packaging/build-qcustomplot.sh)"
    has_header boost/json.hpp || lacking="$lacking Boost.JSON(1.81)"
    has_header tl/expected.hpp || lacking="$lacking tl-expected"
    has_header qt6keychain/keychain.h || lacking="$lacking QtKeychain(Qt6)"
    if $with_tests; then
        for tool in python3 curl openssl node npm clang postgres dbus-run-session nginx haproxy; do
            command -v "$tool" >/dev/null || lacking="$lacking $tool"
        done
    fi
    [ -z "$lacking" ] && return
    echo "This system has no apt. Please install what Gatehouse needs and does not find:" >&2
    for each in $lacking; do
        echo "  $each" >&2
    done
    exit 1
}

if command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then
    install_with_apt
else
    check_by_hand
fi
