#!/bin/sh
# Builds a release that is laid out by what serving requests was seen to run (GCC):
#
#   packaging/build-tuned.sh [release | headless]
#
# It is built twice in build/PRESET: first to count, then, after requests of every dialect have passed
# through it (packaging/train.py), by those counts. The program is build/PRESET/app/gatehouse.
set -eu
cd "$(dirname "$0")/.."
preset=${1-release}
build=build/$preset

cmake --preset "$preset" -D PROFILE=generate
rm -rf "$build/profile"
cmake --build "$build" --target gatehouse
packaging/train.py "$build/app/gatehouse"
cmake --preset "$preset" -D PROFILE=use
cmake --build "$build" --target gatehouse
