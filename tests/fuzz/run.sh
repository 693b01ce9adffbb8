#!/bin/sh
# run.sh SECONDS BUILD_DIR
#
# Runs each fuzz target of a build with the preset `fuzz` for so many seconds, on a copy of its seeds.
# Fails if one of them crashes, hangs or is missing, and leaves the input that did it in
# BUILD_DIR/crashes. What a run finds worth keeping is added to tests/fuzz/corpus by hand.
set -eu

if [ $# -ne 2 ]; then
    echo "usage: $0 SECONDS BUILD_DIR" >&2
    exit 2
fi
seconds=$1
build=$2
sources=$(cd "$(dirname "$0")" && pwd)
crashes=$build/crashes
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'kill $(jobs -p) 2>/dev/null; exit 130' HUP INT TERM
mkdir -p "$crashes"

# Leaves $work/NAME.ok behind if all went well.
fuzz() {
    program=$1
    name=$2
    mkdir -p "$work/$name"
    if [ -d "$sources/corpus/$name" ]; then
        cp "$sources/corpus/$name"/* "$work/$name"/
    fi
    set -- -max_total_time="$seconds" -max_len=4096 -timeout=10 -rss_limit_mb=1024 -print_final_stats=1
    if [ -f "$sources/corpus/$name.dict" ]; then
        set -- "$@" -dict="$sources/corpus/$name.dict"
    fi
    if "$program" "$@" -artifact_prefix="$crashes/$name-" "$work/$name" >"$work/$name.log" 2>&1; then
        touch "$work/$name.ok"
    fi
}

# As many at a time as there are processors.
processors=$(getconf _NPROCESSORS_ONLN)
found=0
names=
for program in "$build"/tests/fuzz/fuzz_*; do
    if [ ! -f "$program" ] || [ ! -x "$program" ]; then
        continue
    fi
    found=$((found + 1))
    name=$(basename "$program")
    name=${name#fuzz_}
    names="$names $name"
    fuzz "$program" "$name" &
    [ $((found % processors)) -ne 0 ] || wait
done
wait

failed=
for name in $names; do
    echo "fuzz_$name"
    if [ -e "$work/$name.ok" ]; then
        grep -E 'stat::(number_of_executed_units|average_exec_per_sec)' "$work/$name.log" || true
    else
        cat "$work/$name.log" >&2 || true
        failed="$failed $name"
    fi
done

if [ "$found" -eq 0 ]; then
    echo "There are no fuzz targets in $build/tests/fuzz; build the target \"fuzzers\"." >&2
    exit 1
fi
if [ -n "$failed" ]; then
    echo "failed:$failed" >&2
    exit 1
fi
