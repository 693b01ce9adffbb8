#!/usr/bin/env bash
# Measures the built program beside nginx as a reverse proxy: same upstream, same load, one core.
#
#     tests/bench/run.sh [--quick] [--nginx-only] [--program PATH] [--core N] [--check]
#                        [--beside PATH] [--only STEP…] [--connections N…]
#
# --quick: short slices, to try the harness. --nginx-only: without the program. --program: a built
# gatehouse instead of a tuned release, which is built otherwise. --check: fails if a target of the table is missed.
# --beside: another build, measured in the same slices. --only and --connections: a part of it all.
set -euo pipefail
cd "$(dirname "$0")/../.."

for tool in nginx wrk taskset python3 g++; do
    if ! command -v "$tool" >/dev/null; then
        echo "The benchmark needs $tool. On Debian and Ubuntu:" >&2
        echo "    apt-get install nginx-light wrk util-linux python3 g++" >&2
        exit 1
    fi
done

program=build/release/app/gatehouse
build=yes
arguments=()
while [ $# -gt 0 ]; do
    case $1 in
    --program)
        program=$2
        build=no
        shift
        ;;
    --nginx-only)
        build=no
        arguments+=("$1")
        ;;
    *) arguments+=("$1") ;;
    esac
    shift
done

if [ "$build" = yes ]; then
    packaging/build-tuned.sh release
fi
mkdir -p build/bench
streams=build/bench/streams
if [ ! -x $streams ] || [ tests/bench/streams.cpp -nt $streams ]; then
    g++ -std=c++20 -O2 -Wall -Wextra -o $streams tests/bench/streams.cpp
fi
ulimit -n "$(ulimit -Hn)"
exec python3 tests/bench/bench.py --program "$program" --streams $streams "${arguments[@]}"
