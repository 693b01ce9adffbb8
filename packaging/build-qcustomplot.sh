#!/bin/sh
# Builds QCustomPlot for Qt 6 and installs it below a prefix, as a CMake package QCustomPlotQt6. For
# systems that do not carry it: Debian and Ubuntu do (libqcustomplot-dev), so that this is untried
# there; it is what the Windows and macOS jobs of .github/workflows/build.yml use.
#
#   build-qcustomplot.sh PREFIX
set -eu

version=2.1.1
prefix=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

curl -fsSL -o "$work/source.tar.gz" \
    "https://www.qcustomplot.com/release/$version/QCustomPlot-source.tar.gz"
tar -xzf "$work/source.tar.gz" -C "$work"
cmake -S "$here/qcustomplot" -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_INSTALL_PREFIX="$prefix" -DSOURCE="$work/qcustomplot-source"
cmake --build "$work/build"
cmake --install "$work/build"
