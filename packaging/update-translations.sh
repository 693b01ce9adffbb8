#!/bin/sh
# Brings resources/translations/*.ts in line with the texts in the sources. What is new there is to be
# translated by hand (Qt Linguist); tests/system/translations.py refuses what is unfinished. English, the
# language of the sources, has a file for the forms of its plurals alone.
set -eu
cd "$(dirname "$0")/.."
lupdate=/usr/lib/qt6/bin/lupdate
[ -x "$lupdate" ] || lupdate=lupdate
update() {
    "$lupdate" -no-obsolete -locations none -source-language en "$@"
}
update -pluralonly -target-language en ui app core \
    -ts resources/translations/gatehouse_en.ts
update -target-language zh_CN ui app core \
    -ts resources/translations/gatehouse_zh_CN.ts
