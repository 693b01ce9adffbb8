#!/bin/sh
# Installs what is needed, builds Gatehouse and runs its tests:
#
#   ./test.sh                  everything: units, scenarios, the running program, the official SDKs
#   ./test.sh --preset asan    units and scenarios under the address and undefined sanitizers;
#                              asan-window adds the tests of the window
#   ./test.sh ... -R NAME      further arguments go to ctest
set -eu
cd "$(dirname "$0")"

preset=debug
if [ "${1-}" = --preset ]; then
    preset=$2
    shift 2
fi

packaging/install-dependencies.sh tests
[ -f "build/$preset/build.ninja" ] || cmake --preset "$preset"
cmake --build --preset "$preset"

case $preset in
    asan | tsan) set -- -L '^(unit|scenario|postgresql|hostile)$' "$@" ;;
    asan-window) set -- -L '^(unit|scenario|postgresql|hostile|ui)$' "$@" ;;
esac
export ASAN_OPTIONS="${ASAN_OPTIONS-detect_stack_use_after_return=1:strict_string_checks=1}"
export UBSAN_OPTIONS="${UBSAN_OPTIONS-print_stacktrace=1:halt_on_error=1}"
ctest --preset "$preset" -j2 --no-tests=error "$@"
