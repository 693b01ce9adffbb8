#!/bin/sh
# Builds a release that is laid out by what serving requests was seen to run (GCC):
#
#   packaging/build-tuned.sh [release | headless] [--anew]
#
# It is built twice in build/PRESET: first to count, then, after requests of every dialect have passed
# through it (packaging/train.py), by those counts. The program is build/PRESET/app/gatehouse. Counts are
# kept for the next time, --anew takes new ones.
set -eu
cd "$(dirname "$0")/.."
preset=${1-release}
build=build/$preset

# Counts lie under the names of what was compiled: joined sources (JOIN_SOURCES) have names of their own.
counted=$build/profile/complete-joined

# Counts that are there are of the last time; sources that changed since are compiled without them. What
# was broken off leaves neither counts nor a build directory that goes on counting.
if [ ! -e "$counted" ] || [ "${2-}" = --anew ]; then
    trap 'cmake --preset "$preset" -D PROFILE= >/dev/null' EXIT
    trap 'exit 130' HUP INT TERM
    rm -rf "$build/profile"
    cmake --preset "$preset" -D PROFILE=generate
    cmake --build "$build" --target gatehouse
    packaging/train.py "$build/app/gatehouse"
    touch "$counted"
    trap - EXIT HUP INT TERM
fi
cmake --preset "$preset" -D PROFILE=use
cmake --build "$build" --target gatehouse
