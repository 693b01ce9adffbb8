#!/usr/bin/env bash
# Measures the window beside 100 channels and a million rows of the ledger: start, pages, filters,
# scrolling, memory, and how long events wait while 2,000 requests a second pass through.
#
#     tests/bench/run-window.sh [--lines N] [--starts N] [--keep] [--folder DIRECTORY] [--build DIRECTORY]
#
# --keep: uses the database of the last run, if there is one. --build: a build directory instead of the
# release preset's. Without a DISPLAY it starts a screen of its own (Xvfb and openbox).
set -euo pipefail
cd "$(dirname "$0")/../.."

tools=(python3)
[ -n "${DISPLAY:-}" ] || tools+=(xvfb-run openbox)
for tool in "${tools[@]}"; do
    if ! command -v "$tool" >/dev/null; then
        echo "The benchmark needs $tool. On Debian and Ubuntu:" >&2
        echo "    apt-get install python3 xvfb openbox" >&2
        exit 1
    fi
done

build=build/release
arguments=()
while [ $# -gt 0 ]; do
    case $1 in
    --build)
        build=$2
        shift
        ;;
    *) arguments+=("$1") ;;
    esac
    shift
done
if [ "$build" = build/release ]; then
    cmake --preset release >/dev/null
fi
cmake --build "$build" --target gatehouse generate_ledger bench_window bench_load
measure=(python3 tests/bench/window.py --build "$build" "${arguments[@]}")
if [ -n "${DISPLAY:-}" ]; then
    exec "${measure[@]}"
fi
exec xvfb-run -a -s "-screen 0 1920x1200x24" bash -c 'openbox & exec "$@"' run-window "${measure[@]}"
